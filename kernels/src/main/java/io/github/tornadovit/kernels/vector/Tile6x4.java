package io.github.tornadovit.kernels.vector;

import static io.github.tornadovit.kernels.vector.VectorWidth.FLOATS;
import static io.github.tornadovit.kernels.vector.VectorWidth.LANES;

import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelPart;
import jdk.incubator.vector.FloatVector;

/**
 * A tile of 6 rows by 4 vectors, for 32 registers.
 *
 * <p>Math: {@code c[i, j] = init[i, j] + sum over k of a[i, k] panel[k, j]}, float32, in the order
 * of k, fused multiply-add.
 *
 * <p>Shapes: {@code a} rows of a stride; {@code panel [depth, 4 LANES]}; see {@link
 * io.github.tornadovit.kernels.cpu.InnerLoops#multiplyTile}.
 *
 * <p>Cost: 24 multiply-adds for 4 loads and 6 broadcasts per k.
 */
final class Tile6x4 {
  static final int ROWS = 6;

  private Tile6x4() {}

  static void multiply(FloatRows left, int rows, PanelPart panel, FloatRows init, FloatRows to) {
    // Rows that do not exist repeat the last one, so that there is one loop for all tiles.
    int last = rows - 1;
    float[] a = left.array();
    int a0 = left.offset();
    int a1 = left.at(Math.min(1, last));
    int a2 = left.at(Math.min(2, last));
    int a3 = left.at(Math.min(3, last));
    int a4 = left.at(Math.min(4, last));
    int a5 = left.at(Math.min(5, last));
    float[] from = init.array();
    int i0 = init.offset();
    int i1 = init.at(Math.min(1, last));
    int i2 = init.at(Math.min(2, last));
    int i3 = init.at(Math.min(3, last));
    int i4 = init.at(Math.min(4, last));
    int i5 = init.at(Math.min(5, last));
    FloatVector c00 = FloatVector.fromArray(FLOATS, from, i0);
    FloatVector c01 = FloatVector.fromArray(FLOATS, from, i0 + LANES);
    FloatVector c02 = FloatVector.fromArray(FLOATS, from, i0 + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(FLOATS, from, i0 + 3 * LANES);
    FloatVector c10 = FloatVector.fromArray(FLOATS, from, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, from, i1 + LANES);
    FloatVector c12 = FloatVector.fromArray(FLOATS, from, i1 + 2 * LANES);
    FloatVector c13 = FloatVector.fromArray(FLOATS, from, i1 + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(FLOATS, from, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, from, i2 + LANES);
    FloatVector c22 = FloatVector.fromArray(FLOATS, from, i2 + 2 * LANES);
    FloatVector c23 = FloatVector.fromArray(FLOATS, from, i2 + 3 * LANES);
    FloatVector c30 = FloatVector.fromArray(FLOATS, from, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, from, i3 + LANES);
    FloatVector c32 = FloatVector.fromArray(FLOATS, from, i3 + 2 * LANES);
    FloatVector c33 = FloatVector.fromArray(FLOATS, from, i3 + 3 * LANES);
    FloatVector c40 = FloatVector.fromArray(FLOATS, from, i4);
    FloatVector c41 = FloatVector.fromArray(FLOATS, from, i4 + LANES);
    FloatVector c42 = FloatVector.fromArray(FLOATS, from, i4 + 2 * LANES);
    FloatVector c43 = FloatVector.fromArray(FLOATS, from, i4 + 3 * LANES);
    FloatVector c50 = FloatVector.fromArray(FLOATS, from, i5);
    FloatVector c51 = FloatVector.fromArray(FLOATS, from, i5 + LANES);
    FloatVector c52 = FloatVector.fromArray(FLOATS, from, i5 + 2 * LANES);
    FloatVector c53 = FloatVector.fromArray(FLOATS, from, i5 + 3 * LANES);
    float[] panels = panel.array();
    int start = panel.offset();
    int depth = panel.depth();
    for (int k = 0; k < depth; k++) {
      int p = start + k * 4 * LANES;
      FloatVector b0 = FloatVector.fromArray(FLOATS, panels, p);
      FloatVector b1 = FloatVector.fromArray(FLOATS, panels, p + LANES);
      FloatVector b2 = FloatVector.fromArray(FLOATS, panels, p + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(FLOATS, panels, p + 3 * LANES);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + k]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + k]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      c23 = x2.fma(b3, c23);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + k]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
      c33 = x3.fma(b3, c33);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + k]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      c42 = x4.fma(b2, c42);
      c43 = x4.fma(b3, c43);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + k]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      c52 = x5.fma(b2, c52);
      c53 = x5.fma(b3, c53);
    }
    float[] c = to.array();
    int o0 = to.offset();
    c00.intoArray(c, o0);
    c01.intoArray(c, o0 + LANES);
    c02.intoArray(c, o0 + 2 * LANES);
    c03.intoArray(c, o0 + 3 * LANES);
    int o1 = to.at(Math.min(1, last));
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + LANES);
    c12.intoArray(c, o1 + 2 * LANES);
    c13.intoArray(c, o1 + 3 * LANES);
    int o2 = to.at(Math.min(2, last));
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + LANES);
    c22.intoArray(c, o2 + 2 * LANES);
    c23.intoArray(c, o2 + 3 * LANES);
    int o3 = to.at(Math.min(3, last));
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + LANES);
    c32.intoArray(c, o3 + 2 * LANES);
    c33.intoArray(c, o3 + 3 * LANES);
    int o4 = to.at(Math.min(4, last));
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + LANES);
    c42.intoArray(c, o4 + 2 * LANES);
    c43.intoArray(c, o4 + 3 * LANES);
    int o5 = to.at(Math.min(5, last));
    c50.intoArray(c, o5);
    c51.intoArray(c, o5 + LANES);
    c52.intoArray(c, o5 + 2 * LANES);
    c53.intoArray(c, o5 + 3 * LANES);
  }
}
