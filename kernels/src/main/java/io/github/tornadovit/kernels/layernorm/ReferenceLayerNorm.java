package io.github.tornadovit.kernels.layernorm;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;

/** {@link LayerNorm} by its definition, in double. */
public final class ReferenceLayerNorm implements Step {
  private final LayerNorm op;
  private final float[] x;
  private final float[] weight;
  private final float[] bias;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferenceLayerNorm(LayerNorm op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    this.x = buffers.of(op.input());
    this.weight = weights.rows(op.weight());
    this.bias = weights.rows(op.bias());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int width = op.input().columns();
    for (int row = 0; row < batch * op.input().rows(); row++) {
      int start = row * width;
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += x[start + i];
      }
      double mean = sum / width;
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += (x[start + i] - mean) * (x[start + i] - mean);
      }
      double deviation = Math.sqrt(squares / width + op.eps());
      for (int i = 0; i < width; i++) {
        y[start + i] = (float) ((x[start + i] - mean) / deviation * weight[i] + bias[i]);
      }
    }
  }
}
