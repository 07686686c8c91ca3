package io.github.tornadovit.weights.safetensors;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.weights.safetensors.SafetensorsHeader.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON of a safetensors header, read token by token: a header may have 100 MB, of which no tree
 * is built. Checks each tensor by itself; how they lie together is {@link SafetensorsHeader}'s.
 */
final class SafetensorsJson {
  static final int MAX_TENSORS = 100_000;
  static final int MAX_RANK = 16;
  static final int MAX_NAME_LENGTH = 1024;
  static final int MAX_METADATA = 10_000;
  private static final int MAX_FIELDS = 32;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final String METADATA = "__metadata__";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .build())
          .build();

  private final String where;
  private final JsonParser parser;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsJson(String where, JsonParser parser) {
    this.where = where;
    this.parser = parser;
  }

  /**
   * Parses a header.
   *
   * @throws tools.jackson.core.JacksonException if it is not JSON
   * @throws CheckpointException if it is not that of a safetensors file
   */
  static SafetensorsJson parse(byte[] header, String where) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), header)) {
      SafetensorsJson json = new SafetensorsJson(where, parser);
      json.root();
      return json;
    }
  }

  List<Entry> entries() {
    return entries;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private void root() {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw fail("header is not a JSON object");
    }
    Set<String> names = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (name.length() > MAX_NAME_LENGTH) {
        throw fail(
            "header names a tensor with %d characters, expected at most %d"
                .formatted(name.length(), MAX_NAME_LENGTH));
      }
      if (!names.add(name)) {
        throw fail("header has the key '%s' twice".formatted(name));
      }
      if (names.size() > MAX_TENSORS) {
        throw fail("header has more than %d tensors".formatted(MAX_TENSORS));
      }
      if (name.equals(METADATA)) {
        readMetadata();
      } else {
        entries.add(tensor(name));
      }
    }
    if (parser.nextToken() != null) {
      throw fail("header has text after its JSON object");
    }
  }

  private void readMetadata() {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (token != JsonToken.START_OBJECT) {
      throw fail("header key '%s' is not an object of strings".formatted(METADATA));
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw fail("header key '%s.%s' is not a string".formatted(METADATA, key));
      }
      if (metadata.put(key, parser.getString()) != null) {
        throw fail("header has the key '%s.%s' twice".formatted(METADATA, key));
      }
      if (metadata.size() > MAX_METADATA) {
        throw fail("header key '%s' has more than %d entries".formatted(METADATA, MAX_METADATA));
      }
    }
  }

  private Entry tensor(String name) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw fail(name, "is described by no JSON object");
    }
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    Set<String> fields = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      if (!fields.add(field)) {
        throw fail(name, "has the field '%s' twice".formatted(field));
      }
      if (fields.size() > MAX_FIELDS) {
        throw fail(name, "has more than %d fields".formatted(MAX_FIELDS));
      }
      parser.nextToken();
      switch (field) {
        case "dtype" -> dtype = dtype(name);
        case "shape" -> shape = numbers(name, field, MAX_RANK);
        case "data_offsets" -> offsets = numbers(name, field, 2);
        default -> parser.skipChildren();
      }
    }
    return entry(
        name,
        require(name, "dtype", dtype),
        require(name, "shape", shape),
        require(name, "data_offsets", offsets));
  }

  private Entry entry(String name, DType dtype, long[] extents, long[] offsets) {
    if (offsets.length != 2) {
      throw fail(name, "has %d data_offsets, expected [begin, end]".formatted(offsets.length));
    }
    if (offsets[1] < offsets[0]) {
      throw fail(
          name, "ends at data byte %d before it begins at %d".formatted(offsets[1], offsets[0]));
    }
    long bytes;
    Shape shape;
    try {
      shape = Shape.of(extents);
      bytes = Math.multiplyExact(shape.elements(), (long) dtype.bytes());
    } catch (ArithmeticException e) {
      throw fail(name, "has shape %s, whose size overflows".formatted(Arrays.toString(extents)));
    }
    if (bytes != offsets[1] - offsets[0]) {
      throw fail(
          name,
          "has %d bytes of data, expected %d because its shape is %s of %s"
              .formatted(offsets[1] - offsets[0], bytes, shape, dtype));
    }
    return new Entry(name, dtype, shape, offsets[0], offsets[1]);
  }

  private DType dtype(String name) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw fail(name, "has a dtype that is not a string");
    }
    String text = parser.getString();
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(text)) {
        return dtype;
      }
    }
    throw fail(
        name,
        "has dtype '%s', expected one of %s"
            .formatted(
                text.substring(0, Math.min(text.length(), 40)), Arrays.toString(DType.values())));
  }

  private long[] numbers(String name, String field, int max) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw fail(name, "has a %s that is not a list".formatted(field));
    }
    long[] numbers = new long[max];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (count == max) {
        throw fail(name, "has a %s of more than %d numbers".formatted(field, max));
      }
      numbers[count++] = number(name, field);
    }
    return Arrays.copyOf(numbers, count);
  }

  private long number(String name, String field) {
    boolean small =
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (!small || parser.getString().startsWith("-")) {
      throw fail(
          name,
          "has '%s' in its %s, expected an integer from 0 to %d"
              .formatted(parser.getString(), field, Long.MAX_VALUE));
    }
    return parser.getLongValue();
  }

  private <T> T require(String name, String field, @Nullable T value) {
    if (value == null) {
      throw fail(name, "has no field '%s'".formatted(field));
    }
    return value;
  }

  private CheckpointException fail(String name, String problem) {
    return fail("tensor '%s' %s".formatted(name, problem));
  }

  private CheckpointException fail(String problem) {
    return new CheckpointException(where, problem);
  }
}
