package io.github.tornadovit.cli;

import static io.github.tornadovit.cli.Table.format;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.bench.BenchResult;
import io.github.tornadovit.engine.bench.BenchResult.Measurement;
import io.github.tornadovit.engine.bench.BenchResult.Skipped;
import io.github.tornadovit.engine.bench.BenchResult.Target;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A benchmark for people: a row per target and batch, the best of each marked, and advice. */
final class BenchTable {
  private BenchTable() {}

  static void print(
      BenchResult result,
      double limitMillis,
      double maxDisagreement,
      RunEnvironment environment,
      PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("device", "batch", "images/s", "p50 ms", "p95 ms", "p99 ms", "passes", ""));
    for (Measurement measured : result.measurements()) {
      boolean best =
          result.best(measured.target(), limitMillis).filter(measured::equals).isPresent();
      rows.add(
          List.of(
              measured.target().device().toString(),
              Integer.toString(measured.batch()),
              format("%.2f", measured.imagesPerSecond()),
              format("%.3f", measured.latency().p50Millis()),
              format("%.3f", measured.latency().p95Millis()),
              format("%.3f", measured.latency().p99Millis()),
              Integer.toString(measured.latency().passes()),
              best ? "best" : ""));
    }
    Table.print(rows, out);
    out.println();
    if (!result.agreements().isEmpty()) {
      printAgreements(result, out);
    }
    for (Skipped skip : result.skipped()) {
      out.println("skipped " + skip.what() + ": " + skip.reason());
    }
    out.printf(
        Locale.ROOT,
        "logits of all rows of one precision agree within %.1e%n%s, %d processors, %d threads; %s, %d MiB heap;"
            + " tornado-vit %s%s%n%n%s%n",
        result.logitDifference(),
        environment.processor(),
        environment.processors(),
        environment.threads(),
        environment.java(),
        environment.heapBytes() >> 20,
        environment.version(),
        environment.commit() == null ? "" : ", commit " + environment.commit(),
        advice(result, limitMillis, maxDisagreement));
    out.flush();
  }

  private static void printAgreements(BenchResult result, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(PrecisionTable.header("arguments", "memory"));
    for (Target target : result.targets()) {
      rows.add(
          PrecisionTable.row(
              target.arguments(),
              result.agreements().getOrDefault(target, Agreement.NONE),
              PrecisionTable.mebibytes(target.memory())));
    }
    Table.print(rows, out);
    out.println();
    result.unreadable().forEach(image -> out.println("unreadable: " + image.reason()));
  }

  /** Which to use; under a limit of disagreement where answers were compared. */
  static String advice(BenchResult result, double limitMillis, double maxDisagreement) {
    if (result.best(limitMillis).isPresent() && !result.agreements().isEmpty()) {
      return String.join(
          System.lineSeparator(), result.choice(limitMillis, maxDisagreement).sentences());
    }
    boolean unseen =
        result.agreements().isEmpty()
            && result.targets().stream().anyMatch(one -> one.precision() != Precision.F32);
    return fastest(result, limitMillis)
        + (unseen
            ? " How far its answers are from those of f32 was not looked at: --images shows it."
            : "");
  }

  private static String fastest(BenchResult result, double limitMillis) {
    return result
        .best(limitMillis)
        .map(
            best ->
                "Use %s: %s images/s, and 95 %% of the passes take no more than %s ms%s."
                    .formatted(
                        arguments(best),
                        format("%.1f", best.imagesPerSecond()),
                        format("%.1f", best.latency().p95Millis()),
                        Double.isInfinite(limitMillis) ? "" : format(" (limit: %s)", limitMillis)))
        .orElseGet(
            () -> {
              Measurement quickest = result.quickest();
              return "Nothing stays within %s ms: of %s, the quickest, 95 %% of the passes take up to %s ms."
                  .formatted(
                      limitMillis,
                      arguments(quickest),
                      format("%.1f", quickest.latency().p95Millis()));
            });
  }

  private static String arguments(Measurement measured) {
    Target target = measured.target();
    return "%s --batch %d, which is %s"
        .formatted(target.arguments(), measured.batch(), target.device());
  }
}
