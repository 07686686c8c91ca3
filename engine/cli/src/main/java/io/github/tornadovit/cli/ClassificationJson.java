package io.github.tornadovit.cli;

import io.github.tornadovit.cli.ClassifyCommand.ClassificationWriter;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import tools.jackson.core.JsonGenerator;

/**
 * {@code [{"image": …, "predictions": [{"id": …, "label": …, "score": …}, …], "logits": […]?,
 * "error": …?}, …]}, one entry per image in the order given.
 */
final class ClassificationJson implements ClassificationWriter {
  private final JsonArray array;
  private final int topK;
  private final boolean logits;

  ClassificationJson(PrintWriter out, int topK, boolean logits) {
    this.array = new JsonArray(out);
    this.topK = topK;
    this.logits = logits;
  }

  @Override
  public void write(Outcome<Path, Classification> outcome) {
    array.entry(outcome, this::fields);
  }

  private void fields(JsonGenerator json, Classification result) {
    json.writeName("predictions").writeStartArray();
    for (Prediction prediction : result.top(topK)) {
      json.writeStartObject();
      json.writeName("id").writeNumber(prediction.id());
      json.writeName("label").writeString(prediction.label());
      json.writeName("score").writeNumber(prediction.score());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (logits) {
      JsonArray.numbers(json, "logits", result.logits());
    }
  }

  @Override
  public void close() {
    array.close();
  }
}
