package io.github.tornadovit.engine.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of JSON Lines with the path and the label of an image in the object of each line, as the
 * {@code metadata.jsonl} of Hugging Face's {@code datasets}.
 */
final class LabelledJsonLines {
  private static final String EXPECTED =
      "expected an object, {\"file_name\": \"cat.jpg\", \"label\": \"cat\"}";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // As Python writes them.
          .build();

  private LabelledJsonLines() {}

  /** The lines that are not blank; at least one. The keys of the first one are those of all. */
  static List<LabelledRow> rows(Path file) throws IOException {
    List<LabelledRow> rows = new ArrayList<>();
    String path = "";
    String label = "";
    int number = 0;
    for (String line : TextFile.read(file).lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String where = file + ", line " + number;
      JsonNode object = object(line, where);
      if (rows.isEmpty()) {
        List<String> keys = List.copyOf(object.propertyNames());
        if (!ColumnNames.known(keys)) {
          throw new DataSetException(
              where,
              "has the keys %s; expected %s".formatted(ColumnNames.quoted(keys), ColumnNames.SOME));
        }
        path = keys.get(ColumnNames.path(keys));
        label = keys.get(ColumnNames.label(keys));
      }
      rows.add(LabelledRow.of(where, text(object, path, where), text(object, label, where)));
    }
    if (rows.isEmpty()) {
      throw new DataSetException(file.toString(), "holds no line, " + EXPECTED);
    }
    return rows;
  }

  /** Whether the first line has a key of the path and one of the label, or is for an error. */
  static boolean hasKeys(Path file) throws IOException {
    String first =
        TextFile.read(file).lines().filter(line -> !line.isBlank()).findFirst().orElse("{}");
    return ColumnNames.known(List.copyOf(object(first, file + ", line 1").propertyNames()));
  }

  private static JsonNode object(String line, String where) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException malformed) {
      throw new DataSetException(
          where,
          malformed instanceof MismatchedInputException
              ? "holds more than one value, " + EXPECTED
              : "is no JSON: %s; %s".formatted(malformed.getOriginalMessage(), EXPECTED),
          malformed);
    }
    throw new DataSetException(where, "is '%s', %s".formatted(LabelIds.shown(line), EXPECTED));
  }

  /** Of a text or a number; empty where the key is not there, or null. */
  private static String text(JsonNode object, String key, String where) {
    @Nullable JsonNode value = object.get(key);
    if (value == null || value.isNull()) {
      return "";
    }
    if (!value.isString() && !value.isNumber()) {
      throw new DataSetException(
          where,
          "has for '%s' %s, expected a text or a number"
              .formatted(LabelIds.shown(key), LabelIds.shown(value.toString())));
    }
    return value.asString();
  }
}
