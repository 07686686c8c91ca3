package io.github.tornadovit.weights.safetensors;

import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes float32 tensors as a safetensors file; the format is described at the package. */
public final class SafetensorsWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  private SafetensorsWriter() {}

  /**
   * A tensor to be written.
   *
   * @param name unique in its file
   * @param shape of the values
   * @param values row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over to be written, never compared.
  public record Tensor(String name, Shape shape, float[] values) {
    public Tensor {
      if (shape.elements() != values.length) {
        throw new IllegalArgumentException(
            "tensor '%s' has %d values, expected %d because its shape is %s"
                .formatted(name, values.length, shape.elements(), shape));
      }
    }
  }

  /**
   * Writes a file.
   *
   * @param metadata the content of {@code __metadata__}
   * @param tensors in the order in which their data is written
   */
  public static void write(OutputStream target, Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    byte[] header = header(metadata, tensors);
    // The data starts at a multiple of eight bytes, as the reference implementation has it.
    int padding = -header.length & (Long.BYTES - 1);
    byte[] length = new byte[Long.BYTES];
    littleEndian(length).putLong(header.length + padding);
    target.write(length);
    target.write(header);
    target.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    for (Tensor tensor : tensors) {
      byte[] data = new byte[Math.multiplyExact(tensor.values().length, Float.BYTES)];
      littleEndian(data).asFloatBuffer().put(tensor.values());
      target.write(data);
    }
  }

  private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeName("__metadata__").writeStartObject();
      metadata.forEach((key, value) -> json.writeName(key).writeString(value));
      json.writeEndObject();
      long offset = 0;
      for (Tensor tensor : tensors) {
        long end = offset + (long) tensor.values().length * Float.BYTES;
        json.writeName(tensor.name()).writeStartObject();
        json.writeName("dtype").writeString(DType.F32.name());
        json.writeName("shape").writeStartArray();
        for (int axis = 0; axis < tensor.shape().rank(); axis++) {
          json.writeNumber(tensor.shape().extent(axis));
        }
        json.writeEndArray();
        json.writeName("data_offsets").writeStartArray();
        json.writeNumber(offset).writeNumber(end);
        json.writeEndArray();
        json.writeEndObject();
        offset = end;
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
