package io.github.tornadovit.engine.image.codec;

/**
 * A decoded picture as stored: 8-bit RGB, row-major, three bytes a pixel.
 *
 * @param width columns in pixels, at least 1
 * @param height rows in pixels, at least 1
 * @param rgb {@code [(y * width + x) * 3 + channel]}, unsigned, red first; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Picture(int width, int height, byte[] rgb) {
  /** Checks the sizes. */
  public Picture {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "image is " + width + "x" + height + " pixels, expected at least 1x1");
    }
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
  }

  /**
   * This picture on a larger canvas; this picture itself if the canvas has its size.
   *
   * @param left column of its first pixel
   * @param top row of its first pixel
   * @param background the canvas' colour, {@code 0xRRGGBB}
   */
  public Picture on(int canvasWidth, int canvasHeight, int left, int top, int background) {
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
    return new Picture(canvasWidth, canvasHeight, canvas);
  }
}
