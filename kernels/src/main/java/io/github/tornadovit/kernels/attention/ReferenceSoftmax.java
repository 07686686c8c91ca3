package io.github.tornadovit.kernels.attention;

import org.jspecify.annotations.Nullable;

/**
 * The weights of one query over the keys, {@code softmax(q k^T * scale + bias)}, in double; layouts
 * as {@link Attention} has them.
 */
final class ReferenceSoftmax {
  private final float[] qkv;
  private final int tokens;
  private final int heads;
  private final int headSize;
  private final float scale;
  private final float @Nullable [] bias;

  ReferenceSoftmax(
      float[] qkv, int tokens, int heads, int headSize, float scale, float @Nullable [] bias) {
    this.qkv = qkv;
    this.tokens = tokens;
    this.heads = heads;
    this.headSize = headSize;
    this.scale = scale;
    this.bias = bias;
  }

  /** {@code [T]}, one weight per key. */
  double[] of(int image, int head, int query) {
    double[] scores = new double[tokens];
    double max = Double.NEGATIVE_INFINITY;
    for (int key = 0; key < tokens; key++) {
      double dot = 0;
      for (int i = 0; i < headSize; i++) {
        dot += (double) at(0, image, head, query, i) * at(1, image, head, key, i);
      }
      scores[key] = dot * scale;
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
    for (int key = 0; key < tokens; key++) {
      scores[key] /= sum;
    }
    return scores;
  }

  /** Element i of a token's query (part 0), key (1) or value (2). */
  float at(int part, int image, int head, int token, int i) {
    int row = image * tokens + token;
    return qkv[(row * 3 + part) * heads * headSize + head * headSize + i];
  }
}
