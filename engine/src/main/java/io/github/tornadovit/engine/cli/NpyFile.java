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

  /** Writes rows of equal width as a float32 array {@code [rows, width]}. */
  static void write(List<float[]> rows, int width, OutputStream target) throws IOException {
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(rows.size(), width);
    int unpadded = MAGIC.length + Short.BYTES + dictionary.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    byte[] header = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    target.write(MAGIC);
    target.write(header.length);
    target.write(header.length >> 8);
    target.write(header);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(width, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      bytes.clear();
      bytes.asFloatBuffer().put(row);
      target.write(bytes.array());
    }
    target.flush();
  }
}
