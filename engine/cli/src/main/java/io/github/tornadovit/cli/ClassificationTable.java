package io.github.tornadovit.cli;

import io.github.tornadovit.base.file.ErrorText;
import io.github.tornadovit.cli.ClassifyCommand.ClassificationWriter;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One line per image, as soon as it is answered: its name, then label and score of the best
 * classes. Columns are as wide as the longest name and the longest label need; a label beyond
 * {@value #WIDEST_LABEL} characters moves what follows.
 */
final class ClassificationTable implements ClassificationWriter {
  private static final int WIDEST_LABEL = 30;
  private static final int GAP = 2;

  private final PrintWriter out;
  private final int topK;
  private final boolean logits;
  private final int imageWidth;
  private final int labelWidth;

  /**
   * A table of no line.
   *
   * @param images all that will be written
   * @param labels that they may get
   */
  ClassificationTable(
      PrintWriter out, int topK, boolean logits, List<Path> images, List<String> labels) {
    this.out = out;
    this.topK = topK;
    this.logits = logits;
    imageWidth = longest(images.stream().map(Path::toString).map(ErrorText::visible));
    labelWidth = Math.min(WIDEST_LABEL, longest(labels.stream()));
  }

  private static int longest(Stream<String> texts) {
    return texts.mapToInt(String::length).max().orElse(0);
  }

  @Override
  public void write(Outcome<Path, Classification> outcome) {
    StringBuilder line = new StringBuilder();
    append(line, ErrorText.visible(outcome.item().toString()), imageWidth);
    Classification result = outcome.result();
    if (result == null) {
      line.append("error: ").append(outcome.problem());
    } else {
      for (Prediction prediction : result.top(topK)) {
        append(line, ErrorText.visible(prediction.label()), labelWidth);
        append(line, String.format(Locale.ROOT, "%.4f", prediction.score()), 0);
      }
      if (logits) {
        line.append(Arrays.toString(result.logits()));
      }
    }
    out.println(line.toString().stripTrailing());
    out.flush();
  }

  private static void append(StringBuilder line, String cell, int width) {
    line.append(cell).append(" ".repeat(Math.max(0, width - cell.length()) + GAP));
  }

  @Override
  public void close() {
    out.flush();
  }
}
