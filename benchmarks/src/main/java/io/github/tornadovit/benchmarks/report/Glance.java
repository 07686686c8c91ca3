package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A checkpoint in a sentence or two: our CPU backend beside the others, and devices beside it. */
final class Glance {
  private Glance() {}

  static List<String> of(Result result, Result.Model model) {
    List<String> points = new ArrayList<>();
    if (model.batches().isEmpty()) {
      return points;
    }
    int batch = Collections.max(model.batches());
    model.rows(Mode.FORWARD, batch).stream()
        .filter(row -> isCpu(model.engineOf(row)))
        .findFirst()
        .ifPresent(
            ours ->
                points.add(
                    "%s, batch %d: our CPU backend %s images/s%s."
                        .formatted(
                            model.name(),
                            batch,
                            Cell.three(ours.imagesPerSecond()),
                            besideOther(result, model, ours))));
    for (SpeedUp speedUp : SpeedUp.of(result, model)) {
      if (speedUp.batch() == batch && speedUp.mode() == Mode.FORWARD) {
        Double ratio = speedUp.ratio();
        points.add(
            "%s, batch %d: %s %s images/s, our CPU backend %s; %s."
                .formatted(
                    model.name(),
                    batch,
                    speedUp.device().label(),
                    Cell.three(speedUp.deviceImagesPerSecond()),
                    Cell.three(speedUp.cpuImagesPerSecond()),
                    ratio == null
                        ? "speed-up " + speedUp.withheld()
                        : Cell.three(ratio) + " times as fast"));
      }
    }
    return points;
  }

  private static boolean isCpu(Result.Engine engine) {
    return engine.ours() && engine.processor() == Processor.CPU;
  }

  private static String besideOther(Result result, Result.Model model, Result.Row ours) {
    Optional<Result.Row> other = model.bestOther(Mode.FORWARD, ours.batch(), ours.precision());
    if (other.isEmpty()) {
      return ", no other engine took part";
    }
    Result.Row best = other.get();
    return result.protocol().warm() && !ours.noisy() && !best.noisy()
        ? ", %s times the fastest other engine (%s, %s images/s)"
            .formatted(
                Cell.three(ours.ratioTo(best)),
                model.engineOf(best).label(),
                Cell.three(best.imagesPerSecond()))
        : "; too noisy or too cold to compare";
  }
}
