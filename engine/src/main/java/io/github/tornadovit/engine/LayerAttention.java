package io.github.tornadovit.engine;

import io.github.tornadovit.weights.config.VisionConfig;
import java.util.Objects;

/**
 * The attention of one encoder block to one image: what each head and query gives to each key,
 * after the softmax, position biases included; transformers' {@code output_attentions}. Immutable.
 */
public final class LayerAttention {
  private final VisionConfig config;
  private final float[] weights;

  /** Keeps the array: {@code [H, T, T]}. */
  LayerAttention(VisionConfig config, float[] weights) {
    this.config = config;
    this.weights = weights;
  }

  /** H. */
  public int heads() {
    return config.heads();
  }

  /** T: prefix tokens (class, distillation, registers), those that there are, then the patches. */
  public int tokens() {
    return config.tokens();
  }

  /** A copy of the weights: {@code [H, T, T]}, head, query, key; every row sums to 1. */
  public float[] toArray() {
    return weights.clone();
  }

  /**
   * The weights that one head gives to the patches; the rest of the row's 1 goes to the tokens
   * before them.
   *
   * @throws IndexOutOfBoundsException if there is no such head
   * @throws UnsupportedOperationException if the model has no such token
   */
  public PatchMap map(AttentionToken token, int head) {
    Objects.checkIndex(head, heads());
    return map(token, head, head + 1);
  }

  /**
   * The weights that all heads give to the patches on average.
   *
   * @throws UnsupportedOperationException if the model has no such token
   */
  public PatchMap mean(AttentionToken token) {
    return map(token, 0, heads());
  }

  private PatchMap map(AttentionToken token, int from, int to) {
    double[] shares = token.shares(config);
    double[] sums = new double[tokens()];
    for (int head = from; head < to; head++) {
      addProduct(shares, weights, head * tokens() * tokens(), 1.0 / (to - from), sums);
    }
    return PatchMap.ofTokens(config, sums);
  }

  /** {@code sums[key] += scale * sum over query of shares[query] matrix[query, key]}. */
  static void addProduct(double[] shares, float[] matrix, int offset, double scale, double[] sums) {
    int tokens = shares.length;
    for (int query = 0; query < tokens; query++) {
      double share = scale * shares[query];
      if (share != 0) {
        int row = offset + query * tokens;
        for (int key = 0; key < tokens; key++) {
          sums[key] += share * matrix[row + key];
        }
      }
    }
  }
}
