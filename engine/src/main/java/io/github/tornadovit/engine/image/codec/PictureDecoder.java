package io.github.tornadovit.engine.image.codec;

import java.io.IOException;

/** Decodes the files of a format whose pictures come as a whole. */
public interface PictureDecoder extends FormatDecoder {
  /**
   * The picture as stored, with the orientation that it is to be shown in.
   *
   * @param image not turned yet
   * @param orientation may turn out to be malformed when it is asked for
   */
  record Decoded(Picture image, Orientation orientation) {}

  /** As {@link #decode(Bytes, PixelLimit, AdmittedSink)}, as a whole. */
  Decoded decode(Bytes encoded, PixelLimit limit) throws IOException;

  @Override
  default void decode(Bytes encoded, PixelLimit limit, AdmittedSink sink) throws IOException {
    Decoded decoded = decode(encoded, limit);
    sink.picture(decoded.image(), decoded.orientation());
  }

  /** Samples of a reader, four of them or two of 16 bits, and RGB. */
  @Override
  default int bytesPerPixel() {
    return 8;
  }
}
