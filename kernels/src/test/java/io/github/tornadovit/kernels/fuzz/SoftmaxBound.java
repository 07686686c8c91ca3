package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;

/**
 * The weights that a query gives to the keys, and the worst that float32 can do to them.
 *
 * <p>A score that is off by d makes its numerator off by a factor of exp(d), and so the sum; a
 * weight is at least the smallest possible numerator divided by the largest possible sum, at most
 * the other way round, and never more than 1.
 */
final class SoftmaxBound {
  /** Keys that device kernels take at a time at least; for each such tile sums are scaled anew. */
  private static final int TILE = 32;

  /** Relative errors of an exponential function and its argument's own rounding: 1e-6 a time. */
  private static final double EXPONENTIAL = 1e-6;

  /** What exponential functions may take for zero: exp(-87.3). */
  private static final double VANISHING = 1.3e-38;

  private final double[] weights;
  private final double[] errors;
  private final double[] otherCodes;
  private final boolean free;

  /** Where queries, keys and bias lie, as attention has them. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Layout(
      float[] qkv, int tokens, int heads, int headSize, float scale, float @Nullable [] bias) {
    Layout(float[] qkv, int tokens, int heads, int headSize, float scale, @Nullable Weight bias) {
      this(qkv, tokens, heads, headSize, scale, bias == null ? null : bias.toArray());
    }

    /** Element i of a query (part 0), key (1) or value (2). */
    double at(int part, int image, int head, int token, int i) {
      int row = image * tokens + token;
      return qkv[(row * 3 + part) * heads * headSize + head * headSize + i];
    }
  }

  SoftmaxBound(Layout layout, int image, int head, int query, double smallest) {
    int tokens = layout.tokens;
    double scale = layout.scale;
    double[] scores = new double[tokens];
    double[] off = new double[tokens];
    double max = Double.NEGATIVE_INFINITY;
    boolean overflows = false;
    for (int key = 0; key < tokens; key++) {
      SumBound sum = new SumBound();
      double dot = 0;
      for (int i = 0; i < layout.headSize; i++) {
        double q = layout.at(0, image, head, query, i);
        double k = layout.at(1, image, head, key, i);
        dot += q * k;
        sum.add(q, k);
      }
      double bias = layout.bias == null ? 0 : layout.bias[(head * tokens + query) * tokens + key];
      scores[key] = dot * scale + bias;
      max = Math.max(max, scores[key]);
      double finiteBias = Double.isFinite(bias) ? Math.abs(bias) : 0;
      off[key] =
          sum.scaledError(scale, smallest)
              + SumBound.roundings(1) * (finiteBias + Math.abs(scale) * sum.magnitude());
      overflows |= SumBound.overflows(sum.magnitude() * Math.max(1, Math.abs(scale)) + finiteBias);
    }
    free = overflows;
    weights = new double[tokens];
    errors = new double[tokens];
    otherCodes = new double[tokens];
    bound(scores, off, max);
  }

  private void bound(double[] scores, double[] off, double max) {
    double exponentials = EXPONENTIAL * (1 + scores.length / TILE);
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - max);
    }
    double most = 0;
    double least = 0;
    for (int key = 0; key < scores.length; key++) {
      boolean excluded = scores[key] == Double.NEGATIVE_INFINITY;
      // The difference from the maximum is rounded once more.
      off[key] =
          excluded
              ? 0
              : off[key]
                  + SumBound.roundings(2) * (Math.abs(scores[key]) + Math.abs(max))
                  + exponentials;
      weights[key] = Math.exp(scores[key] - max) / sum;
      // Near the middle of two codes of bf16 a numerator may become either.
      otherCodes[key] =
          (Bf16.round(numerator(scores[key] - max + off[key]))
                  - Bf16.round(numerator(scores[key] - max - off[key])))
              / sum;
      most += Math.exp(scores[key] - max + off[key]) / sum;
      least += Math.exp(scores[key] - max - off[key]) / sum;
    }
    for (int key = 0; key < scores.length; key++) {
      double high = Math.exp(scores[key] - max + off[key]) / sum / least;
      double low = Math.exp(scores[key] - max - off[key]) / sum / most;
      double highest = Double.isNaN(high) ? 1 : Math.min(1, high);
      double lowest = Double.isNaN(low) ? 0 : low;
      errors[key] =
          Math.max(highest - weights[key], weights[key] - lowest)
              + SumBound.roundings(scores.length + 8) * weights[key]
              + VANISHING;
    }
  }

  /** At most 1, that of the largest score. */
  private static float numerator(double exponent) {
    return (float) Math.min(1, Math.exp(exponent));
  }

  /** Whether a score may overflow. */
  boolean free() {
    return free;
  }

  double weight(int key) {
    return weights[key];
  }

  double error(int key) {
    return errors[key];
  }

  /** How far apart the codes of bf16 are that the numerator may become, as a weight. */
  double otherCode(int key) {
    return otherCodes[key];
  }
}
