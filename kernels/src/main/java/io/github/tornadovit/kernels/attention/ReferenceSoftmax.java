package io.github.tornadovit.kernels.attention;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.Bf16;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one query over the keys, {@code softmax(q k^T * scale + bias)}, in double; layouts
 * and precisions as {@link Attention} has them.
 */
final class ReferenceSoftmax {
  private final float[] qkv;
  private final int tokens;
  private final int heads;
  private final int headSize;
  private final float scale;
  private final float @Nullable [] bias;
  private final Precision precision;

  ReferenceSoftmax(
      float[] qkv,
      int tokens,
      int heads,
      int headSize,
      float scale,
      float @Nullable [] bias,
      Precision precision) {
    this.qkv = qkv;
    this.tokens = tokens;
    this.heads = heads;
    this.headSize = headSize;
    this.scale = scale;
    this.bias = bias;
    this.precision = precision;
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
      double numerator = precision == Precision.F32 ? scores[key] : factor((float) scores[key]);
      scores[key] = numerator / sum;
    }
    return scores;
  }

  /** Element i of a token's query (part 0), key (1) or value (2), as products take it. */
  float at(int part, int image, int head, int token, int i) {
    int row = image * tokens + token;
    return factor(qkv[(row * 3 + part) * heads * headSize + head * headSize + i]);
  }

  /** A number as products of the precision take it. */
  private float factor(float x) {
    return switch (precision) {
      case F32 -> x;
      case BF16 -> Bf16.round(x);
      case INT8, F16 -> throw new IllegalStateException("no attention is in " + precision);
    };
  }
}
