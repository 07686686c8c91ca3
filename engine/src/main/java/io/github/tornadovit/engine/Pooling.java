package io.github.tornadovit.engine;

/**
 * Reduces a sequence of tokens to the feature of an image: one vector {@code [D]}, or all of them.
 *
 * <p>The sequence is the encoder's last hidden state as transformers defines it for the
 * architecture, after the final layer norm where there is one, unless {@link Feature#layer} names
 * another.
 */
public enum Pooling {
  /** The class token. */
  CLS,
  /** The mean of the patch tokens; class and distillation tokens are left out. */
  MEAN,
  /**
   * The model's own pooler output: a dense layer and tanh on the class token (ViT, DeiT base
   * models), the layer norm of the mean of the patches (BEiT) or of the class token (CLIP), an
   * attention pooling head (SigLIP). Refused where the checkpoint has no pooler, and for another
   * layer than the last.
   */
  POOLER,
  /**
   * CLIP's {@code image_embeds}: the pooler output in the space that images share with texts.
   * Refused where the checkpoint has no projection, and for another layer than the last.
   */
  PROJECTION,
  /** None: every token {@code [T, D]}, the class token first, DeiT's distillation token second. */
  TOKENS
}
