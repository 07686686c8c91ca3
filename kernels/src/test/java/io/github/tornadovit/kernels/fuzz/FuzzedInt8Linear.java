package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.Int8;
import io.github.tornadovit.kernels.cpu.Smoothing;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers in int8: the sums are the reference's, and what follows them rounds a few times.
 */
final class FuzzedInt8Linear implements OperationTarget {
  /** Float sum, two scales, bias, layer scale, what is added to. */
  private static final int ROUNDINGS = 7;

  @Override
  public Class<? extends Operation> type() {
    return Linear.class;
  }

  @Override
  public String name() {
    return "int8-linear";
  }

  @Override
  public Parameters draw(Random random, int most) {
    return new Parameters()
        .put("batch", 1 + random.nextInt(3))
        .size("rows", random, most)
        .size("k", random, 8 * most)
        .size("n", random, 3 * most)
        .flag("bias", random)
        .flag("residual", random)
        .flag("inPlace", random)
        .flag("ranges", random);
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
    float[] ranges = parameters.is("ranges") ? values.factors(1, x.columns()) : null;
    for (int i = 0; ranges != null && i < ranges.length; i++) {
      ranges[i] = Math.abs(ranges[i]);
    }
    Linear linear =
        new Linear(
            x,
            new Matrix(
                values.factor("w", n, x.columns()),
                Precision.INT8,
                ranges == null ? null : () -> ranges),
            parameters.is("bias") ? values.summand("bias", 1, n) : null,
            before == null ? Epilogue.NONE : new Epilogue.Residual(added, null),
            y);
    values.plant();
    return new Trial(linear, batch, contents, smallest -> bounds(linear, input, before, smallest));
  }

  private static double[] bounds(
      Linear op, float[] input, float @Nullable [] before, double smallest) {
    float[] factors = Smoothing.factors(op.matrix());
    float[] x = smooth(input, factors, false);
    float[] w = smooth(op.weight().toArray(), factors, true);
    float[] bias = op.bias() == null ? null : op.bias().toArray();
    int k = op.weight().columns();
    int n = op.weight().rows();
    double[] bounds = new double[x.length / k * n];
    Int8.RowScale row = Int8.RowScale.of(x, 0, k);
    for (int i = 0; i < bounds.length; i++) {
      int column = i % n;
      if (column == 0) {
        row = Int8.RowScale.of(x, i / n * k, k);
      }
      Int8.WeightScale weight = Int8.WeightScale.of(w, column * k, k);
      long sum = 0;
      for (int j = 0; j < k; j++) {
        sum += (long) (row.code(x[i / n * k + j]) - row.zero()) * weight.code(w[column * k + j]);
      }
      double scaled = Math.abs(sum * (double) row.scale());
      double terms =
          finite(scaled * weight.scale())
              + finite(bias == null ? 0 : bias[column])
              + finite(before == null ? 0 : before[i]);
      // In float the product by the first scale may overflow where the second makes it small.
      bounds[i] =
          SumBound.overflows(finite(scaled)) || SumBound.overflows(terms)
              ? SumBound.FREE
              : SumBound.roundings(ROUNDINGS) * terms + smallest * (4 + finite(weight.scale()));
    }
    return bounds;
  }

  /** Powers of two, which round nothing but what becomes subnormal. */
  private static float[] smooth(float[] values, float @Nullable [] factors, boolean inverse) {
    float[] smooth = values.clone();
    for (int i = 0; factors != null && i < smooth.length; i++) {
      float factor = factors[i % factors.length];
      smooth[i] *= inverse ? 1 / factor : factor;
    }
    return smooth;
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? Math.abs(value) : 0;
  }
}
