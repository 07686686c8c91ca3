package io.github.tornadovit.engine;

/**
 * How a sequence of tokens becomes one feature vector {@code [D]}.
 *
 * <p>{@link #CLS} and {@link #MEAN} are taken from the encoder's last hidden state as transformers
 * defines it for the architecture: after the final layer norm where there is one.
 */
public enum Pooling {
  /** The class token. */
  CLS,
  /** The mean of the patch tokens; class and distillation tokens are left out. */
  MEAN,
  /**
   * The model's own pooler output: a dense layer and tanh on the class token (ViT, DeiT base
   * models), or the layer norm of the mean of the patches (BEiT). Refused where the checkpoint has
   * no pooler.
   */
  POOLER
}
