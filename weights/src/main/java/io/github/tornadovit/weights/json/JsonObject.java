package io.github.tornadovit.weights.json;

import io.github.tornadovit.weights.checkpoint.CheckpointException;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.file.CheckpointFolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON object of a checkpoint file, asked by key and type.
 *
 * <p>A key that is absent gives the default that the caller names; one that is there with another
 * type than asked for is an error. Integers are JSON integers: {@code 224.0} is none. Where a
 * floating point number is expected, an integer will do.
 */
public final class JsonObject {
  /** Most bytes of a JSON file; the largest known config, of 21,841 labels, has 1.2 million. */
  public static final int MAX_BYTES = 8 << 20;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int MAX_SHOWN = 60;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String where;
  private final String prefix;
  private final JsonNode node;

  private JsonObject(String where, String prefix, JsonNode node) {
    this.where = where;
    this.prefix = prefix;
    this.node = node;
  }

  /** Reads a file of a checkpoint folder. */
  public static JsonObject read(CheckpointFolder folder, String file) {
    return parse(folder.read(file, MAX_BYTES), folder.where(file));
  }

  /**
   * Parses the content of a file.
   *
   * @param where the file, for messages
   */
  public static JsonObject parse(byte[] content, String where) {
    JsonNode root;
    try {
      root = MAPPER.readTree(content);
    } catch (JacksonException e) {
      throw new CheckpointException(where, "is not valid JSON: " + reason(e), e);
    }
    if (!root.isObject()) {
      throw new CheckpointException(
          where, "holds %s, expected a JSON object".formatted(describe(root)));
    }
    return new JsonObject(where, "", root);
  }

  /** What Jackson found and where, without its source excerpt. */
  public static String reason(JacksonException e) {
    var location = e.getLocation();
    String at =
        location == null || location.getLineNr() < 0
            ? ""
            : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    return e.getOriginalMessage() + at;
  }

  /** The file, for messages. */
  public String where() {
    return where;
  }

  /** Whether the key is there, be it {@code null}. */
  public boolean has(String key) {
    return node.has(key);
  }

  /** Whether the key is there and not {@code null}. */
  public boolean holds(String key) {
    return node.hasNonNull(key);
  }

  /** An integer in a range, or the default if the key is absent. */
  public int integer(String key, int absent, int min, int max) {
    JsonNode value = node.get(key);
    return value == null ? absent : integer(key, value, min, max);
  }

  private int integer(String key, JsonNode value, int min, int max) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(key, value, "an integer from %d to %d".formatted(min, max));
    }
    int number = value.intValue();
    if (number < min || number > max) {
      throw wrong(key, value, "an integer from %d to %d".formatted(min, max));
    }
    return number;
  }

  /** A finite number, or the default if the key is absent. */
  public double number(String key, double absent) {
    JsonNode value = node.get(key);
    return value == null ? absent : number(key, value);
  }

  private double number(String key, JsonNode value) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, value, "a number");
    }
    return value.doubleValue();
  }

  /** A boolean, or the default if the key is absent. */
  public boolean bool(String key, boolean absent) {
    JsonNode value = node.get(key);
    if (value == null) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.booleanValue();
  }

  /** A string, or null if the key is absent or {@code null}. */
  public @Nullable String text(String key) {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw wrong(key, value, "a string");
    }
    return value.stringValue();
  }

  /** A list of strings, empty if the key is absent or {@code null}. */
  public List<String> texts(String key) {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : elements(key, value, "a list of strings")) {
      if (!item.isString()) {
        throw wrong(key, value, "a list of strings");
      }
      texts.add(item.stringValue());
    }
    return texts;
  }

  /** A list of numbers; a single one is a list of one. */
  public List<Double> numbers(String key) {
    JsonNode value = present(key);
    if (value.isNumber()) {
      return List.of(number(key, value));
    }
    List<Double> numbers = new ArrayList<>();
    for (JsonNode item : elements(key, value, "a number or a list of numbers")) {
      numbers.add(number(key, item));
    }
    return numbers;
  }

  /** Whether the key holds a JSON number and not a list or an object. */
  public boolean isNumber(String key) {
    JsonNode value = node.get(key);
    return value != null && value.isNumber();
  }

  /** Whether the key holds a JSON object. */
  public boolean isObject(String key) {
    JsonNode value = node.get(key);
    return value != null && value.isObject();
  }

  /** {@code n} for n x n, or {@code [height, width]}; the default if the key is absent. */
  public Extent extent(String key, Extent absent, int max) {
    JsonNode value = node.get(key);
    if (value == null) {
      return absent;
    }
    if (value.isArray() && value.size() == 2) {
      return new Extent(integer(key, value.get(0), 1, max), integer(key, value.get(1), 1, max));
    }
    if (!value.isIntegralNumber()) {
      throw wrong(key, value, "an integer or [height, width]");
    }
    int side = integer(key, value, 1, max);
    return new Extent(side, side);
  }

  /** The object that a key holds. */
  public JsonObject object(String key) {
    JsonNode value = present(key);
    if (!value.isObject()) {
      throw wrong(key, value, "an object");
    }
    return new JsonObject(where, prefix + key + ".", value);
  }

  /** The keys, in the order of the file. */
  public List<String> keys() {
    return List.copyOf(node.propertyNames());
  }

  /** All entries as text; numbers are taken as they print. */
  public SequencedMap<String, String> entries() {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      JsonNode value = property.getValue();
      if (value.isString()) {
        entries.put(property.getKey(), value.stringValue());
      } else if (value.isNumber()) {
        entries.put(property.getKey(), value.asString());
      } else {
        throw wrong(property.getKey(), value, "a string");
      }
    }
    return entries;
  }

  /** The error that a key's value is not what is expected. */
  public CheckpointException wrong(String key, String expected) {
    return wrong(key, node.path(key), expected);
  }

  private CheckpointException wrong(String key, JsonNode value, String expected) {
    return new CheckpointException(
        where, "key '%s' is %s, expected %s".formatted(prefix + key, describe(value), expected));
  }

  private JsonNode present(String key) {
    JsonNode value = node.get(key);
    if (value == null) {
      throw new CheckpointException(where, "key '%s' is missing".formatted(prefix + key));
    }
    return value;
  }

  private Iterable<JsonNode> elements(String key, JsonNode value, String expected) {
    if (!value.isArray()) {
      throw wrong(key, value, expected);
    }
    return value.values();
  }

  private static String describe(JsonNode value) {
    if (value.isObject()) {
      return "an object";
    }
    if (value.isArray() && value.size() > 4) {
      return "a list of " + value.size();
    }
    if (value.isMissingNode()) {
      return "nothing";
    }
    String shown = value.toString();
    return shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "…";
  }
}
