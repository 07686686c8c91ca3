package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.Step;

/** {@link AttentionWeights} by its definition, in double, one query at a time. */
public final class ReferenceAttentionWeights implements Step {
  private final AttentionWeights op;
  private final ReferenceSoftmax softmax;
  private final float[] y;

  /** Finds the buffers and weights of {@code op}. */
  public ReferenceAttentionWeights(AttentionWeights op, HostBuffers buffers, HostWeights weights) {
    this.op = op;
    this.softmax =
        new ReferenceSoftmax(
            buffers.of(op.qkv()),
            op.qkv().rows(),
            op.heads(),
            op.headSize(),
            op.scale(),
            op.bias() == null ? null : weights.rows(op.bias()),
            Precision.F32);
    this.y = buffers.of(op.output());
  }

  @Override
  public void run(int batch) {
    int headsPerMap = op.heads() / op.maps();
    for (int image = 0; image < batch; image++) {
      for (int map = 0; map < op.maps(); map++) {
        for (int query = 0; query < op.qkv().rows(); query++) {
          mean(image, map * headsPerMap, headsPerMap, query, (image * op.maps() + map));
        }
      }
    }
  }

  private void mean(int image, int firstHead, int heads, int query, int map) {
    int tokens = op.qkv().rows();
    double[] mean = new double[tokens];
    for (int head = firstHead; head < firstHead + heads; head++) {
      double[] weights = softmax.of(image, head, query);
      for (int key = 0; key < tokens; key++) {
        mean[key] += weights[key] / heads;
      }
    }
    for (int key = 0; key < tokens; key++) {
      y[(map * tokens + query) * tokens + key] = (float) mean[key];
    }
  }
}
