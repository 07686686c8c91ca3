package io.github.tornadovit.engine.image.codec;

import java.util.function.LongConsumer;

/**
 * The limit that a header must pass before anything is allocated for its pixels.
 *
 * @param maxPixels width times height at most
 * @param admission is told the pixels of what has passed, and returns when there is room for them
 */
public record PixelLimit(long maxPixels, LongConsumer admission) {
  /** Bytes of RGB must fit into one array, whatever the limit. */
  private static final long MAX_ARRAY_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  /** Fails if a side is below 1 or the area is above the limit. */
  public void check(long width, long height) throws MalformedImageException {
    if (width < 1 || height < 1) {
      throw new MalformedImageException(
          "is " + width + "x" + height + " pixels, expected at least 1x1");
    }
    long limit = Math.min(maxPixels, MAX_ARRAY_PIXELS);
    if (width > limit || height > limit || width * height > limit) {
      throw new MalformedImageException(
          "is "
              + width
              + "x"
              + height
              + " pixels, more than the limit of "
              + limit
              + (maxPixels < MAX_ARRAY_PIXELS
                  ? "; --max-pixels (ModelOptions.withMaxPixels) raises it if the file is to be trusted"
                  : ", which is that of an array"));
    }
    admission.accept(width * height);
  }

  /**
   * Fails if so few bytes cannot encode so many pixels, as a header that lies would have it.
   *
   * @param pixelsPerByte the most pixels that the format can put into one byte
   */
  public void checkRatio(long width, long height, long bytes, long pixelsPerByte)
      throws MalformedImageException {
    if (width * height > (bytes + 1) * pixelsPerByte) {
      throw new MalformedImageException(
          "is truncated: its "
              + bytes
              + " bytes of image data cannot hold "
              + width
              + "x"
              + height
              + " pixels");
    }
  }
}
