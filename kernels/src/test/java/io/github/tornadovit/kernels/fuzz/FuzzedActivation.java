package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.linear.ReferenceActivation;
import java.util.List;
import java.util.Random;

/** Every activation. */
final class FuzzedActivation implements LoopsTarget {
  private static final List<Activation> ACTIVATIONS = List.of(Activation.values());

  @Override
  public String name() {
    return "activate";
  }

  @Override
  public Parameters draw(Random random) {
    return new Parameters()
        .put("activation", random.nextInt(ACTIVATIONS.size()))
        .put("panels", 1 + random.nextInt(5));
  }

  @Override
  public void check(InnerLoops loops, Parameters parameters, ValueSource values) {
    Activation activation = ACTIVATIONS.get(parameters.get("activation"));
    int count = parameters.get("panels") * loops.panelColumns();
    float[] arguments = values.activations(1, count);
    values.plant();
    Matrix x = Matrix.of(values, arguments, count, 0);
    float[] before = x.array().clone();
    loops.activate(activation, x.array(), x.offset(), count);
    float[] expected = new float[count];
    double[] bounds = new double[count];
    for (int i = 0; i < count; i++) {
      double y = ReferenceActivation.apply(activation, arguments[i]);
      expected[i] = (float) y;
      bounds[i] =
          SumBound.activated(activation, arguments[i], y, 0)
              + (activation == Activation.IDENTITY || activation == Activation.RELU
                  ? 0
                  : 2 * Float.MIN_VALUE);
    }
    Judgement.check("x", x.slice(), expected, bounds, true);
    x.checkGuards("x", before);
  }
}
