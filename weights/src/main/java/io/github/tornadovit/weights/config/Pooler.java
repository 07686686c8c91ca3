package io.github.tornadovit.weights.config;

import io.github.tornadovit.base.Activation;

/** The {@code pooler_output} of a model, from the vector that {@link TokenPooling} gives. */
public sealed interface Pooler {
  /** The model has none. */
  record None() implements Pooler {}

  /** The class token, whatever the vector is. */
  record ClassToken() implements Pooler {}

  /** That vector itself. */
  record Pooled() implements Pooler {}

  /**
   * A linear layer and an activation.
   *
   * @param size width of the output
   */
  record Dense(Activation activation, int size) implements Pooler {}
}
