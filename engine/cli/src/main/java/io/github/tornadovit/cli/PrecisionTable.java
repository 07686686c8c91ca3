package io.github.tornadovit.cli;

import io.github.tornadovit.engine.MemoryEstimate;
import io.github.tornadovit.engine.evaluation.Agreement;
import io.github.tornadovit.engine.evaluation.PrecisionChoice;
import io.github.tornadovit.engine.evaluation.PrecisionEvaluation;
import io.github.tornadovit.engine.evaluation.PrecisionEvaluation.Changed;
import io.github.tornadovit.engine.evaluation.TrainerMetrics;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prints how far precisions are from float32, as text or JSON. */
final class PrecisionTable {
  private static final int LISTED_CHANGES = 20;
  private static final List<String> AGREEMENT =
      List.of("same class as f32", "differ", "largest logit difference", "mean");

  private PrecisionTable() {}

  /** An evaluation in several precisions. */
  static void print(PrecisionEvaluation result, double maxDisagreement, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(header("precision", "accuracy", "loss", "images/s", "p50 ms", "memory", "runs on"));
    for (PrecisionEvaluation.Entry entry : result.precisions()) {
      rows.add(
          row(
              entry.precision().label(),
              entry.agreement(),
              TrainerMetrics.number(entry.accuracy()),
              TrainerMetrics.number(entry.loss()),
              String.format(Locale.ROOT, "%.2f", entry.forward().imagesPerSecond()),
              String.format(Locale.ROOT, "%.3f", entry.forward().latency().p50Millis()),
              mebibytes(entry.memory()),
              entry.device().toString()));
    }
    Table.print(rows, out);
    printChanges(result.changed(), out);
    if (!result.unreadable().isEmpty()) {
      out.println();
      out.println("unreadable");
      result.unreadable().forEach(image -> out.println(image.reason()));
    }
    out.println();
    result.choice(maxDisagreement).sentences().forEach(out::println);
    out.flush();
  }

  private static void printChanges(List<Changed> changes, PrintWriter out) {
    if (changes.isEmpty()) {
      return;
    }
    out.println();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("another class than in f32", "precision", "label", "f32", "predicted"));
    for (Changed changed : changes.subList(0, Math.min(LISTED_CHANGES, changes.size()))) {
      rows.add(
          List.of(
              changed.image().toString(),
              changed.precision().label(),
              changed.label(),
              changed.expected(),
              changed.predicted()));
    }
    Table.print(rows, out);
    if (changes.size() > LISTED_CHANGES) {
      out.printf("and %d more, which --format json lists%n", changes.size() - LISTED_CHANGES);
    }
  }

  /** Names of the columns: first what a row is of, then its agreement, then the others. */
  static List<String> header(String first, String... others) {
    return Stream.of(Stream.of(first), AGREEMENT.stream(), Stream.of(others))
        .flatMap(names -> names)
        .toList();
  }

  /** A row under {@link #header}. */
  static List<String> row(String first, Agreement agreement, String... others) {
    Stream<String> cells =
        Stream.of(
            "%d of %d".formatted(agreement.sameTop(), agreement.images()),
            PrecisionChoice.percent(agreement.disagreement()),
            difference(agreement.worstDifference()),
            difference(agreement.meanDifference()));
    return Stream.of(Stream.of(first), cells, Stream.of(others)).flatMap(cell -> cell).toList();
  }

  private static String difference(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value);
  }

  /** Weights and activations. */
  static String mebibytes(MemoryEstimate memory) {
    return String.format(Locale.ROOT, "%.1f MiB", memory.bytes() / (double) (1 << 20));
  }

  /** An evaluation in several precisions, for programs. */
  static Map<String, Object> facts(PrecisionEvaluation result, double maxDisagreement) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("images", result.images());
    facts.put("batch", result.batch());
    facts.put("precisions", result.precisions().stream().map(PrecisionTable::facts).toList());
    facts.put("choice", facts(result.choice(maxDisagreement), maxDisagreement));
    facts.put("changed", result.changed().stream().map(PrecisionTable::facts).toList());
    facts.put("unreadable", EvaluationJson.unreadable(result.unreadable()));
    return facts;
  }

  private static Map<String, Object> facts(PrecisionEvaluation.Entry entry) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("precision", entry.precision().label());
    facts.put("eval_accuracy", entry.accuracy());
    facts.put("eval_loss", entry.loss());
    facts.put("agreement", facts(entry.agreement()));
    Map<String, Object> forward = new LinkedHashMap<>();
    forward.put("images_per_second", entry.forward().imagesPerSecond());
    forward.put("latency", EvaluationJson.facts(entry.forward().latency()));
    facts.put("forward", forward);
    facts.put("memory_bytes", entry.memory().bytes());
    Map<String, Object> device = new LinkedHashMap<>();
    device.put("backend", entry.device().backend());
    device.put("name", entry.device().name());
    device.put("reason", entry.deviceReason());
    facts.put("device", device);
    return facts;
  }

  /** Of a precision with float32; a difference that is no number is null. */
  static Map<String, @Nullable Object> facts(Agreement agreement) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("images", agreement.images());
    facts.put("same_class", agreement.sameTop());
    facts.put("disagreement", agreement.disagreement());
    facts.put("largest_logit_difference", number(agreement.worstDifference()));
    facts.put("mean_logit_difference", number(agreement.meanDifference()));
    return facts;
  }

  private static @Nullable Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** The recommended precision, and why not the others. */
  static Map<String, @Nullable Object> facts(PrecisionChoice choice, double maxDisagreement) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("max_disagreement", maxDisagreement);
    facts.put("taken", choice.taken() == null ? null : choice.taken().name());
    Map<String, String> refused = new LinkedHashMap<>();
    choice.refused().forEach(other -> refused.put(other.candidate().name(), other.reason()));
    facts.put("refused", refused);
    return facts;
  }

  private static Map<String, Object> facts(Changed changed) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("image", changed.image().toString());
    facts.put("label", changed.label());
    facts.put("f32", changed.expected());
    facts.put("precision", changed.precision().label());
    facts.put("predicted", changed.predicted());
    return facts;
  }
}
