package io.github.tornadovit.weights.config;

import io.github.tornadovit.weights.config.VisionConfig.Extent;

/**
 * The image that a model sees, and its patches.
 *
 * @param image pixels
 * @param patch pixels of one patch
 * @param channels of the image
 * @param anySize whether transformers' model takes images of any size unasked, its positions
 *     interpolated; the others refuse them unless {@code interpolate_pos_encoding} is set
 */
public record Geometry(Extent image, Extent patch, int channels, boolean anySize) {
  /** Patches down and across: image by patch, rounded down. */
  public Extent grid() {
    return new Extent(image.height() / patch.height(), image.width() / patch.width());
  }

  /** Number of patches. */
  public int patches() {
    return grid().height() * grid().width();
  }

  /** The same for another image. */
  public Geometry withImage(Extent size) {
    return new Geometry(size, patch, channels, anySize);
  }
}
