package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.tornadovit.kernels.cpu.AttentionLoops;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.machinecode.Routines.Entry;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@link CodedLoops} of {@link Bf16} in machine code that {@link FloatTileCode} and {@link
 * EncodeCode} wrote.
 */
final class MachineBf16Loops implements CodedLoops {
  static final String DESCRIPTION = "AVX512-BF16";

  private static final MethodHandle CODES =
      MachineLoops.handle(null, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final InstructionSet set;
  private final String note;
  private final MemorySegment[] tiles = new MemorySegment[TileCode.ROWS];
  private final MemorySegment codes;
  private final Bf16Attention attention;

  /**
   * Loops of a processor that {@linkplain InstructionSet#hasBf16 has bfloat16}.
   *
   * @param note behind the description
   */
  MachineBf16Loops(Routines routines, MemorySegment code, String note) {
    this.note = note;
    this.set = routines.set();
    for (int rows = 1; rows <= TileCode.ROWS; rows++) {
      tiles[rows - 1] = code.asSlice(routines.bf16Tile(rows));
    }
    codes = code.asSlice(routines.at(Entry.BF16_CODES));
    attention = new Bf16Attention(new MachineBf16Attention(routines, code));
  }

  @Override
  public String description() {
    return DESCRIPTION + note;
  }

  @Override
  public int tileRows() {
    return TileCode.ROWS;
  }

  @Override
  public int panelColumns() {
    return set.lanes() * set.panelVectors();
  }

  @Override
  public int rowBytes(int columns) {
    return Bf16.rowBytes(columns);
  }

  @Override
  public void encode(float[] x, int offset, int columns, RowCodes to, int row) {
    encode(new FloatRows(x, offset, columns), 1, columns, to, row, 0);
  }

  @Override
  public void encode(FloatRows x, int rows, int columns, RowCodes to, int row, int column) {
    long start = to.start(row) + (long) column * Short.BYTES;
    int whole = columns / set.lanes() * set.lanes();
    if (whole > 0) {
      long bytes = (rows - 1L) * to.stride() + (long) whole * Short.BYTES;
      try {
        CODES.invokeExact(
            codes,
            MachineLoops.slice(x, rows, whole),
            (long) whole / set.lanes(),
            to.codes().asSlice(start, bytes),
            (long) rows,
            (long) x.stride() * Float.BYTES,
            (long) to.stride());
      } catch (Throwable e) {
        throw MachineLoops.unexpected(e);
      }
    }
    for (int i = 0; whole < columns && i < rows; i++) {
      Bf16.encode(x.array(), x.at(i), whole, columns, to.codes(), start + (long) i * to.stride());
    }
  }

  @Override
  public AttentionLoops attention() {
    return attention;
  }

  @Override
  public PanelLayout layout() {
    return Bf16.pairs(panelColumns());
  }

  @Override
  public CodedPanels pack(Weight weight) {
    return Bf16.pack(weight, layout());
  }

  @Override
  public void multiplyTile(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
    MemorySegment left = CodedSlices.rows(a, row, rows, panels);
    try {
      MachineLoops.TILE.invokeExact(
          tiles[rows - 1],
          left,
          (long) a.stride(),
          CodedSlices.panel(panels, panel),
          (long) panels.groups(),
          CodedSlices.columnEnds(panels, panel, ends),
          0L,
          MachineLoops.slice(c, rows, panelColumns()),
          (long) c.stride() * Float.BYTES,
          CodedSlices.next(panels, panel));
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
  }
}
