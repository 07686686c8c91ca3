package io.github.tornadovit.engine.image;

import java.util.Objects;

/**
 * A decoded picture: 8-bit RGB, row-major, three bytes a pixel, no alpha. Immutable and safe to
 * share between threads.
 */
public final class RgbImage {
  private final int width;
  private final int height;
  private final byte[] rgb;

  private RgbImage(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /**
   * Copies pixels into a new image.
   *
   * @param width columns in pixels, at least 1
   * @param height rows in pixels, at least 1
   * @param rgb {@code rgb[(y * width + x) * 3 + channel]}, unsigned, red first
   * @throws IllegalArgumentException if a side is below 1 or the array's length is not {@code width
   *     * height * 3}
   */
  public static RgbImage of(int width, int height, byte[] rgb) {
    Objects.requireNonNull(rgb, "rgb");
    checkSize(width, height);
    if (rgb.length != (long) width * height * 3) {
      throw new IllegalArgumentException(
          "rgb has "
              + rgb.length
              + " bytes, expected "
              + (long) width * height * 3
              + " for "
              + width
              + "x"
              + height
              + " pixels");
    }
    return new RgbImage(width, height, rgb.clone());
  }

  /** As {@link #of}, but keeps the array: the caller must not touch it any more. */
  static RgbImage owning(int width, int height, byte[] rgb) {
    checkSize(width, height);
    if (rgb.length != (long) width * height * 3) {
      throw new IllegalArgumentException("rgb has " + rgb.length + " bytes");
    }
    return new RgbImage(width, height, rgb);
  }

  private static void checkSize(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "image is " + width + "x" + height + " pixels, expected at least 1x1");
    }
  }

  /** Columns in pixels. */
  public int width() {
    return width;
  }

  /** Rows in pixels. */
  public int height() {
    return height;
  }

  /** A copy of the pixels: {@code [(y * width + x) * 3 + channel]}, unsigned, red first. */
  public byte[] toByteArray() {
    return rgb.clone();
  }

  /** The pixels themselves, for reading only. */
  byte[] pixels() {
    return rgb;
  }

  /** The size as {@code 640x480}, width first as image tools print it. */
  @Override
  public String toString() {
    return width + "x" + height;
  }
}
