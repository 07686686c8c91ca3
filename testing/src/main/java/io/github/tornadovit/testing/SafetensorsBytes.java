package io.github.tornadovit.testing;

import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds safetensors files. */
public final class SafetensorsBytes {
  private final List<String> entries = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** A file with a literal header and {@code dataBytes} zero bytes of data. */
  public static byte[] literal(String header, int dataBytes) {
    return file(header.getBytes(StandardCharsets.UTF_8), new byte[dataBytes]);
  }

  /** A file with a literal header. */
  public static byte[] file(byte[] header, byte[] data) {
    return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  /** Appends a tensor. */
  public SafetensorsBytes add(String name, DType dtype, Shape shape, byte[] content) {
    int begin = data.size();
    data.writeBytes(content);
    entries.add(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
            .formatted(name, dtype, shape.toString().replace(" ", ""), begin, data.size()));
    return this;
  }

  /** Appends a tensor of zeros. */
  public SafetensorsBytes zeros(String name, DType dtype, long... extents) {
    Shape shape = Shape.of(extents);
    return add(name, dtype, shape, new byte[Math.toIntExact(shape.elements() * dtype.bytes())]);
  }

  /** The file. */
  public byte[] build() {
    String header = "{" + String.join(",", entries) + "}";
    return file(header.getBytes(StandardCharsets.UTF_8), data.toByteArray());
  }
}
