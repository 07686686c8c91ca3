package io.github.tornadovit.fuzz;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Corrects the checksums of the chunks of a PNG file, as far as they can be made out. */
final class PngChecksums {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;

  private PngChecksums() {}

  /** A copy whose chunks have the checksums of their bytes; of another format, a plain copy. */
  static byte[] corrected(byte[] file) {
    byte[] copy = file.clone();
    ByteBuffer bytes = ByteBuffer.wrap(copy);
    if (copy.length < Long.BYTES || bytes.getLong(0) != SIGNATURE) {
      return copy;
    }
    int at = Long.BYTES;
    while (at <= copy.length - 12) {
      int length = bytes.getInt(at);
      if (length < 0 || length > copy.length - at - 12) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(copy, at + 4, length + 4);
      bytes.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
    return copy;
  }
}
