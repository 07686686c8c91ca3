package io.github.tornadovit.kernels.fuzz;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.fuzz.BrokenLoops.Fault;
import io.github.tornadovit.kernels.program.Weight;

/** Right loops of int8 with one fault. */
record BrokenInt8(CodedLoops right, Fault fault) implements CodedLoops {
  @Override
  public String description() {
    return right.description();
  }

  @Override
  public int tileRows() {
    return right.tileRows();
  }

  @Override
  public int panelColumns() {
    return right.panelColumns();
  }

  @Override
  public PanelLayout layout() {
    return right.layout();
  }

  @Override
  public CodedPanels pack(Weight weight) {
    return right.pack(weight);
  }

  @Override
  public int rowBytes(int columns) {
    return right.rowBytes(columns);
  }

  @Override
  public void encode(float[] x, int offset, int columns, RowCodes to, int row) {
    float[] values = x.clone();
    for (int i = offset; i < offset + columns; i++) {
      values[i] = fault == Fault.INT8_MISSED_NAN && Float.isNaN(x[i]) ? 0 : x[i];
    }
    right.encode(values, offset, columns, to, row);
    if (fault == Fault.INT8_LAST_CODE) {
      long last = to.start(row) + columns - 1;
      to.codes().set(JAVA_BYTE, last, (byte) (to.codes().get(JAVA_BYTE, last) ^ 1));
    } else if (fault == Fault.INT8_ZERO) {
      to.ends()[row * RowCodes.END] += columns > 20 ? 1 : 0;
    }
  }

  @Override
  public void multiplyTile(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
    right.multiplyTile(a, row, rows, panels, panel, ends, c);
  }
}
