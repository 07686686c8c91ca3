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
}
