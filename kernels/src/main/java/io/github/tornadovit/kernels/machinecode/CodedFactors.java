package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;

/** Both factors of a product as loops code them, for checks. */
record CodedFactors(CodedLoops loops, RowCodes rows, CodedPanels panels) {
  private static final int GAP = 16;

  /** Codes all rows of x and a weight {@code [panelColumns, K]}. */
  static CodedFactors of(CodedLoops loops, float[] x, Weight weight) {
    int depth = weight.columns();
    int count = x.length / depth;
    RowCodes rows = new RowCodes();
    rows.reserve(count, loops.rowBytes(depth));
    for (int row = 0; row < count; row++) {
      loops.encode(x, row * depth, depth, rows, row);
    }
    return new CodedFactors(loops, rows, loops.pack(weight));
  }

  /** The results of the first rows, which were written some floats apart, as attention has them. */
  float[] product(int count, float[] bias) {
    int width = loops.panelColumns();
    FloatRows apart = new FloatRows(new float[count * (width + GAP)], 0, width + GAP);
    loops.multiplyRows(rows, 0, count, panels, 0, panels.ends(bias), apart);
    float[] c = new float[count * width];
    for (int row = 0; row < count; row++) {
      System.arraycopy(apart.array(), apart.at(row), c, row * width, width);
    }
    return c;
  }
}
