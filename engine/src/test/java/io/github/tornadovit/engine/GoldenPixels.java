package io.github.tornadovit.engine;

import io.github.tornadovit.testing.Golden;

/** Images as the reference prepared them. */
public final class GoldenPixels {
  private GoldenPixels() {}

  /** Of a tensor {@code [B, C, H, W]}. */
  public static Pixels of(Golden.Tensor tensor) {
    int[] shape = tensor.shape();
    return Pixels.of(shape[0], shape[1], shape[2], shape[3], tensor.floats());
  }
}
