package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import java.util.Random;

/** The tile of a product: every number of rows, rows apart, sums begun and continued. */
final class FuzzedTile implements LoopsTarget {

  @Override
  public String name() {
    return "multiplyTile";
  }

  @Override
  public Parameters draw(Random random) {
    return new Parameters()
        .put("rows", 1 + random.nextInt(6))
        .size("depth", random, 800)
        .put("aGap", random.nextInt(20))
        .put("initGap", random.nextInt(20))
        .put("cGap", random.nextInt(20))
        .put("init", random.nextInt(3));
  }

  @Override
  public void check(InnerLoops loops, Parameters parameters, ValueSource values) {
    int rows = Math.min(parameters.get("rows"), loops.tileRows());
    int width = loops.panelColumns();
    int depth = parameters.get("depth");
    float[] left = values.activations(rows, depth);
    float[] right = values.factors(depth, width);
    // 0: one row for all; 1: rows of another array; 2: the rows of c.
    int kind = parameters.get("init");
    int initRows = kind == 0 ? 1 : rows;
    float[] begun = values.activations(initRows, width);
    values.plant();
    Matrix a = Matrix.of(values, left, depth, parameters.get("aGap"));
    Matrix panel = Matrix.of(values, right, depth * width, 0);
    Matrix init = Matrix.of(values, begun, width, kind == 0 ? 0 : parameters.get("initGap"));
    Matrix c =
        kind == 2
            ? init
            : Matrix.of(values, Guard.array(rows * width), width, parameters.get("cGap"));
    float[] before = c.array().clone();
    int ahead = values.random().nextInt(panel.array().length + 1);
    loops.multiplyTile(
        a.rows(),
        rows,
        new PanelPart(panel.array(), panel.offset(), depth, ahead),
        kind == 0 ? init.firstRow() : init.rows(),
        c.rows());
    float[] expected = new float[rows * width];
    double[] bounds = new double[rows * width];
    for (int i = 0; i < expected.length; i++) {
      int row = i / width;
      int column = i % width;
      SumBound sum = new SumBound();
      double exact = begun[kind == 0 ? column : i];
      sum.add(exact);
      for (int k = 0; k < depth; k++) {
        exact += (double) left[row * depth + k] * right[k * width + column];
        sum.add(left[row * depth + k], right[k * width + column]);
      }
      expected[i] = (float) exact;
      bounds[i] = sum.overflows() ? SumBound.FREE : sum.error(1, Float.MIN_VALUE);
    }
    a.checkUnchanged("a");
    panel.checkUnchanged("the panel");
    if (kind != 2) {
      init.checkUnchanged("init");
    }
    Judgement.check("c", c.slice(), expected, bounds, true);
    c.checkGuards("c", before);
  }
}
