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

  /**
   * This image on a larger canvas; this image itself if the canvas has its size.
   *
   * @param left column of its first pixel
   * @param top row of its first pixel
   * @param background the canvas' colour, {@code 0xRRGGBB}
   */
  RgbImage on(int canvasWidth, int canvasHeight, int left, int top, int background) {
    if (canvasWidth == width && canvasHeight == height) {
      return this;
    }
    byte[] canvas = new byte[Math.multiplyExact(Math.multiplyExact(canvasWidth, canvasHeight), 3)];
    for (int i = 0; i < canvas.length; i += 3) {
      canvas[i] = (byte) (background >> 16);
      canvas[i + 1] = (byte) (background >> 8);
      canvas[i + 2] = (byte) background;
    }
    for (int y = 0; y < height; y++) {
      int target = ((top + y) * canvasWidth + left) * 3;
      System.arraycopy(rgb, y * width * 3, canvas, target, width * 3);
    }
    return new RgbImage(canvasWidth, canvasHeight, canvas);
  }

  /** The size as {@code 640x480}, width first as image tools print it. */
  @Override
  public String toString() {
    return width + "x" + height;
  }
}
