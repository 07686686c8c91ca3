package io.github.tornadovit.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.tornadovit.cli.ClassifyCommand.ClassificationWriter;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CSV (RFC 4180) with a header: {@code image,rank,id,label,score[,logit],error}, one line per image
 * and class.
 */
final class ClassificationCsv implements ClassificationWriter {
  private final PrintWriter out;
  private final CsvWriter csv;
  private final int topK;
  private final boolean logits;

  ClassificationCsv(PrintWriter out, int topK, boolean logits) {
    this.out = out;
    this.topK = topK;
    this.logits = logits;
    csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).bufferSize(0).build(out);
    line("image", "rank", "id", "label", "score", "logit", "error");
  }

  @Override
  public void write(Outcome<Path, Classification> outcome) {
    String image = outcome.item().toString();
    Classification result = outcome.result();
    if (result == null) {
      line(image, "", "", "", "", "", outcome.problem());
    } else {
      List<Prediction> top = result.top(topK);
      float[] values = result.logits();
      for (int rank = 0; rank < top.size(); rank++) {
        Prediction prediction = top.get(rank);
        line(
            image,
            "" + (rank + 1),
            "" + prediction.id(),
            prediction.label(),
            "" + prediction.score(),
            "" + values[prediction.id()],
            "");
      }
    }
    // A reader that has gone is noticed now.
    out.flush();
  }

  private void line(
      String image,
      String rank,
      String id,
      String label,
      String score,
      String logit,
      @Nullable String error) {
    List<@Nullable String> fields = new ArrayList<>(List.of(image, rank, id, label, score));
    if (logits) {
      fields.add(logit);
    }
    fields.add(error);
    csv.writeRecord(fields);
  }

  @Override
  public void close() {
    out.flush();
  }
}
