package io.github.tornadovit.cli;

import io.github.tornadovit.engine.bench.BenchResult;
import io.github.tornadovit.engine.bench.BenchResult.Measurement;
import io.github.tornadovit.engine.bench.BenchResult.Skipped;
import io.github.tornadovit.engine.bench.BenchResult.Target;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A benchmark for programs: every number, and where it was measured. */
final class BenchJson {
  private BenchJson() {}

  static void print(
      BenchResult result,
      double limitMillis,
      double maxDisagreement,
      RunEnvironment environment,
      PrintWriter out) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("environment", facts(environment));
    facts.put("latency_limit_ms", Double.isInfinite(limitMillis) ? null : limitMillis);
    facts.put("logit_difference", result.logitDifference());
    facts.put("measurements", result.measurements().stream().map(BenchJson::facts).toList());
    facts.put("targets", result.targets().stream().map(target -> facts(target, result)).toList());
    facts.put("skipped", result.skipped().stream().map(BenchJson::facts).toList());
    facts.put(
        "best",
        result.targets().stream()
            .flatMap(target -> result.best(target, limitMillis).stream())
            .map(BenchJson::facts)
            .toList());
    facts.put(
        "choice",
        result.agreements().isEmpty()
            ? null
            : PrecisionTable.facts(result.choice(limitMillis, maxDisagreement), maxDisagreement));
    facts.put(
        "unreadable",
        result.unreadable().stream()
            .map(image -> Map.of("image", image.image().toString(), "error", image.reason()))
            .toList());
    facts.put("advice", BenchTable.advice(result, limitMillis, maxDisagreement));
    Json.print(facts, out);
  }

  private static Map<String, @Nullable Object> facts(RunEnvironment environment) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("date", environment.date());
    facts.put("version", environment.version());
    facts.put("commit", environment.commit());
    facts.put("java", environment.java());
    facts.put("heap_bytes", environment.heapBytes());
    facts.put("os", environment.os());
    facts.put("processor", environment.processor());
    facts.put("processors", environment.processors());
    facts.put("threads", environment.threads());
    return facts;
  }

  private static Map<String, Object> facts(Measurement measured) {
    Target target = measured.target();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("backend", target.device().backend());
    facts.put("device", target.device().name());
    facts.put("precision", target.precision().label());
    facts.put("arguments", target.arguments());
    facts.put("batch", measured.batch());
    facts.put("images_per_second", measured.imagesPerSecond());
    facts.put("latency", EvaluationJson.facts(measured.latency()));
    return facts;
  }

  /** A target's time and memory, and how far its answers are from those of float32. */
  private static Map<String, @Nullable Object> facts(Target target, BenchResult result) {
    Agreement agreement = result.agreements().get(target);
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("arguments", target.arguments());
    facts.put("precision", target.precision().label());
    facts.put("memory_bytes", target.memory().bytes());
    facts.put("agreement", agreement == null ? null : PrecisionTable.facts(agreement));
    return facts;
  }

  private static Map<String, Object> facts(Skipped skip) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("what", skip.what());
    facts.put("reason", skip.reason());
    return facts;
  }
}
