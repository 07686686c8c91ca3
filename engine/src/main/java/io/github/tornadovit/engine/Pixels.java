package io.github.tornadovit.engine;

import io.github.tornadovit.base.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Images as a model takes them, what transformers calls {@code pixel_values}: {@code [B, C, H, W]}
 * row-major float32, resized, cropped, rescaled and normalised. Made by an {@link ImageProcessor},
 * or {@linkplain #of of} numbers that somebody else has prepared.
 *
 * <p>Owns its numbers: immutable, safe to share between threads. <b>Memory:</b> {@code 4 B C H W}
 * bytes, 0.6 MB for an image of 224x224.
 */
public final class Pixels {
  private final int images;
  private final int channels;
  private final int height;
  private final int width;

  /** Those of the images, and perhaps of others behind; never written to. */
  private final float[] values;

  private Pixels(int images, int channels, int height, int width, float[] values) {
    this.images = images;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.values = values;
  }

  /**
   * Copies values.
   *
   * @param images B, at least 1
   * @param channels C, at least 1
   * @param height H in pixels, at least 1
   * @param width W in pixels, at least 1
   * @param values {@code [B, C, H, W]}, row-major
   * @throws IllegalArgumentException if an extent is below 1, or their product is not the array's
   *     length
   */
  public static Pixels of(int images, int channels, int height, int width, float[] values) {
    return owning(images, channels, height, width, values.clone());
  }

  /** As {@link #of}, but keeps the array: the caller must not touch it any more. */
  static Pixels owning(int images, int channels, int height, int width, float[] values) {
    if (images < 1 || channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "pixels are [%d, %d, %d, %d], expected extents of at least 1"
              .formatted(images, channels, height, width));
    }
    long expected = Shape.of(images, channels, height, width).elements();
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "pixels have %d values, expected %d: [%d, %d, %d, %d]"
              .formatted(values.length, expected, images, channels, height, width));
    }
    return new Pixels(images, channels, height, width, values);
  }

  /**
   * Puts images one after the other into one batch, a copy; a single part is returned as it is.
   *
   * @throws IllegalArgumentException if there is none, or images differ in size or channels
   */
  public static Pixels concat(List<Pixels> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("there are no pixels, expected those of 1 image or more");
    }
    Pixels first = parts.getFirst();
    if (parts.size() == 1) {
      return first;
    }
    int images = parts.stream().mapToInt(Pixels::images).reduce(0, Math::addExact);
    float[] values = new float[Math.multiplyExact(images, first.imageSize())];
    int at = 0;
    for (Pixels part : parts) {
      if (!part.sameImageShape(first)) {
        throw new IllegalArgumentException(
            "pixels of %s and %s do not fit into one batch".formatted(first.shape(), part.shape()));
      }
      int length = part.images * part.imageSize();
      System.arraycopy(part.values, 0, values, at, length);
      at += length;
    }
    return new Pixels(images, first.channels, first.height, first.width, values);
  }

  /** B, the number of images. */
  public int images() {
    return images;
  }

  /** C, channels of an image. */
  public int channels() {
    return channels;
  }

  /** H, rows of an image in pixels. */
  public int height() {
    return height;
  }

  /** W, columns of an image in pixels. */
  public int width() {
    return width;
  }

  /** {@code [B, C, H, W]}. */
  public Shape shape() {
    return Shape.of(images, channels, height, width);
  }

  /**
   * The first images; not a copy.
   *
   * @param count from 1 to {@link #images()}
   * @throws IndexOutOfBoundsException if there are fewer, or none is asked for
   */
  public Pixels first(int count) {
    Objects.checkIndex(count - 1, images);
    return new Pixels(count, channels, height, width, values);
  }

  /** A copy of the values, {@code [B, C, H, W]} row-major. */
  public float[] toArray() {
    return Arrays.copyOf(values, images * imageSize());
  }

  /** The values themselves, or more behind them; for reading only. */
  float[] values() {
    return values;
  }

  boolean sameImageShape(Pixels other) {
    return channels == other.channels && height == other.height && width == other.width;
  }

  private int imageSize() {
    return channels * height * width;
  }

  /** The shape. */
  @Override
  public String toString() {
    return "Pixels" + shape();
  }
}
