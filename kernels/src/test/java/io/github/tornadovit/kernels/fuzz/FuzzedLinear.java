package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.linear.ReferenceActivation;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Linear layers with every epilogue. */
final class FuzzedLinear implements OperationTarget {
  private static final List<Activation> ACTIVATIONS = List.of(Activation.values());

  @Override
  public Class<? extends Operation> type() {
    return Linear.class;
  }

  @Override
  public Parameters draw(Random random, int most) {
    return new Parameters()
        .put("batch", 1 + random.nextInt(3))
        .size("rows", random, most)
        .size("k", random, 8 * most)
        .size("n", random, 3 * most)
        .flag("bias", random)
        .put("activation", random.nextBoolean() ? 0 : random.nextInt(ACTIVATIONS.size()))
        .flag("residual", random)
        .flag("inPlace", random)
        .flag("scale", random);
  }

  private static Epilogue epilogue(Parameters parameters, ValueSource values, Buffer added, int n) {
    if (parameters.is("residual")) {
      return new Epilogue.Residual(
          added, parameters.is("scale") ? values.factor("scale", 1, n) : null);
    }
    return new Epilogue.Activate(ACTIVATIONS.get(parameters.get("activation")));
  }

  @Override
  public Trial trial(Parameters parameters, ValueSource values) {
    int batch = parameters.get("batch");
    int rows = parameters.get("rows");
    int n = parameters.get("n");
    Buffer x = new Buffer("x", rows, parameters.get("k"));
    Buffer y = new Buffer("y", rows, n);
    Buffer added = parameters.is("inPlace") ? y : new Buffer("added", rows, n);
    Map<Buffer, float[]> contents = new HashMap<>();
    float[] input = values.activations(batch * rows, x.columns());
    contents.put(x, input);
    float[] before = parameters.is("residual") ? values.activations(batch * rows, n) : null;
    if (before != null) {
      contents.put(added, before);
    }
    Linear linear =
        new Linear(
            x,
            Matrix.of(values.factor("w", n, x.columns())),
            parameters.is("bias") ? values.summand("bias", 1, n) : null,
            epilogue(parameters, values, added, n),
            y);
    values.plant();
    // Times an infinite scale, a sum of the wrong sign is another infinity.
    Weight scale = scale(linear);
    boolean sameKind = scale == null || finite(scale);
    return new Trial(
        linear, batch, contents, sameKind, smallest -> bounds(linear, input, before, smallest));
  }

  private static boolean finite(Weight weight) {
    for (float value : weight.toArray()) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Weight scale(Linear linear) {
    return linear.epilogue() instanceof Epilogue.Residual(_, Weight scale) ? scale : null;
  }

  private static Activation activation(Linear linear) {
    return linear.epilogue() instanceof Epilogue.Activate(Activation activation)
        ? activation
        : Activation.IDENTITY;
  }

  private static float @Nullable [] values(@Nullable Weight weight) {
    return weight == null ? null : weight.toArray();
  }

  private static double[] bounds(Linear op, float[] x, float @Nullable [] before, double smallest) {
    float[] w = op.weight().toArray();
    float[] bias = values(op.bias());
    float[] scale = values(scale(op));
    int k = op.weight().columns();
    int n = op.weight().rows();
    double[] bounds = new double[x.length / k * n];
    for (int i = 0; i < bounds.length; i++) {
      int column = i % n;
      SumBound sum = new SumBound();
      double exact = bias == null ? 0 : bias[column];
      sum.add(exact);
      for (int j = 0; j < k; j++) {
        double a = x[i / n * k + j];
        double b = w[column * k + j];
        exact += a * b;
        sum.add(a, b);
      }
      bounds[i] =
          epilogue(
              activation(op),
              exact,
              sum,
              scale == null ? 1 : scale[column],
              before == null ? 0 : before[i],
              smallest);
    }
    return bounds;
  }

  private static double epilogue(
      Activation activation,
      double exact,
      SumBound sum,
      double scale,
      double before,
      double smallest) {
    double y = ReferenceActivation.apply(activation, exact);
    double factor = Math.abs(scale);
    double largest = sum.magnitude() * Math.max(1, factor) + Math.abs(before);
    if (SumBound.overflows(largest)) {
      return SumBound.FREE;
    }
    double error = sum.error(0, smallest);
    double scaled = factor * SumBound.activated(activation, exact, y, error) + smallest * 4;
    if (scale != 1) {
      // The scale may be multiplied into the weights instead.
      scaled += sum.scaledError(scale, smallest);
    }
    return scaled
        + SumBound.roundings(4)
            * (Math.abs(before) + (Double.isFinite(y) ? factor * Math.abs(y) : 0));
  }
}
