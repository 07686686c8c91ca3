package io.github.tornadovit.engine.cli;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.cli.ClassifyCommand.ClassificationWriter;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * CSV (RFC 4180) with a header: {@code image,rank,id,label,score[,logit],error}, one line per image
 * and class.
 */
final class ClassificationCsv implements ClassificationWriter {
  private final PrintWriter out;
  private final int topK;
  private final boolean logits;

  ClassificationCsv(PrintWriter out, int topK, boolean logits) {
    this.out = out;
    this.topK = topK;
    this.logits = logits;
    out.print("image,rank,id,label,score," + (logits ? "logit," : "") + "error\r\n");
  }

  @Override
  public void write(Outcome<Path, Classification> outcome) {
    String image = quote(outcome.item().toString());
    Classification result = outcome.result();
    String error = outcome.problem();
    if (result == null) {
      out.print(image + ",,,,," + (logits ? "," : "") + quote(error == null ? "" : error) + "\r\n");
      return;
    }
    List<Prediction> top = result.top(topK);
    float[] values = result.logits();
    for (int rank = 0; rank < top.size(); rank++) {
      Prediction prediction = top.get(rank);
      out.print(
          image
              + ","
              + (rank + 1)
              + ","
              + prediction.id()
              + ","
              + quote(prediction.label())
              + ","
              + prediction.score()
              + (logits ? "," + values[prediction.id()] : "")
              + ",\r\n");
    }
  }

  private static String quote(String text) {
    return text.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0)
        ? "\"" + text.replace("\"", "\"\"") + "\""
        : text;
  }

  @Override
  public void close() {
    out.flush();
  }
}
