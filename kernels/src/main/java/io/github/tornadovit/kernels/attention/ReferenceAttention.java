package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;
import org.jspecify.annotations.Nullable;

/** {@link Attention} by its definition, in double, one query at a time. */
public final class ReferenceAttention implements Step {
  private final Attention op;
  private final float[] qkv;
  private final float @Nullable [] bias;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferenceAttention(Attention op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    this.qkv = buffers.of(op.qkv());
    this.bias = op.bias() == null ? null : weights.rows(op.bias());
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
    double[] scores = new double[tokens];
    double max = Double.NEGATIVE_INFINITY;
    for (int key = 0; key < tokens; key++) {
      double dot = 0;
      for (int i = 0; i < op.headSize(); i++) {
        dot += (double) at(0, image, head, query, i) * at(1, image, head, key, i);
      }
      scores[key] = dot * op.scale();
      if (bias != null) {
        scores[key] += bias[(head * tokens + query) * tokens + key];
      }
      max = Math.max(max, scores[key]);
    }
    double sum = 0;
    for (int key = 0; key < tokens; key++) {
      scores[key] = Math.exp(scores[key] - max);
      sum += scores[key];
    }
    for (int i = 0; i < op.headSize(); i++) {
      double value = 0;
      for (int key = 0; key < tokens; key++) {
        value += scores[key] / sum * at(2, image, head, key, i);
      }
      int row = image * tokens + query;
      y[row * op.output().columns() + head * op.headSize() + i] = (float) value;
    }
  }

  /** Element i of a token's query (part 0), key (1) or value (2). */
  private float at(int part, int image, int head, int token, int i) {
    int row = image * op.qkv().rows() + token;
    return qkv[row * op.qkv().columns() + (part * op.heads() + head) * op.headSize() + i];
  }
}
