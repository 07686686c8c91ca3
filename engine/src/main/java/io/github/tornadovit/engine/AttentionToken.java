package io.github.tornadovit.engine;

import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.Arrays;
import java.util.Locale;

/** The queries that an attention map takes its weights from. */
public enum AttentionToken {
  /** The class token, which classifies in ViT and DeiT. */
  CLS,
  /** The distillation token of DeiT. */
  DISTILLATION,
  /** The mean of the patches, which classifies in BEiT with mean pooling. */
  PATCHES;

  /** The class token, or the patches in a model that has none (SigLIP). */
  public static AttentionToken of(VisionConfig config) {
    return config.has(Kind.CLASS) ? CLS : PATCHES;
  }

  /**
   * The share of each query.
   *
   * @throws UnsupportedOperationException if the model has no such token
   */
  double[] shares(VisionConfig config) {
    double[] shares = new double[config.tokens()];
    switch (this) {
      case CLS -> shares[index(config, Kind.CLASS)] = 1;
      case DISTILLATION -> shares[index(config, Kind.DISTILLATION)] = 1;
      case PATCHES ->
          Arrays.fill(shares, config.prefixTokens(), shares.length, 1.0 / config.patches());
    }
    return shares;
  }

  private static int index(VisionConfig config, Kind kind) {
    int index = config.encoder().embeddings().indexOf(kind);
    if (index < 0) {
      throw new UnsupportedOperationException(
          "the model has no %s token; use token %s"
              .formatted(
                  kind.toString().toLowerCase(Locale.ROOT),
                  config.has(Kind.CLASS) ? "cls or patches" : "patches"));
    }
    return index;
  }
}
