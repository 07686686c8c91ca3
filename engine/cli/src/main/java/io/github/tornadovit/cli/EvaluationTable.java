package io.github.tornadovit.cli;

import static io.github.tornadovit.cli.Table.format;

import io.github.tornadovit.engine.evaluation.ClassMetrics;
import io.github.tornadovit.engine.evaluation.ConfusionMatrix;
import io.github.tornadovit.engine.evaluation.EvaluationResult;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Misclassified;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.engine.evaluation.Latency;
import io.github.tornadovit.engine.evaluation.TrainerMetrics;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** An evaluation for people: the Trainer's lines first, then what stands behind them. */
final class EvaluationTable {
  /** A matrix of more classes is too wide to read; its largest entries are listed then. */
  private static final int WIDEST_MATRIX = 12;

  private static final int LISTED_CONFUSIONS = 20;

  private EvaluationTable() {}

  static void print(EvaluationResult result, PrintWriter out) {
    result.trainer().toLines().forEach(out::println);
    out.println();
    printComparison(result, out);
    out.println();
    Latency latency = result.forward().latency();
    out.printf(
        Locale.ROOT,
        "device: %s, %s%nforward alone: %.2f images/s; a batch of %d takes p50 %.3f ms, p95 %.3f ms,"
            + " p99 %.3f ms (%d timed)%n%n",
        result.device(),
        result.deviceReason(),
        result.forward().imagesPerSecond(),
        Math.min(result.batch(), result.trainer().samples()),
        latency.p50Millis(),
        latency.p95Millis(),
        latency.p99Millis(),
        latency.passes());
    printClasses(result.classes(), out);
    out.println();
    printConfusion(result.confusion(), out);
    printMistakes(result.misclassified(), result.unreadable(), out);
    out.flush();
  }

  private static void printComparison(EvaluationResult result, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "accuracy", "loss", "runtime", "samples/s", "steps/s", "images", "batch"));
    TrainerMetrics ours = result.trainer();
    rows.add(
        row(
            new PublishedRow(
                "this run",
                ours.accuracy(),
                ours.loss(),
                ours.runtimeSeconds(),
                ours.samplesPerSecond(),
                ours.stepsPerSecond()),
            ours.samples(),
            result.batch()));
    for (PublishedRow card : PublishedRow.ALL) {
      rows.add(row(card, PublishedRow.IMAGES, PublishedRow.BATCH));
    }
    Table.print(rows, out);
    out.println("cards: " + PublishedRow.NOTE);
  }

  private static List<String> row(PublishedRow row, int images, int batch) {
    return List.of(
        row.model(),
        TrainerMetrics.number(row.accuracy()),
        TrainerMetrics.number(row.loss()),
        TrainerMetrics.time(row.runtimeSeconds()),
        format("%.3f", row.samplesPerSecond()),
        format("%.3f", row.stepsPerSecond()),
        Integer.toString(images),
        Integer.toString(batch));
  }

  static void printClasses(List<ClassMetrics> classes, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("class", "precision", "recall", "F1", "support"));
    for (ClassMetrics metrics : classes) {
      rows.add(
          List.of(
              metrics.label(),
              format("%.4f", metrics.precision()),
              format("%.4f", metrics.recall()),
              format("%.4f", metrics.f1()),
              Integer.toString(metrics.support())));
    }
    Table.print(rows, out);
  }

  static void printConfusion(ConfusionMatrix confusion, PrintWriter out) {
    List<Integer> present = confusion.present();
    List<List<String>> rows = new ArrayList<>();
    if (present.size() <= WIDEST_MATRIX) {
      List<String> header = new ArrayList<>(List.of("shows \\ taken for"));
      present.forEach(id -> header.add(confusion.labels().get(id)));
      rows.add(header);
      for (int truth : present) {
        List<String> row = new ArrayList<>(List.of(confusion.labels().get(truth)));
        present.forEach(id -> row.add(Integer.toString(confusion.count(truth, id))));
        rows.add(row);
      }
    } else {
      rows.add(List.of("shows", "taken for", "images"));
      record Confused(int truth, int predicted, int count) {}
      present.stream()
          .flatMap(
              truth ->
                  present.stream()
                      .filter(id -> !id.equals(truth))
                      .map(id -> new Confused(truth, id, confusion.count(truth, id))))
          .filter(confused -> confused.count() > 0)
          .sorted(Comparator.comparingInt(Confused::count).reversed())
          .limit(LISTED_CONFUSIONS)
          .forEach(
              confused ->
                  rows.add(
                      List.of(
                          confusion.labels().get(confused.truth()),
                          confusion.labels().get(confused.predicted()),
                          Integer.toString(confused.count()))));
    }
    Table.print(rows, out);
  }

  static void printMistakes(
      List<Misclassified> misclassified, List<Unreadable> unreadable, PrintWriter out) {
    if (!misclassified.isEmpty()) {
      out.println();
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("misclassified", "label", "predicted", "score"));
      for (Misclassified mistake : misclassified) {
        rows.add(
            List.of(
                mistake.image().toString(),
                mistake.label(),
                mistake.predicted().label(),
                format("%.4f", mistake.predicted().score())));
      }
      Table.print(rows, out);
    }
    if (!unreadable.isEmpty()) {
      out.println();
      out.println("unreadable");
      for (Unreadable image : unreadable) {
        out.println(image.reason());
      }
    }
  }
}
