package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import org.jspecify.annotations.Nullable;

/**
 * Calls every function once on a few values and compares with the definition, in double: a wrong
 * answer of a processor that nobody tested must not become a wrong label.
 */
final class LoopsCheck {
  /** Neither a multiple of what a loop takes at once nor less. */
  private static final int DEPTH = 13;

  private static final float TOLERANCE = 1e-4f;

  private final InnerLoops loops;
  private final int height;
  private final int width;

  private LoopsCheck(InnerLoops loops) {
    this.loops = loops;
    this.height = loops.tileRows();
    this.width = loops.panelColumns();
  }

  /** What is wrong, or null. */
  static @Nullable String wrong(InnerLoops loops) {
    LoopsCheck check = new LoopsCheck(loops);
    for (int rows = 1; rows <= check.height; rows++) {
      if (!check.multiplies(rows)) {
        return "a product of " + rows + " rows";
      }
    }
    if (!check.stores()) {
      return "store";
    }
    if (!check.activates()) {
      return "gelu";
    }
    if (!check.exponentiates(null) || !check.exponentiates(values(4 * check.width, 5))) {
      return "softmax";
    }
    return check.normalises() ? null : "layer norm";
  }

  private boolean multiplies(int rows) {
    float[] a = values(rows * DEPTH, 1);
    float[] panel = values(DEPTH * width, 2);
    float[] init = values(width, 3);
    float[] c = new float[rows * width];
    loops.multiplyTile(
        new FloatRows(a, 0, DEPTH),
        rows,
        new PanelPart(panel, 0, DEPTH, 0),
        new FloatRows(init, 0, 0),
        new FloatRows(c, 0, width));
    boolean right = true;
    for (int i = 0; i < c.length; i++) {
      double sum = init[i % width];
      for (int k = 0; k < DEPTH; k++) {
        sum += (double) a[i / width * DEPTH + k] * panel[k * width + i % width];
      }
      right &= near(c[i], sum);
    }
    return right;
  }

  private boolean stores() {
    float[] x = values(height * width, 1);
    float[] scale = values(width, 2);
    boolean right = true;
    for (int variant = 0; variant < 4; variant++) {
      boolean scaled = variant % 2 == 1;
      boolean added = variant > 1;
      float[] y = values(x.length, 3);
      float[] before = y.clone();
      FloatRows factors = scaled ? new FloatRows(scale, 0, 0) : null;
      loops.storeRows(x, 0, factors, added, new FloatRows(y, 0, width), height, width);
      for (int i = 0; i < y.length; i++) {
        double product = scaled ? (double) x[i] * scale[i % width] : x[i];
        right &= near(y[i], added ? before[i] + product : product);
      }
    }
    return right;
  }

  private boolean activates() {
    float[] x = values(width, 1);
    float[] y = x.clone();
    loops.activate(Activation.GELU, y, 0, width);
    boolean right = true;
    for (int i = 0; i < width; i++) {
      // The logistic approximation of gelu: a quarter of a percent off, no more is needed.
      right &= Math.abs(y[i] - x[i] / (1 + Math.exp(-1.702 * x[i]))) < 0.03;
    }
    return right;
  }

  private boolean exponentiates(float @Nullable [] bias) {
    int count = 3 * width + 5;
    float[] x = values(4 * width, 1);
    double[] scores = new double[count];
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      scores[i] = 0.5 * x[i] + (bias == null ? 0 : bias[i]);
      max = Math.max(max, scores[i]);
    }
    float got = loops.exponentials(x, 0, count, 0.5f, bias, 0);
    double sum = 0;
    boolean right = true;
    for (int i = 0; i < count; i++) {
      right &= near(x[i], Math.exp(scores[i] - max));
      sum += Math.exp(scores[i] - max);
    }
    return right && near(got, sum);
  }

  private boolean normalises() {
    float[] x = values(width, 1);
    float[] weight = values(width, 2);
    float[] bias = values(width, 3);
    float[] y = new float[width];
    loops.normalise(x, 0, weight, bias, 0.1f, y, 0, width);
    double mean = 0;
    for (float value : x) {
      mean += value / (double) width;
    }
    double variance = 0;
    for (float value : x) {
      variance += (value - mean) * (value - mean) / width;
    }
    boolean right = true;
    for (int i = 0; i < width; i++) {
      right &= near(y[i], (x[i] - mean) / Math.sqrt(variance + 0.1f) * weight[i] + bias[i]);
    }
    return right;
  }

  private static boolean near(float actual, double expected) {
    return Math.abs(actual - expected) <= TOLERANCE * (1 + Math.abs(expected));
  }

  /** Values from -2 to 2, all different in a row. */
  private static float[] values(int count, int seed) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * Math.sin(i * 1.7 + seed));
    }
    return values;
  }
}
