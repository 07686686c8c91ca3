package io.github.tornadovit.engine.image;

import io.github.tornadovit.engine.image.codec.Picture;
import java.util.Objects;

/**
 * A decoded picture: 8-bit RGB, row-major, three bytes a pixel, no alpha. Immutable and safe to
 * share between threads.
 */
public final class RgbImage {
  private final Picture picture;

  /** An image of that picture, whose array the caller must not touch any more. */
  RgbImage(Picture picture) {
    this.picture = picture;
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
    return new RgbImage(new Picture(width, height, rgb.clone()));
  }

  /** As {@link #of}, but keeps the array: the caller must not touch it any more. */
  static RgbImage owning(int width, int height, byte[] rgb) {
    return new RgbImage(new Picture(width, height, rgb));
  }

  /** Columns in pixels. */
  public int width() {
    return picture.width();
  }

  /** Rows in pixels. */
  public int height() {
    return picture.height();
  }

  /** A copy of the pixels: {@code [(y * width + x) * 3 + channel]}, unsigned, red first. */
  public byte[] toByteArray() {
    return picture.rgb().clone();
  }

  /** The pixels themselves, for reading only. */
  byte[] pixels() {
    return picture.rgb();
  }

  /** The picture itself, for reading only. */
  Picture picture() {
    return picture;
  }

  /** The size as {@code 640x480}, width first as image tools print it. */
  @Override
  public String toString() {
    return width() + "x" + height();
  }
}
