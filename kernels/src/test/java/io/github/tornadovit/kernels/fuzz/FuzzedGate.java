package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.linear.ReferenceActivation;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Gates with every activation; the values behind them are factors. */
final class FuzzedGate implements OperationTarget {
  private static final List<Activation> ACTIVATIONS = List.of(Activation.values());

  @Override
  public Class<? extends Operation> type() {
    return Gate.class;
  }

  @Override
  public Parameters draw(Random random, int most) {
    return new Parameters()
        .put("batch", 1 + random.nextInt(3))
        .size("rows", random, most)
        .size("width", random, 4 * most)
        .put("activation", random.nextInt(ACTIVATIONS.size()));
  }

  @Override
  public Trial trial(Parameters parameters, ValueSource values) {
    int batch = parameters.get("batch");
    int width = parameters.get("width");
    Buffer x = new Buffer("x", parameters.get("rows"), 2 * width);
    Buffer y = new Buffer("y", x.rows(), width);
    Activation activation = ACTIVATIONS.get(parameters.get("activation"));
    float[] input = values.mixed(batch * x.rows(), 2 * width, column -> column < width);
    values.plant();
    Gate op = new Gate(x, activation, y);
    return new Trial(op, batch, Map.of(x, input), smallest -> bounds(op, input, smallest));
  }

  private static double[] bounds(Gate op, float[] x, double smallest) {
    int width = op.output().columns();
    double[] bounds = new double[x.length / 2];
    for (int i = 0; i < bounds.length; i++) {
      int at = i / width * 2 * width + i % width;
      double opened = ReferenceActivation.apply(op.activation(), x[at]);
      double value = Math.abs(x[at + width]);
      double product = Math.abs(opened * value);
      double exact = Double.isFinite(product) ? product : 0;
      double error =
          Double.isFinite(value)
              ? value * (SumBound.activated(op.activation(), x[at], opened, 0) + 2 * smallest)
              : 0;
      bounds[i] =
          SumBound.overflows(exact)
              ? SumBound.FREE
              : error + SumBound.roundings(2) * exact + 2 * smallest;
    }
    return bounds;
  }
}
