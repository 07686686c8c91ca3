package io.github.tornadovit.engine;

import io.github.tornadovit.weights.config.VisionConfig;
import java.util.Arrays;

/** The queries that an attention map takes its weights from. */
public enum AttentionToken {
  /** The class token, which classifies in ViT and DeiT. */
  CLS,
  /** The distillation token of DeiT. */
  DISTILLATION,
  /** The mean of the patches, which classifies in BEiT with mean pooling. */
  PATCHES;

  /**
   * The share of each query.
   *
   * @throws UnsupportedOperationException if the model has no such token
   */
  double[] shares(VisionConfig config) {
    double[] shares = new double[config.tokens()];
    switch (this) {
      case CLS -> shares[0] = 1;
      case DISTILLATION -> {
        if (!config.distillationToken()) {
          throw new UnsupportedOperationException(
              "the model has no distillation token; use token cls or patches");
        }
        shares[1] = 1;
      }
      case PATCHES ->
          Arrays.fill(shares, config.prefixTokens(), shares.length, 1.0 / config.patches());
    }
    return shares;
  }
}
