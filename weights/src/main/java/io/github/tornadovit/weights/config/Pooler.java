package io.github.tornadovit.weights.config;

import io.github.tornadovit.base.Activation;
import org.jspecify.annotations.Nullable;

/** The {@code pooler_output} of a model, from the vector that {@link TokenPooling} gives. */
public sealed interface Pooler {
  /** The model has none. */
  record None() implements Pooler {}

  /** The class token, whatever the vector is. */
  record ClassToken() implements Pooler {}

  /** The mean of class token and distillation token: what timm takes for a distilled model's. */
  record DistilledPair() implements Pooler {}

  /** That vector itself. */
  record Pooled() implements Pooler {}

  /**
   * A layer norm of the class token (CLIP), also where another vector classifies.
   *
   * @param projection width of {@code image_embeds}, what a linear map makes of it for comparison
   *     with texts; null without that map
   */
  record NormedClassToken(@Nullable Integer projection) implements Pooler {}

  /**
   * Attention of a learned query to all tokens, then {@code x + MLP(norm(x))}: a multihead
   * attention pooling head (Zhai et al. 2022, Scaling Vision Transformers, section 3.4; SigLIP). It
   * has the heads of the encoder's attention.
   *
   * @param mlp behind the attention
   */
  record AttentionHead(Mlp.Plain mlp) implements Pooler {}

  /**
   * A linear layer and an activation.
   *
   * @param size width of the output
   */
  record Dense(Activation activation, int size) implements Pooler {}
}
