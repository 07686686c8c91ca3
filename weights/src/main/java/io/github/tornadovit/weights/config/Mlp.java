package io.github.tornadovit.weights.config;

import io.github.tornadovit.base.Activation;

/** The MLP of each block. */
public sealed interface Mlp {
  /** Behind the first layer. */
  Activation activation();

  /** Width of the hidden layer. */
  int size();

  /** Whether its layers have biases. */
  boolean bias();

  /** {@code W2 act(W1 x + b1) + b2}. */
  record Plain(Activation activation, int size, boolean bias) implements Mlp {
    /** One with biases. */
    public Plain(Activation activation, int size) {
      this(activation, size, true);
    }
  }

  /**
   * {@code W2 (act(G x + g) * (W1 x + b1)) + b2} (Shazeer 2020); SwiGLU with {@link
   * Activation#SILU}.
   */
  record Gated(Activation activation, int size, boolean bias) implements Mlp {
    /** One with biases. */
    public Gated(Activation activation, int size) {
      this(activation, size, true);
    }
  }
}
