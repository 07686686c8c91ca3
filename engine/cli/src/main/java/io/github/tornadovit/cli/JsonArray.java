package io.github.tornadovit.cli;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** A JSON array with one entry per image, written entry by entry, one line each. */
final class JsonArray implements AutoCloseable {
  private final PrintWriter out;
  private final JsonFactory factory =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
  private boolean empty = true;

  JsonArray(PrintWriter out) {
    this.out = out;
    out.print("[");
  }

  /** An entry with the image's name, then the result's fields or {@code "error"}. */
  <R> void entry(Outcome<Path, R> outcome, BiConsumer<JsonGenerator, R> fields) {
    out.print(empty ? "\n" : ",\n");
    empty = false;
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeName("image").writeString(outcome.item().toString());
      R result = outcome.result();
      if (result == null) {
        json.writeName("error").writeString(outcome.problem());
      } else {
        fields.accept(json, result);
      }
      json.writeEndObject();
    }
    // A reader that has gone is noticed now.
    out.flush();
  }

  static void numbers(JsonGenerator json, String name, float[] values) {
    json.writeName(name).writeStartArray();
    for (float value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  /**
   * As {@link #numbers(JsonGenerator, String, float[])}; a list of rows if the shape has two axes.
   */
  static void numbers(JsonGenerator json, String name, float[] values, Shape shape) {
    if (shape.rank() < 2) {
      numbers(json, name, values);
      return;
    }
    int width = Math.toIntExact(shape.extent(1));
    json.writeName(name).writeStartArray();
    for (int row = 0; row < values.length; row += width) {
      json.writeStartArray();
      for (int i = row; i < row + width; i++) {
        json.writeNumber(values[i]);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  @Override
  public void close() {
    out.println("\n]");
    out.flush();
  }
}
