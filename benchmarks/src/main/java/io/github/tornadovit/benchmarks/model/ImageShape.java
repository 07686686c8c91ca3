package io.github.tornadovit.benchmarks.model;

import io.github.tornadovit.weights.config.VisionConfig;
import java.util.Random;

/**
 * The shape {@code [C, H, W]} of one image as a model takes it.
 *
 * @param channels C
 * @param height H
 * @param width W
 */
public record ImageShape(int channels, int height, int width) {

  /** The shape that a checkpoint's configuration says. */
  public static ImageShape of(VisionConfig config) {
    return new ImageShape(
        config.channels(), config.imageSize().height(), config.imageSize().width());
  }

  /** Values of one image. */
  public int size() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  /** Images {@code [images, C, H, W]} of normal noise, as normalised pixels are distributed. */
  public float[] noise(int images, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[Math.multiplyExact(images, size())];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
