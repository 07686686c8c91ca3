package io.github.tornadovit.engine.image.codec;

/**
 * Takes a picture while it is decoded: its size, then every row once, from the top. Who decodes may
 * begin again, with the same size, where memory ran out the first time.
 */
public interface RowSink {
  /**
   * The picture as stored.
   *
   * @param width columns in pixels
   * @param height rows in pixels
   * @param orientation EXIF's code 1 to 8, how it is to be turned; anything else means 1
   */
  void begin(int width, int height, int orientation);

  /**
   * The next row.
   *
   * @param y its number as stored, from 0
   * @param rgb {@code 3 * width} bytes, interleaved; valid during the call
   * @param offset of the first byte in {@code rgb}
   */
  void row(int y, byte[] rgb, int offset);

  /** All rows of a picture that is there as a whole, which the sink may keep. */
  default void picture(Picture image, int orientation) {
    begin(image.width(), image.height(), orientation);
    for (int y = 0; y < image.height(); y++) {
      row(y, image.rgb(), y * image.width() * 3);
    }
  }

  /** Bytes that the sink allocates when it begins, about. */
  long bytes(int width, int height, int orientation);
}
