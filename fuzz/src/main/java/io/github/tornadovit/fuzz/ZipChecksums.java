package io.github.tornadovit.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Corrects the checksums of the stored entries of a zip file, as far as it can be made out. */
final class ZipChecksums {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int END_BYTES = 22;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_BYTES = 30;

  private ZipChecksums() {}

  /** A copy whose directory holds the checksums of the bytes that it describes. */
  static byte[] corrected(byte[] file) {
    byte[] copy = file.clone();
    ByteBuffer bytes = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    int end = copy.length - END_BYTES;
    while (end >= 0 && bytes.getInt(end) != END_SIGNATURE) {
      end--;
    }
    int at = end < 0 ? copy.length : bytes.getInt(end + 16);
    while (at >= 0 && at <= end - CENTRAL_BYTES && bytes.getInt(at) == CENTRAL_SIGNATURE) {
      correct(copy, bytes, at);
      at += CENTRAL_BYTES + u16(bytes, at + 28) + u16(bytes, at + 30) + u16(bytes, at + 32);
    }
    return copy;
  }

  private static void correct(byte[] file, ByteBuffer bytes, int central) {
    int size = bytes.getInt(central + 24);
    int local = bytes.getInt(central + 42);
    if (local < 0 || local > file.length - LOCAL_BYTES || size < 0) {
      return;
    }
    int data = local + LOCAL_BYTES + u16(bytes, local + 26) + u16(bytes, local + 28);
    if (data <= file.length && size <= file.length - data) {
      CRC32 crc = new CRC32();
      crc.update(file, data, size);
      bytes.putInt(central + 16, (int) crc.getValue());
    }
  }

  private static int u16(ByteBuffer bytes, int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }
}
