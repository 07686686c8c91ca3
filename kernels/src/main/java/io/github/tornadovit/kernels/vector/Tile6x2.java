package io.github.tornadovit.kernels.vector;

import static io.github.tornadovit.kernels.vector.VectorWidth.FLOATS;
import static io.github.tornadovit.kernels.vector.VectorWidth.LANES;

import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelPart;
import jdk.incubator.vector.FloatVector;

/**
 * A tile of 6 rows by 2 vectors, for 16 registers.
 *
 * <p>Math: {@code c[i, j] = init[i, j] + sum over k of a[i, k] panel[k, j]}, float32, in the order
 * of k, fused multiply-add.
 *
 * <p>Shapes: {@code a} rows of a stride; {@code panel [depth, 2 LANES]}; see {@link
 * io.github.tornadovit.kernels.cpu.InnerLoops#multiplyTile}.
 *
 * <p>Cost: 12 multiply-adds for 2 loads and 6 broadcasts per k. Reading a in place with a stride is
 * deliberate: with packed a, constant displacements let C2 hoist all broadcasts, and it spills.
 */
final class Tile6x2 {
  static final int ROWS = 6;

  private Tile6x2() {}

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
    FloatVector c10 = FloatVector.fromArray(FLOATS, from, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, from, i1 + LANES);
    FloatVector c20 = FloatVector.fromArray(FLOATS, from, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, from, i2 + LANES);
    FloatVector c30 = FloatVector.fromArray(FLOATS, from, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, from, i3 + LANES);
    FloatVector c40 = FloatVector.fromArray(FLOATS, from, i4);
    FloatVector c41 = FloatVector.fromArray(FLOATS, from, i4 + LANES);
    FloatVector c50 = FloatVector.fromArray(FLOATS, from, i5);
    FloatVector c51 = FloatVector.fromArray(FLOATS, from, i5 + LANES);
    float[] panels = panel.array();
    int start = panel.offset();
    int depth = panel.depth();
    for (int k = 0; k < depth; k++) {
      int p = start + k * 2 * LANES;
      FloatVector b0 = FloatVector.fromArray(FLOATS, panels, p);
      FloatVector b1 = FloatVector.fromArray(FLOATS, panels, p + LANES);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + k]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + k]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + k]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + k]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + k]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
    }
    float[] c = to.array();
    int o0 = to.offset();
    c00.intoArray(c, o0);
    c01.intoArray(c, o0 + LANES);
    int o1 = to.at(Math.min(1, last));
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + LANES);
    int o2 = to.at(Math.min(2, last));
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + LANES);
    int o3 = to.at(Math.min(3, last));
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + LANES);
    int o4 = to.at(Math.min(4, last));
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + LANES);
    int o5 = to.at(Math.min(5, last));
    c50.intoArray(c, o5);
    c51.intoArray(c, o5 + LANES);
  }
}
