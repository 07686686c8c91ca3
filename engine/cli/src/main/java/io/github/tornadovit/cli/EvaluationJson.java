package io.github.tornadovit.cli;

import io.github.tornadovit.engine.evaluation.ClassMetrics;
import io.github.tornadovit.engine.evaluation.ConfusionMatrix;
import io.github.tornadovit.engine.evaluation.EvaluationResult;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Misclassified;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.engine.evaluation.Latency;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An evaluation for programs: one object, the Trainer's metrics under the Trainer's names. */
final class EvaluationJson {
  private EvaluationJson() {}

  static void print(EvaluationResult result, PrintWriter out) {
    Map<String, Object> facts = new LinkedHashMap<>(result.trainer().toMap());
    facts.put("images", result.trainer().samples());
    facts.put("steps", result.trainer().steps());
    facts.put("batch", result.batch());
    Map<String, Object> device = new LinkedHashMap<>();
    device.put("backend", result.device().backend());
    device.put("name", result.device().name());
    device.put("reason", result.deviceReason());
    facts.put("device", device);
    Map<String, Object> forward = new LinkedHashMap<>();
    forward.put("images_per_second", result.forward().imagesPerSecond());
    forward.put("latency", facts(result.forward().latency()));
    facts.put("forward", forward);
    facts.putAll(
        quality(result.classes(), result.confusion(), result.misclassified(), result.unreadable()));
    facts.put("published", published());
    Json.print(facts, out);
  }

  /** Which images were taken for what. */
  static Map<String, Object> quality(
      List<ClassMetrics> classes,
      ConfusionMatrix confusion,
      List<Misclassified> misclassified,
      List<Unreadable> unreadable) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("classes", classes.stream().map(EvaluationJson::facts).toList());
    facts.put("confusion", facts(confusion));
    facts.put("misclassified", misclassified.stream().map(EvaluationJson::facts).toList());
    facts.put("unreadable", unreadable(unreadable));
    return facts;
  }

  static List<Map<String, Object>> unreadable(List<Unreadable> images) {
    return images.stream().map(EvaluationJson::facts).toList();
  }

  /** Milliseconds by percentile, and how many passes they are of. */
  static Map<String, Object> facts(Latency latency) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("passes", latency.passes());
    facts.put("p50_ms", latency.p50Millis());
    facts.put("p95_ms", latency.p95Millis());
    facts.put("p99_ms", latency.p99Millis());
    return facts;
  }

  private static Map<String, Object> facts(ClassMetrics metrics) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("id", metrics.id());
    facts.put("label", metrics.label());
    facts.put("precision", metrics.precision());
    facts.put("recall", metrics.recall());
    facts.put("f1", metrics.f1());
    facts.put("support", metrics.support());
    return facts;
  }

  /** Rows and columns of the classes that occur: a row per label, a column per prediction. */
  private static Map<String, Object> facts(ConfusionMatrix confusion) {
    List<Integer> present = confusion.present();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("labels", present.stream().map(confusion.labels()::get).toList());
    facts.put(
        "counts",
        present.stream()
            .map(truth -> present.stream().map(id -> confusion.count(truth, id)).toList())
            .toList());
    return facts;
  }

  private static Map<String, Object> facts(Misclassified mistake) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("image", mistake.image().toString());
    facts.put("label", mistake.label());
    facts.put("predicted", mistake.predicted().label());
    facts.put("score", mistake.predicted().score());
    return facts;
  }

  private static Map<String, Object> facts(Unreadable image) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("image", image.image().toString());
    facts.put("label", image.label());
    facts.put("error", image.reason());
    return facts;
  }

  private static Map<String, Object> published() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("note", PublishedRow.NOTE);
    facts.put("images", PublishedRow.IMAGES);
    facts.put("batch", PublishedRow.BATCH);
    facts.put("rows", PublishedRow.ALL.stream().map(EvaluationJson::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(PublishedRow row) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", row.model());
    facts.put("eval_accuracy", row.accuracy());
    facts.put("eval_loss", row.loss());
    facts.put("eval_runtime", row.runtimeSeconds());
    facts.put("eval_samples_per_second", row.samplesPerSecond());
    facts.put("eval_steps_per_second", row.stepsPerSecond());
    return facts;
  }
}
