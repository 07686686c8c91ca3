package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;

/** {@link Attention} by its definition, sums in double, one query at a time. */
public final class ReferenceAttention implements Step {
  private final Attention op;
  private final ReferenceSoftmax softmax;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferenceAttention(Attention op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    this.softmax =
        new ReferenceSoftmax(
            buffers.of(op.qkv()),
            op.qkv().rows(),
            op.heads(),
            op.headSize(),
            op.scale(),
            op.bias() == null ? null : weights.rows(op.bias()),
            op.precision());
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    for (int image = 0; image < batch; image++) {
      for (int head = 0; head < op.heads(); head++) {
        for (int query = 0; query < op.qkv().rows(); query++) {
          attend(image, head, query);
        }
      }
    }
  }

  private void attend(int image, int head, int query) {
    int tokens = op.qkv().rows();
    double[] weights = softmax.of(image, head, query);
    for (int i = 0; i < op.headSize(); i++) {
      double value = 0;
      for (int key = 0; key < tokens; key++) {
        value += weights[key] * softmax.at(2, image, head, key, i);
      }
      int row = image * tokens + query;
      y[row * op.output().columns() + head * op.headSize() + i] = (float) value;
    }
  }
}
