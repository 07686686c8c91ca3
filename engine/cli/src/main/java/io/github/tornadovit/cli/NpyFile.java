package io.github.tornadovit.cli;

import io.github.tornadovit.base.tensor.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * NumPy's {@code .npy} format, version 1.0: magic, header length (u16), a Python dictionary padded
 * with spaces to a multiple of 64 bytes, then the elements, little-endian. Written row by row.
 */
final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private final OutputStream target;
  private final byte[] bytes;

  /** Begins a float32 array {@code [rows, extents of a row]}. */
  NpyFile(int rows, Shape row, OutputStream target) throws IOException {
    this.target = target;
    bytes = new byte[Math.multiplyExact(Math.toIntExact(row.elements()), Float.BYTES)];
    String extents =
        IntStream.range(0, row.rank())
            .mapToObj(axis -> ", " + row.extent(axis))
            .collect(Collectors.joining());
    writeHeader(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d%s), }".formatted(rows, extents));
  }

  private void writeHeader(String dictionary) throws IOException {
    int unpadded = MAGIC.length + Short.BYTES + dictionary.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    byte[] header = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    target.write(MAGIC);
    target.write(header.length);
    target.write(header.length >> 8);
    target.write(header);
  }

  /** Appends a row. */
  void write(float[] row) throws IOException {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(row);
    target.write(bytes);
  }
}
