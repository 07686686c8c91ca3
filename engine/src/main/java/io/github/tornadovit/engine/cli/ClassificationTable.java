package io.github.tornadovit.engine.cli;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.cli.ClassifyCommand.ClassificationWriter;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One line per image: its name, then label and score of the best classes, in aligned columns. */
final class ClassificationTable implements ClassificationWriter {
  private final PrintWriter out;
  private final int topK;
  private final boolean logits;
  private final List<List<String>> rows = new ArrayList<>();

  ClassificationTable(PrintWriter out, int topK, boolean logits) {
    this.out = out;
    this.topK = topK;
    this.logits = logits;
  }

  @Override
  public void write(Outcome<Path, Classification> outcome) {
    List<String> row = new ArrayList<>(List.of(outcome.item().toString()));
    Classification result = outcome.result();
    if (result == null) {
      row.add("error: " + outcome.problem());
    } else {
      for (Prediction prediction : result.top(topK)) {
        row.add(prediction.label());
        row.add(String.format(Locale.ROOT, "%.4f", prediction.score()));
      }
      if (logits) {
        row.add(Arrays.toString(result.logits()));
      }
    }
    rows.add(row);
  }

  @Override
  public void close() {
    Table.print(rows, out);
  }
}
