package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.AttentionLoops;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CacheLines;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.Int8Panels;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@link CodedLoops} whose products are made in the tile registers of AMX, by functions that {@link
 * AmxTileCode} and {@link Int8FinishCode} wrote. Rows are coded by AVX-512; they and the panels are
 * padded with zeros to whole steps, so that there is no other kind.
 */
final class AmxLoops implements CodedLoops {
  /** Groups of a step, for both precisions. */
  private static final int GROUPS = Tile.ROW_BYTES / TileCode.STEP_BYTES;

  /** By the rows of the last tile, less one. */
  private static final MemorySegment[] SHAPES = new MemorySegment[AmxTileCode.ROWS];

  static {
    Arrays.setAll(SHAPES, rows -> MemorySegment.ofArray(AmxTileCode.shapes(rows + 1)));
  }

  /** The functions of a precision; arguments as their declarations have them. */
  interface Functions {
    /** {@link AmxTileCode}. */
    void tiles(
        MemorySegment shapes,
        long aStride,
        long steps,
        MemorySegment init,
        MemorySegment sums,
        MemorySegment a,
        MemorySegment strip,
        MemorySegment c,
        long cStride,
        long whole,
        long tall,
        long low,
        long chunks,
        long strips);

    /** {@link Int8FinishCode}. */
    void finish(
        MemorySegment c, MemorySegment rowEnds, MemorySegment columnEnds, long rows, long cStride);
  }

  /** Where sums wait for the next chunk, on whole cache lines: an array of the heap is not. */
  private static final ThreadLocal<MemorySegment> SUMS =
      ThreadLocal.withInitial(() -> MemorySegment.NULL);

  private final Precision precision;
  private final CodedLoops vectors;
  private final Functions functions;
  private final MemorySegment zeros;

  /**
   * Loops of a precision.
   *
   * @param precision INT8 or BF16
   * @param vectors of AVX-512: they code rows, four bytes a group
   */
  AmxLoops(Precision precision, CodedLoops vectors, Functions functions) {
    this.precision = precision;
    this.vectors = vectors;
    this.functions = functions;
    this.zeros = MemorySegment.ofArray(new int[vectors.panelColumns()]);
  }

  /**
   * These loops if the system permits them and their results are right; else those of AVX-512,
   * which say why not these; null if their results are wrong as well.
   *
   * @param permission asks the system
   * @param vectors the loops of AVX-512, with a note behind their description
   */
  static @Nullable CodedLoops orVectors(
      Precision precision,
      BooleanSupplier permission,
      Functions functions,
      Function<String, CodedLoops> vectors,
      Predicate<CodedLoops> isWrong) {
    String problem = "the system does not permit it";
    if (permission.getAsBoolean()) {
      CodedLoops tiles = new AmxLoops(precision, vectors.apply(""), functions);
      if (!isWrong.test(tiles)) {
        return tiles;
      }
      problem = "it gives wrong results";
    }
    CodedLoops others = vectors.apply(", not AMX: " + problem);
    return isWrong.test(others) ? null : others;
  }

  @Override
  public String description() {
    return "AMX-" + precision;
  }

  @Override
  public boolean suitsAttention() {
    return precision == Precision.BF16;
  }

  @Override
  public int tileRows() {
    return AmxTileCode.ROWS;
  }

  @Override
  public int panelColumns() {
    return vectors.panelColumns();
  }

  @Override
  public int rowBytes(int columns) {
    return Math.ceilDiv(vectors.rowBytes(columns), Tile.ROW_BYTES) * Tile.ROW_BYTES;
  }

  @Override
  public void encode(float[] x, int offset, int columns, RowCodes to, int row) {
    vectors.encode(x, offset, columns, to, row);
    int bytes = vectors.rowBytes(columns);
    to.codes().asSlice(to.start(row) + bytes, rowBytes(columns) - bytes).fill((byte) 0);
  }

  @Override
  public void encode(FloatRows x, int rows, int columns, RowCodes to, int row, int column) {
    vectors.encode(x, rows, columns, to, row, column);
    int bytes = vectors.rowBytes(columns);
    int padding = rowBytes(columns) - bytes;
    for (int i = 0; padding > 0 && i < rows; i++) {
      long end = to.start(row + i) + (long) column * Short.BYTES + bytes;
      to.codes().asSlice(end, padding).fill((byte) 0);
    }
  }

  @Override
  public @Nullable AttentionLoops attention() {
    return vectors.attention();
  }

  @Override
  public PanelLayout layout() {
    return vectors.layout().inStrips(AmxTileCode.COLUMNS, GROUPS);
  }

  @Override
  public CodedPanels pack(Weight weight) {
    return switch (precision) {
      case INT8 -> Int8Panels.pack(weight, layout());
      case BF16 -> Bf16.pack(weight, layout());
      case F32, F16 -> throw new IllegalStateException(precision.label() + " is not coded for AMX");
    };
  }

  @Override
  public void multiplyTile(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
    multiplyRows(a, row, rows, panels, panel, ends, c);
  }

  @Override
  public void multiplyRows(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
    MemorySegment left = CodedSlices.rows(a, row, rows, panels);
    MemorySegment columnEnds = CodedSlices.columnEnds(panels, panel, ends);
    MemorySegment to = MachineLoops.slice(c, rows, panelColumns());
    long stride = (long) c.stride() * Float.BYTES;
    MemorySegment right = CodedSlices.panel(panels, panel);
    int steps = panels.groups() / GROUPS;
    int chunks = (steps - 1) / AmxTileCode.CHUNK;
    int partial = rows % AmxTileCode.ROWS;
    functions.tiles(
        SHAPES[(rows - 1) % AmxTileCode.ROWS],
        a.stride(),
        steps - chunks * AmxTileCode.CHUNK,
        precision == Precision.INT8 ? zeros : columnEnds,
        chunks == 0 ? MemorySegment.NULL : sums(rows),
        left,
        right,
        to,
        stride,
        rows / AmxTileCode.ROWS,
        partial > Tile.ROWS ? 1 : 0,
        partial > 0 && partial <= Tile.ROWS ? 1 : 0,
        chunks,
        panelColumns() / AmxTileCode.COLUMNS);
    if (precision == Precision.INT8) {
      functions.finish(to, CodedSlices.rowEnds(a, row, rows), columnEnds, rows, stride);
    }
  }

  /** Aligned memory of this thread for the sums of some rows. */
  private static MemorySegment sums(int rows) {
    MemorySegment sums = SUMS.get();
    long bytes = (long) rows * AmxTileCode.STRIP_BYTES;
    if (sums.byteSize() < bytes) {
      sums = CacheLines.room(bytes);
      SUMS.set(sums);
    }
    return sums.asSlice(0, bytes);
  }
}
