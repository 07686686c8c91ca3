package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import java.util.Random;

/** Stores of whole and partial tiles, scaled and added. */
final class FuzzedStore implements LoopsTarget {

  @Override
  public String name() {
    return "storeRows";
  }

  @Override
  public Parameters draw(Random random) {
    return new Parameters()
        .put("rows", 1 + random.nextInt(20))
        .put("missing", random.nextBoolean() ? 0 : random.nextInt(64))
        .put("scale", random.nextInt(3))
        .put("scaleGap", random.nextInt(20))
        .put("yGap", random.nextInt(20))
        .flag("accumulate", random);
  }

  @Override
  public void check(InnerLoops loops, Parameters parameters, ValueSource values) {
    int width = loops.panelColumns();
    int rows = parameters.get("rows");
    int columns = width - parameters.get("missing") % width;
    boolean accumulate = parameters.is("accumulate");
    // 0: none; 1: one row for all; 2: a row for each.
    int scales = new int[] {0, 1, rows}[parameters.get("scale")];
    float[] tile = values.activations(rows, width);
    float[] factors = values.factors(Math.max(1, scales), columns);
    float[] target = accumulate ? values.activations(rows, columns) : Guard.array(rows * columns);
    values.plant();
    Matrix x = Matrix.of(values, tile, width, 0);
    Matrix scale = Matrix.of(values, factors, columns, parameters.get("scaleGap"));
    Matrix y = Matrix.of(values, target, columns, parameters.get("yGap"));
    float[] before = y.array().clone();
    loops.storeRows(
        x.array(),
        x.offset(),
        scales == 0 ? null : scales == rows ? scale.rows() : scale.firstRow(),
        accumulate,
        y.rows(),
        rows,
        columns);
    float[] expected = new float[rows * columns];
    double[] bounds = new double[rows * columns];
    for (int i = 0; i < expected.length; i++) {
      int row = i / columns;
      int column = i % columns;
      double value = tile[row * width + column];
      double factor = scales == 0 ? 1 : factors[(scales == rows ? row * columns : 0) + column];
      SumBound sum = new SumBound();
      sum.add(value, factor);
      sum.add(accumulate ? target[i] : 0);
      expected[i] = (float) (value * factor + (accumulate ? target[i] : 0));
      bounds[i] =
          scales == 0 && !accumulate
              ? 0
              : sum.overflows() ? SumBound.FREE : sum.error(1, Float.MIN_VALUE);
    }
    x.checkUnchanged("the tile");
    scale.checkUnchanged("the scale");
    Judgement.check("y", y.slice(), expected, bounds, true);
    y.checkGuards("y", before);
  }
}
