package io.github.tornadovit.testing;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The reference's answers under {@code engine/src/test/resources/golden}. Its safetensors reader is
 * its own, thirty lines, so that a fault in the product's reader cannot hide itself.
 */
public final class Golden {
  private final Path file;
  private final Map<String, Tensor> tensors;

  private Golden(Path file, Map<String, Tensor> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /** One tensor: F32 values or U8 bytes, whichever it holds. */
  @SuppressWarnings("ArrayRecordComponent") // Test data, read and compared, never a key.
  public record Tensor(int[] shape, float[] floats, byte[] bytes) {}

  /** A file or folder below {@code golden}. */
  public static Path path(String relative) {
    URL url = Objects.requireNonNull(Golden.class.getResource("/golden/" + relative), relative);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  /** The tensor of that name, which must be there. */
  public Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), () -> file + " has no tensor " + name);
  }

  /** Names of all tensors. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** Reads a safetensors file. */
  public static Golden read(Path file) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Math.toIntExact(content.getLong());
    byte[] header = new byte[headerLength];
    content.get(header);
    JsonNode entries = JsonMapper.shared().readTree(new String(header, StandardCharsets.UTF_8));
    ByteBuffer data = content.slice().order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Tensor> tensors = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : entries.properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), tensor(entry.getValue(), data));
      }
    }
    return new Golden(file, tensors);
  }

  private static Tensor tensor(JsonNode entry, ByteBuffer data) {
    int begin = entry.get("data_offsets").get(0).asInt();
    int end = entry.get("data_offsets").get(1).asInt();
    JsonNode extents = entry.get("shape");
    int[] shape = new int[extents.size()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = extents.get(axis).asInt();
    }
    ByteBuffer slice = data.slice(begin, end - begin).order(ByteOrder.LITTLE_ENDIAN);
    return switch (entry.get("dtype").asString()) {
      case "F32" -> {
        float[] floats = new float[slice.remaining() / Float.BYTES];
        slice.asFloatBuffer().get(floats);
        yield new Tensor(shape, floats, new byte[0]);
      }
      case "U8" -> {
        byte[] bytes = new byte[slice.remaining()];
        slice.get(bytes);
        yield new Tensor(shape, new float[0], bytes);
      }
      default -> throw new IllegalArgumentException(entry.toString());
    };
  }
}
