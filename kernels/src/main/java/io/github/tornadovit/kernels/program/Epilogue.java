package io.github.tornadovit.kernels.program;

import io.github.tornadovit.base.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The epilogue of a matrix product, applied to its biased sums {@code v}; every backend has each of
 * them.
 */
public sealed interface Epilogue {
  /** {@code y = v}. */
  Epilogue NONE = new Activate(Activation.IDENTITY);

  /**
   * {@code y = act(v)}.
   *
   * @param activation applied element by element
   */
  record Activate(Activation activation) implements Epilogue {}

  /**
   * {@code y = x + scale * v}: the end of a residual branch.
   *
   * @param input x, of the shape of y
   * @param scale {@code [N]}, multiplied per output channel (layer scale), or null for ones
   */
  record Residual(Buffer input, @Nullable Weight scale) implements Epilogue {}
}
