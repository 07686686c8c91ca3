package io.github.tornadovit.engine.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * NumPy's {@code .npy} format, version 1.0: magic, header length (u16), a Python dictionary padded
 * with spaces to a multiple of 64 bytes, then the elements, little-endian.
 */
final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private NpyFile() {}

  /**
   * Writes entries of equal shape as a float32 array {@code [entries, shape...]}.
   *
   * @param shape of an entry
   */
  static void write(List<float[]> entries, OutputStream target, int... shape) throws IOException {
    int length = 1;
    StringBuilder extents = new StringBuilder().append(entries.size());
    for (int extent : shape) {
      length = Math.multiplyExact(length, extent);
      extents.append(", ").append(extent);
    }
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }".formatted(extents);
    int unpadded = MAGIC.length + Short.BYTES + dictionary.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    byte[] header = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    target.write(MAGIC);
    target.write(header.length);
    target.write(header.length >> 8);
    target.write(header);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] entry : entries) {
      bytes.clear();
      bytes.asFloatBuffer().put(entry);
      target.write(bytes.array());
    }
    target.flush();
  }
}
