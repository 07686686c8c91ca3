package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.Int8Panels;
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

  /** By the rows of a tile, less one. */
  private static final MemorySegment[] SHAPES = new MemorySegment[AmxTileCode.ROWS];

  static {
    Arrays.setAll(SHAPES, rows -> MemorySegment.ofArray(AmxTileCode.shapes(rows + 1)));
  }

  /** The functions of a precision; arguments as their declarations have them. */
  interface Functions {
    /** {@link AmxTileCode}, so many tile registers high; a stride of init is not asked for. */
    void tile(
        int height,
        MemorySegment shapes,
        long aStride,
        long steps,
        MemorySegment init,
        long width,
        MemorySegment a,
        MemorySegment panel,
        MemorySegment c);

    /** {@link Int8FinishCode}. */
    void finish(MemorySegment c, MemorySegment rowEnds, MemorySegment columnEnds, long rows);
  }

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
    int start = row * to.stride();
    Arrays.fill(to.codes(), start + vectors.rowBytes(columns), start + rowBytes(columns), (byte) 0);
  }

  @Override
  public CodedPanels pack(Weight weight) {
    return precision == Precision.INT8
        ? Int8Panels.pack(weight, panelColumns(), Int8Form.QUADS.group(), GROUPS)
        : Bf16.pack(weight, panelColumns(), GROUPS);
  }

  @Override
  public void multiplyTile(
      RowCodes a,
      int row,
      int rows,
      CodedPanels panels,
      int panel,
      int[] ends,
      float[] c,
      int cOffset) {
    MemorySegment left = CodedSlices.rows(a, row, rows, tileRows(), panels);
    MemorySegment columnEnds = CodedSlices.columnEnds(panels, panel, ends);
    MemorySegment to = MachineLoops.slice(c, cOffset, (long) rows * panelColumns());
    functions.tile(
        Math.ceilDiv(rows, Tile.ROWS),
        SHAPES[rows - 1],
        a.stride(),
        panels.groups() / GROUPS,
        precision == Precision.INT8 ? zeros : columnEnds,
        (long) panelColumns() * Float.BYTES,
        left,
        CodedSlices.panel(panels, panel),
        to);
    if (precision == Precision.INT8) {
      functions.finish(to, CodedSlices.rowEnds(a, row, rows), columnEnds, rows);
    }
  }
}
