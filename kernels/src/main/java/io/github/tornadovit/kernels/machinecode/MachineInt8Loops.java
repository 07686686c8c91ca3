package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.Int8;
import io.github.tornadovit.kernels.cpu.Int8Panels;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.machinecode.Routines.Entry;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@link CodedLoops} of {@link Int8} in machine code that {@link Int8TileCode} and {@link
 * EncodeCode} wrote.
 */
final class MachineInt8Loops implements CodedLoops {
  private static final MethodHandle TILE =
      MachineLoops.handle(
          null, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG,
          ADDRESS);
  private static final MethodHandle RANGE = MachineLoops.handle(null, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle CODES =
      MachineLoops.handle(null, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

  /** Lowest, highest, flaw: vectors that the range function writes. */
  private static final int EXTREMES = 3;

  private final InstructionSet set;
  private final Int8Form form;
  private final String note;
  private final MemorySegment[] tiles = new MemorySegment[TileCode.ROWS];
  private final MemorySegment range;
  private final MemorySegment codes;

  /**
   * Loops of the form that the routines have.
   *
   * @param note behind the description
   */
  MachineInt8Loops(Routines routines, MemorySegment code, String note) {
    this.note = note;
    this.set = routines.set();
    this.form = routines.int8();
    for (int rows = 1; rows <= TileCode.ROWS; rows++) {
      tiles[rows - 1] = code.asSlice(routines.int8Tile(rows));
    }
    range = code.asSlice(routines.at(Entry.INT8_RANGE));
    codes = code.asSlice(routines.at(Entry.INT8_CODES));
  }

  @Override
  public String description() {
    return form.label(set) + note;
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
    return Math.ceilDiv(columns, form.group()) * form.group() * form.codeBytes();
  }

  @Override
  public void encode(float[] x, int offset, int columns, RowCodes to, int row) {
    int lanes = set.lanes();
    int whole = columns / lanes * lanes;
    float lo = 0;
    float hi = 0;
    boolean finite = true;
    for (int i = offset + whole; i < offset + columns; i++) {
      lo = Math.min(lo, x[i]);
      hi = Math.max(hi, x[i]);
      finite &= Math.abs(x[i]) <= Float.MAX_VALUE;
    }
    if (whole > 0) {
      float[] extremes = new float[EXTREMES * lanes];
      range(x, offset, whole, extremes);
      for (int lane = 0; lane < lanes; lane++) {
        lo = Math.min(lo, extremes[lane]);
        hi = Math.max(hi, extremes[lanes + lane]);
        finite &= extremes[2 * lanes + lane] == 0;
      }
    }
    Int8.RowScale scale = Int8.RowScale.of(lo, hi, finite);
    to.setEnd(row, scale);
    long start = to.start(row);
    if (whole > 0) {
      codes(x, offset, whole, scale, to.codes(), start);
    }
    for (int k = whole; k < columns; k++) {
      // Little endian: the upper byte of a code of two is 0.
      long at = start + (long) k * form.codeBytes();
      to.codes().set(JAVA_BYTE, at, (byte) scale.code(x[offset + k]));
      if (form.codeBytes() > 1) {
        to.codes().set(JAVA_BYTE, at + 1, (byte) 0);
      }
    }
  }

  private void range(float[] x, int offset, int count, float[] extremes) {
    try {
      RANGE.invokeExact(
          range,
          MachineLoops.slice(x, offset, count),
          (long) count / set.lanes(),
          MemorySegment.ofArray(extremes));
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
  }

  private void codes(
      float[] x, int offset, int count, Int8.RowScale scale, MemorySegment to, long toOffset) {
    int[] code = {Float.floatToRawIntBits(scale.inverse()), scale.zero()};
    try {
      CODES.invokeExact(
          codes,
          MachineLoops.slice(x, offset, count),
          (long) count / set.lanes(),
          MemorySegment.ofArray(code),
          to.asSlice(toOffset, (long) count * form.codeBytes()));
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
  }

  @Override
  public PanelLayout layout() {
    return PanelLayout.ofWhole(panelColumns(), form.group(), form.group());
  }

  @Override
  public CodedPanels pack(Weight weight) {
    return Int8Panels.pack(weight, layout());
  }

  @Override
  public void multiplyTile(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
    MemorySegment left = CodedSlices.rows(a, row, rows, panels);
    try {
      TILE.invokeExact(
          tiles[rows - 1],
          left,
          (long) a.stride(),
          CodedSlices.panel(panels, panel),
          (long) panels.groups(),
          CodedSlices.rowEnds(a, row, rows),
          CodedSlices.columnEnds(panels, panel, ends),
          MachineLoops.slice(c, rows, panelColumns()),
          (long) c.stride() * Float.BYTES,
          CodedSlices.next(panels, panel));
    } catch (Throwable e) {
      throw MachineLoops.unexpected(e);
    }
  }
}
