package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says what to run a checkpoint on: the most images per second, and the shortest wait. Considered
 * is what computes what our CPU backend does, was warmed up and did not drift.
 */
final class Recommendation {
  private final Result.Model model;
  private final List<Result.Row> candidates;

  private Recommendation(Result result, Result.Model model) {
    this.model = model;
    List<SpeedUp> speedUps = SpeedUp.of(result, model);
    candidates =
        model.rows().stream()
            .filter(row -> row.mode() == Mode.FORWARD && result.protocol().warm())
            .filter(row -> row.agreement().equal() && !row.noisy())
            .filter(
                row ->
                    speedUps.stream()
                        .noneMatch(
                            one ->
                                one.device().id().equals(row.engine())
                                    && one.batch() == row.batch()
                                    && one.mode() == row.mode()
                                    && one.ratio() == null))
            .toList();
  }

  /** The answer for all checkpoints of a result; none if nothing can be recommended. */
  static List<Block> of(Result result) {
    List<Block.Choice> choices = new ArrayList<>();
    for (Result.Model model : result.models()) {
      choices.addAll(new Recommendation(result, model).choices());
    }
    return choices.isEmpty()
        ? List.of()
        : List.of(new Block.Headline("What should I run on?", choices));
  }

  private List<Block.Choice> choices() {
    List<Block.Choice> choices = new ArrayList<>();
    Comparator<Result.Row> rate = Comparator.comparingDouble(Result.Row::imagesPerSecond);
    candidates.stream()
        .max(rate)
        .ifPresent(
            best -> {
              choices.add(throughput("most images per second", best));
              if (!engine(best).ours()) {
                candidates.stream()
                    .filter(row -> engine(row).ours())
                    .max(rate)
                    .ifPresent(ours -> choices.add(throughput("the best of ours", ours)));
              }
            });
    int smallest = candidates.stream().mapToInt(Result.Row::batch).min().orElse(0);
    candidates.stream()
        .filter(row -> row.batch() == smallest)
        .min(Comparator.comparingDouble(Result.Row::millis))
        .ifPresent(
            quickest ->
                choices.add(
                    choice(
                        "shortest wait for " + (smallest == 1 ? "one image" : smallest + " images"),
                        quickest,
                        Cell.three(quickest.millis()) + " ms")));
    return choices;
  }

  private Block.Choice throughput(String what, Result.Row row) {
    return choice(what, row, Cell.three(row.imagesPerSecond()) + " images/s");
  }

  private Block.Choice choice(String what, Result.Row row, String figure) {
    Result.Engine engine = engine(row);
    return new Block.Choice(
        model.name() + ", " + what,
        engine.label(),
        figure,
        "batch %d: %s images/s, %s ms per batch%s"
            .formatted(
                row.batch(),
                Cell.three(row.imagesPerSecond()),
                Cell.three(row.millis()),
                comparison(row)),
        engine.ours() ? options(engine) + " --batch " + row.batch() : "");
  }

  /** Beside the best of the other engines at the same batch size. */
  private String comparison(Result.Row row) {
    Optional<Result.Row> next =
        candidates.stream()
            .filter(other -> other.batch() == row.batch() && !other.engine().equals(row.engine()))
            .max(Comparator.comparingDouble(Result.Row::imagesPerSecond));
    return next.map(
            other ->
                "; %s times as fast as %s (%s images/s)"
                    .formatted(
                        Cell.three(row.ratioTo(other)),
                        engine(other).label(),
                        Cell.three(other.imagesPerSecond())))
        .orElse("");
  }

  private static String options(Result.Engine engine) {
    return engine
        .deviceNumber()
        .map(number -> "--backend tornado --device " + number)
        .orElse("--backend cpu");
  }

  private Result.Engine engine(Result.Row row) {
    return model.engineOf(row);
  }
}
