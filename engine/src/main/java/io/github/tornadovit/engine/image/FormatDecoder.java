package io.github.tornadovit.engine.image;

import java.io.IOException;

/** Decodes the files of one format. Implementations have no state. */
interface FormatDecoder {
  /**
   * The picture as stored, with the orientation that it is to be shown in.
   *
   * @param image not turned yet
   * @param orientation may turn out to be malformed when it is asked for
   */
  record Decoded(RgbImage image, Orientation orientation) {}

  /**
   * Decodes a whole file.
   *
   * @param limit is asked before anything is allocated for the pixels
   * @throws IOException if the file is damaged; a {@link MalformedImageException} where this
   *     package found the fault. The readers of ImageIO throw runtime exceptions as well.
   */
  Decoded decode(Bytes encoded, PixelLimit limit) throws IOException;
}
