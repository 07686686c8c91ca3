package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.Int8;
import io.github.tornadovit.kernels.cpu.Smoothing;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;

/**
 * {@link Linear} by its definition, in double; rounded to float once, at the end. In bf16 both
 * factors are rounded as {@link Bf16} says, in f16 as {@link F16}. In int8 the codes are those of
 * {@link Int8}, and all that follows their exact sum is in double.
 */
public final class ReferenceLinear implements Step {
  private final Linear op;
  private final RowProduct product;
  private final float @Nullable [] bias;
  private final Finish epilogue;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferenceLinear(Linear op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    float[] x = buffers.of(op.input());
    float[] w = weights.rows(op.weight());
    int depth = op.weight().columns();
    this.product =
        switch (op.matrix().precision()) {
          case F32 -> row -> exact(x, row * depth, w, depth);
          case BF16 -> row -> bf16(x, row * depth, w, depth);
          case INT8 -> int8(x, w, depth, Smoothing.factors(op.matrix()));
          case F16 -> row -> f16(x, row * depth, w, depth);
        };
    this.bias = op.bias() == null ? null : weights.rows(op.bias());
    this.y = buffers.of(op.output());
    this.epilogue =
        switch (op.epilogue()) {
          case Epilogue.Activate(Activation activation) ->
              (value, row, column) -> ReferenceActivation.apply(activation, value);
          case Epilogue.Residual(Buffer added, Weight scale) ->
              residual(buffers.of(added), scale == null ? null : weights.rows(scale));
        };
  }

  @Override
  public void run(int batch) {
    int n = op.weight().rows();
    for (int row = 0; row < batch * op.input().rows(); row++) {
      double[] products = product.ofRow(row);
      for (int column = 0; column < n; column++) {
        double sum = products[column] + (bias == null ? 0 : bias[column]);
        y[row * n + column] = (float) epilogue.of(sum, row, column);
      }
    }
  }

  /** One row of x times W^T. */
  private interface RowProduct {
    double[] ofRow(int row);
  }

  /** The epilogue of one element. */
  private interface Finish {
    double of(double value, int row, int column);
  }

  private Finish residual(float[] added, float @Nullable [] scale) {
    int n = op.weight().rows();
    return (value, row, column) ->
        added[row * n + column] + (scale == null ? value : scale[column] * value);
  }

  private static double[] exact(float[] x, int row, float[] w, int depth) {
    double[] products = new double[w.length / depth];
    for (int column = 0; column < products.length; column++) {
      for (int k = 0; k < depth; k++) {
        products[column] += (double) x[row + k] * w[column * depth + k];
      }
    }
    return products;
  }

  private static double[] bf16(float[] x, int row, float[] w, int depth) {
    double[] products = new double[w.length / depth];
    for (int column = 0; column < products.length; column++) {
      for (int k = 0; k < depth; k++) {
        products[column] += (double) Bf16.round(x[row + k]) * Bf16.round(w[column * depth + k]);
      }
    }
    return products;
  }

  private static double[] f16(float[] x, int row, float[] w, int depth) {
    double[] products = new double[w.length / depth];
    for (int column = 0; column < products.length; column++) {
      for (int k = 0; k < depth; k++) {
        products[column] += (double) F16.round(x[row + k]) * F16.round(w[column * depth + k]);
      }
    }
    return products;
  }

  private static RowProduct int8(float[] x, float[] w, int depth, float @Nullable [] factors) {
    if (factors == null) {
      return row -> int8(x, row * depth, w, depth);
    }
    float[] smooth = w.clone();
    for (int i = 0; i < smooth.length; i++) {
      smooth[i] /= factors[i % depth];
    }
    float[] scaled = new float[depth];
    return row -> {
      for (int k = 0; k < depth; k++) {
        scaled[k] = x[row * depth + k] * factors[k];
      }
      return int8(scaled, 0, smooth, depth);
    };
  }

  private static double[] int8(float[] x, int row, float[] w, int depth) {
    Int8.RowScale rowScale = Int8.RowScale.of(x, row, depth);
    double[] products = new double[w.length / depth];
    for (int column = 0; column < products.length; column++) {
      Int8.WeightScale weightScale = Int8.WeightScale.of(w, column * depth, depth);
      long sum = 0;
      for (int k = 0; k < depth; k++) {
        int code = rowScale.code(x[row + k]) - rowScale.zero();
        sum += (long) code * weightScale.code(w[column * depth + k]);
      }
      products[column] = sum * (double) rowScale.scale() * weightScale.scale();
    }
    return products;
  }
}
