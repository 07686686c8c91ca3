package io.github.tornadovit.engine.image.codec;

import java.io.IOException;

/** Decodes the files of one format. Implementations have no state. */
public interface FormatDecoder {
  /**
   * Decodes a whole file.
   *
   * @param limit is asked before anything is allocated for the pixels
   * @param sink gets the picture
   * @throws IOException if the file is damaged; a {@link MalformedImageException} where this
   *     package found the fault. The readers of ImageIO throw runtime exceptions as well.
   */
  void decode(Bytes encoded, PixelLimit limit, AdmittedSink sink) throws IOException;

  /**
   * Bytes of the heap that a pixel takes while it is decoded, without what the sink takes; 0 where
   * the picture never exists as a whole.
   */
  int bytesPerPixel();
}
