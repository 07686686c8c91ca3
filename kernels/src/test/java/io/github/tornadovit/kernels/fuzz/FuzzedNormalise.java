package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import java.util.Random;

/** Rows of layer normalisation. */
final class FuzzedNormalise implements LoopsTarget {
  private static final float[] EPSILONS = {1e-12f, 1e-6f, 1e-5f, 1e-3f};

  @Override
  public String name() {
    return "normalise";
  }

  @Override
  public Parameters draw(Random random) {
    return new Parameters()
        .size("count", random, 1600)
        .put("eps", random.nextInt(EPSILONS.length))
        .flag("inPlace", random);
  }

  @Override
  public void check(InnerLoops loops, Parameters parameters, ValueSource values) {
    int count = parameters.get("count");
    float eps = EPSILONS[parameters.get("eps")];
    float[] row = values.activations(1, count);
    float[] weight = values.factors(1, count);
    float[] bias = values.factors(1, count);
    values.plant();
    Matrix x = Matrix.of(values, row, count, 0);
    Matrix y = parameters.is("inPlace") ? x : Matrix.of(values, Guard.array(count), count, 0);
    float[] before = y.array().clone();
    float[] weights = Guard.around(0, weight, LoopsTarget.MOST_GUARDS);
    float[] biases = Guard.around(0, bias, LoopsTarget.MOST_GUARDS);
    loops.normalise(x.array(), x.offset(), weights, biases, eps, y.array(), y.offset(), count);
    NormBound bound = NormBound.of(row, 0, count, eps, Float.MIN_VALUE);
    float[] expected = new float[count];
    double[] bounds = new double[count];
    for (int i = 0; i < count; i++) {
      expected[i] = (float) ((row[i] - bound.mean()) * bound.rescale() * weight[i] + bias[i]);
      bounds[i] = bound.of(row[i], weight[i], bias[i]);
    }
    if (!parameters.is("inPlace")) {
      x.checkUnchanged("x");
    }
    float[] factors = Guard.around(0, weight, LoopsTarget.MOST_GUARDS);
    float[] shifts = Guard.around(0, bias, LoopsTarget.MOST_GUARDS);
    Guard.checkUnchanged("the weight", weights, factors, 0, factors.length);
    Guard.checkUnchanged("the bias", biases, shifts, 0, shifts.length);
    Judgement.check("y", y.slice(), expected, bounds, false);
    y.checkGuards("y", before);
  }
}
