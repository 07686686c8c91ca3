package io.github.tornadovit.weights.json;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.file.GitLfsPointer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

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

  private static final int MAX_SHOWN = 60;

  private final String where;
  private final String prefix;
  private final Map<String, Object> node;
  private final boolean there;
  private final Map<String, String> defaults;

  private JsonObject(
      String where,
      String prefix,
      Map<String, Object> node,
      boolean there,
      Map<String, String> defaults) {
    this.where = where;
    this.prefix = prefix;
    this.node = node;
    this.there = there;
    this.defaults = defaults;
  }

  private JsonObject(String where, Map<String, Object> node) {
    this(where, "", node, true, Collections.synchronizedMap(new LinkedHashMap<>()));
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
    GitLfsPointer.refuse(MemorySegment.ofArray(content), where);
    Object root;
    try {
      root = JsonTree.parse(content);
    } catch (JacksonException e) {
      throw new CheckpointException(where, "is not valid JSON: " + reason(e), e);
    }
    Map<String, Object> object = asObject(root);
    if (object == null) {
      throw new CheckpointException(
          where, "holds %s, expected a JSON object".formatted(describe(root)));
    }
    return new JsonObject(where, object);
  }

  /**
   * An object without keys.
   *
   * @param where the file, for messages
   */
  public static JsonObject empty(String where) {
    return new JsonObject(where, Map.of());
  }

  /** The object at a key of this one that is not there: one without keys, for messages. */
  public JsonObject absent(String key) {
    return new JsonObject(where, prefix + key + ".", Map.of(), false, defaults);
  }

  /** The key of the object that this stands for and that is not there; null if it is there. */
  public @Nullable String absentKey() {
    return there ? null : prefix.substring(0, prefix.length() - 1);
  }

  /** A key as messages name it: behind those of the objects that it is in. */
  public String path(String key) {
    return prefix + key;
  }

  /** Jackson's message with the place, without its source excerpt. */
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

  /**
   * The keys that were asked for in vain so far, in this object and those in it, and the defaults.
   */
  public SequencedMap<String, String> defaults() {
    synchronized (defaults) {
      return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(defaults));
    }
  }

  /** Remembers the default that is taken for a key that is absent. */
  public <T> T byDefault(String key, T taken) {
    defaults.putIfAbsent(path(key), taken.toString());
    return taken;
  }

  /** Whether the key is there, be it {@code null}. */
  public boolean has(String key) {
    return node.containsKey(key);
  }

  /** Whether the key is there and not {@code null}. */
  public boolean holds(String key) {
    return node.getOrDefault(key, JsonTree.Null.NULL) != JsonTree.Null.NULL;
  }

  /** An integer in a range, or the default if the key is absent. */
  public int integer(String key, int absent, int min, int max) {
    Object value = node.get(key);
    return value == null ? byDefault(key, absent) : integer(key, value, min, max);
  }

  private int integer(String key, Object value, int min, int max) {
    if (!(value instanceof Integer number) || number < min || number > max) {
      throw wrong(key, value, "an integer from %d to %d".formatted(min, max));
    }
    return number;
  }

  /** A finite number, or the default if the key is absent. */
  public double number(String key, double absent) {
    Object value = node.get(key);
    return value == null ? byDefault(key, absent) : number(key, value);
  }

  private double number(String key, Object value) {
    if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
      throw wrong(key, value, "a number");
    }
    return number.doubleValue();
  }

  /** A boolean, or the default if the key is absent. */
  public boolean bool(String key, boolean absent) {
    Object value = node.get(key);
    if (value == null) {
      return byDefault(key, absent);
    }
    if (!(value instanceof Boolean bool)) {
      throw wrong(key, value, "true or false");
    }
    return bool;
  }

  /** Whether the key is absent, {@code null} or {@code false}. */
  public boolean isOff(String key) {
    return !holds(key) || Boolean.FALSE.equals(node.get(key));
  }

  /** A string, or null if the key is absent or {@code null}. */
  public @Nullable String text(String key) {
    if (!holds(key)) {
      return null;
    }
    Object value = present(key);
    if (!(value instanceof String text)) {
      throw wrong(key, value, "a string");
    }
    return text;
  }

  /** A list of strings, empty if the key is absent or {@code null}. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    if (holds(key)) {
      Object value = present(key);
      for (Object item : elements(key, value, "a list of strings")) {
        if (!(item instanceof String text)) {
          throw wrong(key, value, "a list of strings");
        }
        texts.add(text);
      }
    }
    return texts;
  }

  /** A list of numbers; a single one is a list of one. */
  public List<Double> numbers(String key) {
    Object value = present(key);
    if (value instanceof Number) {
      return List.of(number(key, value));
    }
    List<Double> numbers = new ArrayList<>();
    for (Object item : elements(key, value, "a number or a list of numbers")) {
      numbers.add(number(key, item));
    }
    return numbers;
  }

  /** Whether the key holds a JSON number and not a list or an object. */
  public boolean isNumber(String key) {
    return node.get(key) instanceof Number;
  }

  /** Whether the key holds a JSON object. */
  public boolean isObject(String key) {
    return node.get(key) instanceof Map;
  }

  /** {@code n} for n x n, or {@code [height, width]}; the default if the key is absent. */
  public Extent extent(String key, Extent absent, int max) {
    Object value = node.get(key);
    if (value == null) {
      return byDefault(key, absent);
    }
    if (value instanceof List<?> sides && sides.size() == 2) {
      return new Extent(
          integer(key, sides.getFirst(), 1, max), integer(key, sides.getLast(), 1, max));
    }
    if (!(value instanceof Integer)) {
      throw wrong(key, value, "an integer or [height, width]");
    }
    int side = integer(key, value, 1, max);
    return new Extent(side, side);
  }

  /** The object that a key holds. */
  public JsonObject object(String key) {
    Object value = present(key);
    Map<String, Object> object = asObject(value);
    if (object == null) {
      throw wrong(key, value, "an object");
    }
    return new JsonObject(where, prefix + key + ".", object, true, defaults);
  }

  /** The keys, in the order of the file. */
  public List<String> keys() {
    return List.copyOf(node.keySet());
  }

  /** All entries as text; integers are taken as they print. */
  public SequencedMap<String, String> entries() {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    node.forEach(
        (key, value) -> {
          if (!(value instanceof String || value instanceof Integer)) {
            throw wrong(key, value, "a string");
          }
          entries.put(key, value.toString());
        });
    return entries;
  }

  /** The error that a key's value is not what is expected. */
  public CheckpointException wrong(String key, String expected) {
    return wrong(key, node.getOrDefault(key, "nothing"), expected);
  }

  private CheckpointException wrong(String key, Object value, String expected) {
    String got = node.containsKey(key) ? describe(value) : "missing";
    return new CheckpointException(
        where, "key '%s' is %s, expected %s".formatted(path(key), got, expected));
  }

  private Object present(String key) {
    Object value = node.get(key);
    if (value == null) {
      throw new CheckpointException(where, "key '%s' is missing".formatted(prefix + key));
    }
    return value;
  }

  private List<?> elements(String key, Object value, String expected) {
    if (!(value instanceof List<?> list)) {
      throw wrong(key, value, expected);
    }
    return list;
  }

  @SuppressWarnings("unchecked") // JsonTree makes maps of no other kind.
  private static @Nullable Map<String, Object> asObject(Object value) {
    return value instanceof Map ? (Map<String, Object>) value : null;
  }

  private static String describe(Object value) {
    if (value instanceof Map) {
      return "an object";
    }
    if (value instanceof List<?> list && list.size() > 4) {
      return "a list of " + list.size();
    }
    String text = value.toString();
    String shown = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    return value instanceof String ? '"' + shown + '"' : shown;
  }
}
