package io.github.tornadovit.cli.serve;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON that a caller sends, read as it comes: images in base64 and numbers of pixels never exist as
 * a tree. A key given twice, deep nesting and text behind the value are refused.
 */
final class JsonBody {
  private static final int MAX_NESTING = 32;
  private static final int MAX_TEXT = 1024;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNumberLength(64)
                  .maxNameLength(MAX_TEXT)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final JsonParser parser;

  private JsonBody(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads one value of an object; {@code false} for a key that is not known. */
  @FunctionalInterface
  interface Field {
    boolean read(String key) throws Refusal;
  }

  /** Reads from the value that begins where the reader stands to its end. */
  @FunctionalInterface
  interface Value {
    void read() throws Refusal;
  }

  /** Reads a whole body. */
  @FunctionalInterface
  interface Whole {
    void read(JsonBody json) throws Refusal;
  }

  /**
   * Reads a body.
   *
   * @throws Refusal 400, if it is no JSON, or not what is expected
   */
  static void read(byte[] body, int length, Whole whole) throws Refusal {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body, 0, length)) {
      parser.nextToken();
      whole.read(new JsonBody(parser));
      if (parser.nextToken() != null) {
        throw Refusal.bad("the body goes on behind its JSON");
      }
    } catch (JacksonException malformed) {
      throw Refusal.bad(
          "the body is no usable JSON: %s, at byte %d"
              .formatted(
                  problem(malformed),
                  malformed.getLocation() == null ? 0 : malformed.getLocation().getByteOffset()));
    }
  }

  /** In our words: the parser's are for its callers in Java. */
  private static String problem(JacksonException malformed) {
    return switch (malformed) {
      case UnexpectedEndOfInputException _ -> "it ends early";
      case StreamConstraintsException _ ->
          "it is nested deeper than %d, or a key, number or text in it is too long"
              .formatted(MAX_NESTING);
      case JacksonException twice when twice.getOriginalMessage().startsWith("Duplicate") ->
          "a key is given twice";
      default -> "an unexpected character or word";
    };
  }

  /** Reads an object, a value after the other. */
  void object(String what, Field field) throws Refusal {
    require(JsonToken.START_OBJECT, what, "an object");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      if (!field.read(key)) {
        throw Refusal.bad("%s has a key '%s' that is not known here".formatted(what, key));
      }
    }
    require(JsonToken.END_OBJECT, what, "an object");
  }

  /** Reads an array, a value after the other. */
  void array(String what, Value element) throws Refusal {
    require(JsonToken.START_ARRAY, what, "an array");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element.read();
    }
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  boolean isArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  /** Passes over a value. */
  void skip() {
    parser.skipChildren();
  }

  String text(String what) throws Refusal {
    require(JsonToken.VALUE_STRING, what, "a text");
    if (parser.getStringLength() > MAX_TEXT) {
      throw Refusal.bad("%s has more than %d characters".formatted(what, MAX_TEXT));
    }
    return parser.getString();
  }

  boolean flag(String what) throws Refusal {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw wrong(what, "true or false");
    };
  }

  int number(String what, int least, int most) throws Refusal {
    require(JsonToken.VALUE_NUMBER_INT, what, "a whole number");
    long number =
        parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : parser.getLongValue();
    if (number < least || number > most) {
      throw Refusal.bad(
          "%s is %s, expected %d to %d".formatted(what, parser.getString(), least, most));
    }
    return (int) number;
  }

  /** The bytes of an image file in base64. */
  byte[] base64(String what) throws Refusal {
    require(JsonToken.VALUE_STRING, what, "an image file in base64");
    try {
      return parser.getBinaryValue();
    } catch (UnexpectedEndOfInputException early) {
      throw early; // The whole body is to blame.
    } catch (StreamReadException _) {
      throw Refusal.bad(
          "%s is no base64 (RFC 4648, padded; without data: before it)".formatted(what));
    }
  }

  /** Reads the values of a tensor, nested or not, in their order. */
  void tensor(String what, TensorData data) throws Refusal {
    require(JsonToken.START_ARRAY, what, "an array");
    for (int depth = 1; depth > 0; ) {
      switch (parser.nextToken()) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> depth--;
        case VALUE_STRING -> data.add(base64(what));
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> data.add(parser.getFloatValue());
        case null, default -> throw wrong(what, "numbers, or image files in base64");
      }
    }
  }

  private void require(JsonToken expected, String what, String name) throws Refusal {
    if (parser.currentToken() != expected) {
      throw wrong(what, name);
    }
  }

  private Refusal wrong(String what, String expected) {
    JsonToken token = parser.currentToken();
    String got =
        switch (token) {
          case null -> "nothing";
          case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
          case START_ARRAY, END_ARRAY -> "an array";
          case VALUE_STRING -> "a text";
          case VALUE_NULL -> "null";
          case VALUE_TRUE, VALUE_FALSE -> "true or false";
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
          case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
        };
    return Refusal.bad("%s is %s, expected %s".formatted(what, got, expected));
  }
}
