package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.Panels;
import java.util.Arrays;
import java.util.Random;

/** Rows of softmax. */
final class FuzzedExponentials implements LoopsTarget {
  /** What the exponential function may take for zero, exp(-87.3), and its own relative error. */
  private static final double VANISHING = 1.3e-38;

  private static final double EXPONENTIAL = 1e-6;
  private static final float[] SCALES = {1, 0.125f, 40, 0, -0.7f};

  @Override
  public String name() {
    return "exponentials";
  }

  @Override
  public Parameters draw(Random random) {
    return new Parameters()
        .size("count", random, 800)
        .flag("bias", random)
        .put("scale", random.nextInt(SCALES.length));
  }

  @Override
  public void check(InnerLoops loops, Parameters parameters, ValueSource values) {
    int count = parameters.get("count");
    boolean biased = parameters.is("bias");
    float scale = SCALES[parameters.get("scale")];
    float[] scores = values.activations(1, count);
    float[] biases = biased ? values.factors(1, count) : new float[count];
    values.plant();
    // The rest of the last panel may be written, what is behind it may not.
    int padded = Panels.padded(count, loops.panelColumns());
    float[] row = Guard.around(0, scores, padded - count);
    Matrix x = Matrix.of(values, row, padded, 0);
    Matrix bias = Matrix.of(values, biases, count, 0);
    float[] before = x.array().clone();
    float sum =
        loops.exponentials(
            x.array(), x.offset(), count, scale, biased ? bias.array() : null, bias.offset());
    double[] exact = new double[count];
    double max = Double.NEGATIVE_INFINITY;
    boolean overflows = false;
    boolean nan = false;
    for (int j = 0; j < count; j++) {
      exact[j] = (double) scores[j] * scale + biases[j];
      max = exact[j] > max ? exact[j] : max;
      nan |= Double.isNaN(exact[j]);
      overflows |= Double.isFinite(exact[j]) && SumBound.overflows(Math.abs(exact[j]));
    }
    float[] expected = new float[count + 1];
    double[] bounds = new double[count + 1];
    double total = 0;
    double off = 0;
    // Each score is off, the largest as well.
    double largest = Arrays.stream(exact).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    for (int j = 0; j < count; j++) {
      double numerator = Math.exp(exact[j] - max);
      expected[j] = (float) numerator;
      double error =
          Double.isFinite(exact[j])
              ? SumBound.roundings(6)
                      * (Math.abs(exact[j]) + Math.abs(scores[j] * scale) + 2 * largest)
                  + EXPONENTIAL
              : 0;
      // No numerator is more than 1.
      bounds[j] = Math.min(1, numerator * Math.expm1(error)) + VANISHING;
      // Beside a NaN all will be divided by a sum that is NaN.
      boolean free = overflows || (nan && !Double.isNaN(exact[j]));
      bounds[j] = free ? SumBound.FREE : Double.isNaN(bounds[j]) ? 1 : bounds[j];
      total += numerator;
      off += bounds[j];
    }
    expected[count] = (float) total;
    bounds[count] = overflows ? SumBound.FREE : off + SumBound.roundings(count + 2) * total;
    expected[count] = nan ? Float.NaN : expected[count];
    bounds[count] = nan && !overflows ? 0 : bounds[count];
    float[] got = Arrays.copyOf(x.slice(), count + 1);
    got[count] = sum;
    bias.checkUnchanged("the bias");
    x.checkGuards("x", before);
    Judgement.check("numerators and sum", got, expected, bounds, true);
  }
}
