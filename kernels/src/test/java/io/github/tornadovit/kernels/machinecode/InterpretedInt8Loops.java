package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.Int8;
import io.github.tornadovit.kernels.cpu.Int8Panels;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@link MachineInt8Loops} for any machine: the same functions, interpreted; rows of whole vectors.
 */
final class InterpretedInt8Loops implements CodedLoops {
  private final InstructionSet set;
  private final Int8Form form;
  private final InterpretedRoutines routines;

  InterpretedInt8Loops(InstructionSet set, Int8Form form) {
    this.set = set;
    this.form = form;
    this.routines = InterpretedRoutines.of(set, form);
  }

  @Override
  public String description() {
    return "interpreted " + form.label(set);
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
    Int8.RowScale scale = Int8.RowScale.of(x, offset, columns);
    to.setEnd(row, scale);
    float[] values = Arrays.copyOfRange(x, offset, offset + columns);
    byte[] codes = new byte[rowBytes(columns)];
    if (whole > 0) {
      float[] whole1 = Arrays.copyOf(values, whole);
      check(whole1, routines.int8Range(whole1, lanes));
      int[] code = {Float.floatToRawIntBits(scale.inverse()), scale.zero()};
      byte[] first = routines.int8Codes(whole1, lanes, code, whole * form.codeBytes());
      System.arraycopy(first, 0, codes, 0, first.length);
    }
    for (int k = whole; k < columns; k++) {
      codes[k * form.codeBytes()] = (byte) scale.code(values[k]);
    }
    MemorySegment.copy(codes, 0, to.codes(), JAVA_BYTE, to.start(row), codes.length);
  }

  /** The extremes must be those of the row. */
  private void check(float[] x, float[] extremes) {
    int lanes = set.lanes();
    float lo = 0;
    float hi = 0;
    boolean finite = true;
    for (int lane = 0; lane < lanes; lane++) {
      lo = Math.min(lo, extremes[lane]);
      hi = Math.max(hi, extremes[lanes + lane]);
      finite &= extremes[2 * lanes + lane] == 0;
    }
    Int8.RowScale got = Int8.RowScale.of(lo, hi, finite);
    Int8.RowScale expected = Int8.RowScale.of(x, 0, x.length);
    if (!got.equals(expected)) {
      throw new AssertionError("extremes give " + got + ", expected " + expected);
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
    int groups = panels.groups();
    int bytes = (rows - 1) * a.stride() + 4 * groups;
    float[] tile =
        routines.int8Tile(
            a.codes().asSlice(a.start(row), bytes).toArray(JAVA_BYTE),
            a.stride(),
            rows,
            CodedSlices.panel(panels, panel).toArray(JAVA_BYTE),
            groups,
            Arrays.copyOfRange(a.ends(), row * RowCodes.END, (row + rows) * RowCodes.END),
            Arrays.copyOfRange(ends, panels.ends(panel), panels.ends(panel) + panels.endsLength()));
    for (int i = 0; i < rows; i++) {
      System.arraycopy(tile, i * panelColumns(), c.array(), c.at(i), panelColumns());
    }
  }
}
