package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;
import org.jspecify.annotations.Nullable;

/** {@link Linear} by its definition, in double; rounded to float once, at the end. */
public final class ReferenceLinear implements Step {
  private final Linear op;
  private final float[] x;
  private final float[] w;
  private final float @Nullable [] bias;
  private final float @Nullable [] scale;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferenceLinear(Linear op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    this.x = buffers.of(op.input());
    this.w = weights.rows(op.weight());
    this.bias = op.bias() == null ? null : weights.rows(op.bias());
    this.scale = op.scale() == null ? null : weights.rows(op.scale());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int k = op.weight().columns();
    int n = op.weight().rows();
    for (int row = 0; row < batch * op.input().rows(); row++) {
      for (int column = 0; column < n; column++) {
        double sum = bias == null ? 0 : bias[column];
        for (int i = 0; i < k; i++) {
          sum += (double) x[row * k + i] * w[column * k + i];
        }
        double value = ReferenceActivation.apply(op.activation(), sum);
        if (scale != null) {
          value *= scale[column];
        }
        if (op.accumulate()) {
          value += y[row * n + column];
        }
        y[row * n + column] = (float) value;
      }
    }
  }
}
