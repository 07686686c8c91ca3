package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.kernel.ArithmeticPeak;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of a report on one checkpoint. */
final class ModelSection {
  private static final double MEBIBYTE = 1024 * 1024;

  private final Result result;
  private final Result.Model model;
  private final String id;

  ModelSection(Result result, Result.Model model) {
    this.result = result;
    this.model = model;
    id = "model" + result.models().indexOf(model);
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Heading(2, "Checkpoint " + model.name()));
    Result.Published published = model.published();
    blocks.add(
        new Block.Paragraph(
            "%s; %s GFLOP per image. %s"
                .formatted(
                    model.architecture(),
                    Cell.three(model.flopsPerImage() * 1e-9),
                    published == null
                        ? "No rate is published for a model of this size."
                        : "Published: %s samples/s (%s; Trainer, hardware unstated, loading of data included)."
                            .formatted(published.samplesPerSecond(), published.card()))));
    blocks.addAll(throughput());
    blocks.add(whatRan());
    blocks.addAll(new ModesSection(result, model, id).blocks());
    blocks.addAll(coldStart());
    for (Result.Profile profile : model.profiles()) {
      blocks.addAll(KernelSection.of(result, model, profile, id));
    }
    blocks.add(memory());
    blocks.addAll(skipped());
    return blocks;
  }

  /** The tables of a run of forward passes alone: rates, cold start, memory. */
  List<Block> comparison() {
    List<Block> blocks = new ArrayList<>(List.of(throughputTable()));
    blocks.addAll(coldStart());
    blocks.add(memory());
    blocks.addAll(skipped());
    return blocks;
  }

  private Result.Engine engine(Result.Row row) {
    return model.engineOf(row);
  }

  private List<Block> throughput() {
    List<Block> blocks = new ArrayList<>(List.of(new Block.Heading(3, "Throughput and latency")));
    if (!model.batches().isEmpty()) {
      blocks.add(chart(result, model, Mode.FORWARD, "Images per second, forward with copies"));
      blocks.add(throughputTable());
    }
    return blocks;
  }

  private Block throughputTable() {
    List<List<Cell>> lines = new ArrayList<>();
    for (int batch : model.batches()) {
      for (Result.Row row : model.rows(Mode.FORWARD, batch)) {
        Optional<Result.Row> other = model.bestOther(Mode.FORWARD, batch, row.precision());
        lines.add(
            List.of(
                Cell.of(batch),
                Cell.of(engine(row).label()),
                Cell.rounded(row.imagesPerSecond()),
                Cell.rounded(row.millis()),
                Cell.of("± %.1f %%", 100 * row.noise()),
                number(other.map(best -> Cell.three(row.ratioTo(best)) + " x").orElse("-")),
                number(ofPublished(model, row)),
                number(
                    engine(row).processor().isHost()
                        ? ArithmeticPeak.text(row.fractionOfPeak(model.flopsPerImage()))
                        : "not measured"),
                Cell.of(sameClass(row)),
                number(difference(row.agreement().worstDifference())),
                number(difference(row.agreement().meanDifference())),
                Cell.of("%.0f %%", 100 * othersShare(row))));
      }
    }
    return new Block.Table(
        id + "-throughput",
        "Forward pass with copies: pixels in from the Java heap, logits out",
        List.of(
            "batch",
            "engine",
            "images/s",
            "ms per batch",
            "spread",
            "vs best other engine",
            "of published",
            "of FMA peak",
            "same best class",
            "max logit difference",
            "mean",
            "CPU of waiting engines"),
        lines);
  }

  private static double othersShare(Result.Row row) {
    return row.turns().stream().mapToDouble(turn -> turn.othersShare()).max().orElse(0);
  }

  static Cell number(String text) {
    return new Cell(text, true);
  }

  static String ofPublished(Result.Model model, Result.Row row) {
    Result.Published published = model.published();
    return published == null
        ? "none"
        : Cell.three(row.imagesPerSecond() / published.samplesPerSecond()) + " x";
  }

  private static String sameClass(Result.Row row) {
    Agreement agreement = row.agreement();
    return "%d of %d%s"
        .formatted(
            agreement.sameTop(),
            agreement.images(),
            agreement.equal() || !row.isFloat32() ? "" : ": answers DIFFER");
  }

  private static String difference(double value) {
    return Double.isNaN(value) ? "not comparable" : Cell.text("%.1e", value);
  }

  static Block chart(Result result, Result.Model model, Mode mode, String caption) {
    return new Block.Figure(
        "rates",
        result.models().indexOf(model),
        mode.name(),
        caption + "; the whisker is the range over rounds. Numbers are in the table.");
  }

  /** The device as it was while it ran, and what was seen to run on it. */
  private Block whatRan() {
    List<List<Cell>> lines = new ArrayList<>();
    for (Result.Engine engine : model.engines()) {
      Integer launches = engine.launches();
      Long nanos = engine.kernelNanos();
      lines.add(
          List.of(
              Cell.of(engine.label()),
              Cell.of(engine.version()),
              Cell.of(engine.device()),
              number(launches == null ? "not counted" : launches.toString()),
              number(nanos == null ? "not counted" : Cell.three(nanos * 1e-6))));
    }
    return new Block.Table(
        id + "-engines",
        "What ran: device as the run names it, kernels seen in one profiled pass",
        List.of("engine", "version", "ran on", "launches", "kernel ms"),
        lines);
  }

  private List<Block> coldStart() {
    List<Block> blocks = new ArrayList<>(List.of(new Block.Heading(3, "Cold start")));
    List<List<Cell>> lines = new ArrayList<>();
    for (Result.Engine engine : model.engines()) {
      lines.add(
          List.of(
              Cell.of(engine.label()),
              Cell.of("all"),
              Cell.rounded(engine.firstLabelMillis()),
              Cell.of(
                  "process start to first label, median of starts: "
                      + result.protocol().starts())));
      for (Result.Phase phase : engine.coldStart()) {
        lines.add(
            List.of(
                Cell.of(engine.label()),
                Cell.of(phase.name()),
                Cell.rounded(phase.millis()),
                Cell.of(phase.note())));
      }
    }
    if (model.engines().stream().anyMatch(engine -> !engine.coldStart().isEmpty())) {
      blocks.add(
          new Block.Figure(
              "coldStart",
              result.models().indexOf(model),
              "",
              "One start, part by part, in milliseconds; file cache warm."));
    }
    blocks.add(
        new Block.Table(
            id + "-cold-start",
            "To the first label, in milliseconds; the parts are those of one more start",
            List.of("engine", "part", "ms", "how it is told apart"),
            lines));
    return blocks;
  }

  private Block memory() {
    List<List<Cell>> lines = new ArrayList<>();
    for (int batch : model.batches()) {
      for (Result.Row row : model.rows(Mode.FORWARD, batch)) {
        Long resident = row.maxResidentBytes();
        Long device = row.deviceBytes();
        lines.add(
            List.of(
                Cell.of(batch),
                Cell.of(engine(row).label()),
                number(resident == null ? "unknown" : Cell.text("%.0f", resident / MEBIBYTE)),
                number(device == null ? "none" : Cell.text("%.1f", device / MEBIBYTE))));
      }
    }
    return new Block.Table(
        id + "-memory",
        "Memory in MiB: the most that the process had resident so far, and what plans hold on a"
            + " device",
        List.of("batch", "engine", "max RSS", "on the device"),
        lines);
  }

  private List<Block> skipped() {
    if (model.skipped().isEmpty()) {
      return List.of();
    }
    return List.of(
        new Block.Heading(3, "Not measured"),
        new Block.Table(
            id + "-skipped",
            "What did not take part, and why",
            List.of("engine", "what", "reason"),
            model.skipped().stream()
                .map(
                    one ->
                        List.of(Cell.of(one.engine()), Cell.of(one.what()), Cell.of(one.reason())))
                .toList()));
  }
}
