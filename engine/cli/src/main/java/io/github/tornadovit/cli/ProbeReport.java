package io.github.tornadovit.cli;

import static io.github.tornadovit.cli.Table.format;

import io.github.tornadovit.engine.evaluation.TrainerMetrics;
import io.github.tornadovit.engine.probe.ProbeEvaluation;
import io.github.tornadovit.engine.probe.TrainedProbe;
import io.github.tornadovit.engine.probe.TrainedProbe.Trial;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints a probe's results, as text or JSON. */
final class ProbeReport {
  private ProbeReport() {}

  static void table(TrainedProbe trained, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("C", "validation accuracy", "loss", "steps", ""));
    for (Trial trial : trained.trials()) {
      rows.add(
          List.of(
              format("%.4g", trial.c()),
              TrainerMetrics.number(trial.accuracy()),
              TrainerMetrics.number(trial.loss()),
              Integer.toString(trial.iterations()),
              trial.equals(trained.chosen()) ? "best" : trial.converged() ? "" : "not converged"));
    }
    Table.print(rows, out);
    out.println();
    Table.print(
        List.of(
            List.of("images", Integer.toString(trained.images())),
            List.of("classes", Integer.toString(trained.probe().labels().size())),
            List.of("held out for the choice", Integer.toString(trained.validationImages())),
            List.of("C", format("%.4g", trained.chosen().c())),
            List.of("validation accuracy", TrainerMetrics.number(trained.chosen().accuracy())),
            List.of("training accuracy", TrainerMetrics.number(trained.accuracy())),
            List.of("training loss", TrainerMetrics.number(trained.loss())),
            List.of("objective", format("%.9f", trained.objective()))),
        out);
  }

  static void json(TrainedProbe trained, PrintWriter out) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("images", trained.images());
    facts.put("labels", trained.probe().labels());
    facts.put("validation_images", trained.validationImages());
    facts.put("c", trained.chosen().c());
    facts.put("validation_accuracy", trained.chosen().accuracy());
    facts.put("validation_loss", trained.chosen().loss());
    facts.put("training_accuracy", trained.accuracy());
    facts.put("training_loss", trained.loss());
    facts.put("objective", trained.objective());
    facts.put("converged", trained.converged());
    facts.put("cached", trained.cached());
    facts.put("trials", trained.trials());
    facts.put("unreadable", EvaluationJson.unreadable(trained.unreadable()));
    Json.print(facts, out);
  }

  static void table(ProbeEvaluation result, PrintWriter out) {
    Table.print(
        List.of(
            List.of("accuracy", TrainerMetrics.number(result.accuracy())),
            List.of("loss", TrainerMetrics.number(result.loss())),
            List.of("images", Integer.toString(result.images()))),
        out);
    out.println();
    EvaluationTable.printClasses(result.classes(), out);
    out.println();
    EvaluationTable.printConfusion(result.confusion(), out);
    EvaluationTable.printMistakes(result.misclassified(), result.unreadable(), out);
    out.flush();
  }

  static void json(ProbeEvaluation result, PrintWriter out) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("eval_accuracy", result.accuracy());
    facts.put("eval_loss", result.loss());
    facts.put("images", result.images());
    facts.put("cached", result.cached());
    facts.putAll(
        EvaluationJson.quality(
            result.classes(), result.confusion(), result.misclassified(), result.unreadable()));
    Json.print(facts, out);
  }
}
