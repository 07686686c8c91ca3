package io.github.tornadovit.weights.config;

/** The vector of the last hidden state that classifies, and that a pooler takes. */
public sealed interface TokenPooling {
  /** The class token. */
  record ClassToken() implements TokenPooling {}

  /**
   * The mean of the patches.
   *
   * @param normed whether a layer norm follows (BEiT)
   */
  record PatchMean(boolean normed) implements TokenPooling {}

  /** The class token, and behind it the mean of the patches (DINOv2): twice as wide as a token. */
  record ClassAndPatchMean() implements TokenPooling {}

  /**
   * That of an attention pooling head, see {@link Pooler.AttentionHead} (timm's {@code map}).
   *
   * @param mlp behind the attention
   * @param ofPatches whether it attends to the patches alone, not to the tokens before them
   */
  record AttentionHead(Mlp.Plain mlp, boolean ofPatches) implements TokenPooling {}
}
