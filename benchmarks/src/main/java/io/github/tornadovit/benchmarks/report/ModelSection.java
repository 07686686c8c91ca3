package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.kernel.FmaPeak;
import io.github.tornadovit.benchmarks.model.Agreement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What was measured of one checkpoint. */
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
    blocks.addAll(modes());
    blocks.addAll(speedUps());
    blocks.addAll(coldStart());
    for (Result.Profile profile : model.profiles()) {
      blocks.addAll(KernelSection.of(result, model, profile, id));
    }
    blocks.add(memory());
    blocks.addAll(skipped());
    return blocks;
  }

  /** One or two sentences. */
  List<String> glance() {
    List<String> points = new ArrayList<>();
    if (model.batches().isEmpty()) {
      return points;
    }
    int batch = Collections.max(model.batches());
    List<Result.Row> rows = rows(Mode.FORWARD, batch);
    rows.stream()
        .filter(row -> engine(row).ours() && engine(row).processor() == Processor.CPU)
        .findFirst()
        .ifPresent(
            ours -> {
              Optional<Result.Row> peer =
                  rows.stream()
                      .filter(row -> !engine(row).ours() && row.agreement().equal())
                      .max(Comparator.comparingDouble(Result.Row::imagesPerSecond));
              points.add(
                  "%s, batch %d: our CPU backend %s images/s%s."
                      .formatted(
                          model.name(),
                          batch,
                          Cell.three(ours.imagesPerSecond()),
                          peer.map(
                                  row ->
                                      result.protocol().warm() && !ours.noisy() && !row.noisy()
                                          ? ", %s times the fastest other engine (%s, %s images/s)"
                                              .formatted(
                                                  Cell.three(ours.ratioTo(row)),
                                                  engine(row).label(),
                                                  Cell.three(row.imagesPerSecond()))
                                          : "; too noisy or too cold to compare")
                              .orElse(", no other engine took part")));
            });
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

  private Result.Engine engine(Result.Row row) {
    return model
        .engine(row.engine())
        .orElseThrow(
            () -> new IllegalArgumentException("the result has no engine '" + row.engine() + "'"));
  }

  private List<Result.Row> rows(Mode mode, int batch) {
    return model.rows().stream().filter(row -> row.mode() == mode && row.batch() == batch).toList();
  }

  private List<Block> throughput() {
    List<List<Cell>> lines = new ArrayList<>();
    for (int batch : model.batches()) {
      for (Result.Row row : rows(Mode.FORWARD, batch)) {
        lines.add(
            List.of(
                Cell.of(batch),
                Cell.of(engine(row).label()),
                Cell.rounded(row.imagesPerSecond()),
                Cell.rounded(row.millis()),
                Cell.of("± %.1f %%", 100 * row.noise()),
                number(ofPublished(row)),
                number(
                    engine(row).processor().isHost()
                        ? FmaPeak.text(row.fractionOfPeak(model.flopsPerImage()))
                        : "not measured"),
                Cell.of(sameClass(row)),
                number(difference(row)),
                Cell.of("%.0f %%", 100 * othersShare(row))));
      }
    }
    List<Block> blocks = new ArrayList<>(List.of(new Block.Heading(3, "Throughput and latency")));
    if (!lines.isEmpty()) {
      blocks.add(chart(Mode.FORWARD, "Images per second, forward with copies"));
      blocks.add(
          new Block.Table(
              id + "-throughput",
              "Forward pass with copies: pixels in from the Java heap, logits out",
              List.of(
                  "batch",
                  "engine",
                  "images/s",
                  "ms per batch",
                  "spread",
                  "of published",
                  "of FMA peak",
                  "same best class",
                  "max logit difference",
                  "CPU of waiting engines"),
              lines));
    }
    return blocks;
  }

  private static double othersShare(Result.Row row) {
    return row.turns().stream().mapToDouble(turn -> turn.othersShare()).max().orElse(0);
  }

  private static Cell number(String text) {
    return new Cell(text, true);
  }

  private String ofPublished(Result.Row row) {
    Result.Published published = model.published();
    return published == null
        ? "none"
        : Cell.three(row.imagesPerSecond() / published.samplesPerSecond()) + " x";
  }

  private static String sameClass(Result.Row row) {
    Agreement agreement = row.agreement();
    return "%d of %d%s"
        .formatted(
            agreement.sameTop(), agreement.images(), agreement.equal() ? "" : ": answers DIFFER");
  }

  private static String difference(Result.Row row) {
    double worst = row.agreement().worstDifference();
    return Double.isNaN(worst) ? "not comparable" : Cell.text("%.1e", worst);
  }

  private Block chart(Mode mode, String caption) {
    List<BarChart.Group> groups = new ArrayList<>();
    for (int batch : model.batches()) {
      List<BarChart.Bar> bars = new ArrayList<>();
      for (Result.Row row : rows(mode, batch)) {
        Result.Engine engine = engine(row);
        String style =
            !engine.ours() ? "peer" : engine.processor() == Processor.CPU ? "ours" : "device";
        double images = 1000.0 * batch;
        bars.add(
            new BarChart.Bar(
                engine.label() + (row.agreement().equal() ? "" : " (answers differ)"),
                row.imagesPerSecond(),
                images / row.slowestMillis(),
                images / row.fastestMillis(),
                style));
      }
      groups.add(new BarChart.Group("batch " + batch, bars));
    }
    Result.Published published = model.published();
    BarChart.Mark mark =
        published == null
            ? null
            : new BarChart.Mark(
                "published: " + published.samplesPerSecond(), published.samplesPerSecond());
    return new Block.Figure(
        caption + "; the whisker is the range over rounds. Numbers are in the table.",
        caption + " of " + model.name(),
        BarChart.draw(groups, "images per second", mark));
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

  private List<Block> modes() {
    List<List<Cell>> lines = new ArrayList<>();
    for (int batch : model.batches()) {
      for (Result.Row row : rows(Mode.FORWARD, batch)) {
        Result.Engine engine = engine(row);
        Optional<Result.Row> kernels = model.row(row.engine(), Mode.FORWARD_ONLY, batch);
        Optional<Result.Row> pipeline = model.row(row.engine(), Mode.PIPELINE, batch);
        lines.add(
            List.of(
                Cell.of(batch),
                Cell.of(engine.label()),
                Cell.of(kernels.map(ModelSection::rate).orElse(noKernels(engine))),
                Cell.of(rate(row)),
                Cell.of(pipeline.map(ModelSection::rate).orElse(noPipeline(engine))),
                Cell.of(pipeline.map(ModelSection::reading).orElse("")),
                Cell.of(pipeline.map(this::ofPublished).orElse(""))));
      }
    }
    if (lines.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>(List.of(new Block.Heading(3, "Three modes")));
    blocks.add(
        new Block.Table(
            id + "-modes",
            "Images per second (ms per batch) in each mode",
            List.of(
                "batch",
                "engine",
                Mode.FORWARD_ONLY.label(),
                Mode.FORWARD.label(),
                Mode.PIPELINE.label(),
                "of which reading images",
                "pipeline of published"),
            lines));
    if (model.rows().stream().anyMatch(row -> row.mode() == Mode.PIPELINE)) {
      blocks.add(chart(Mode.PIPELINE, "Images per second, full pipeline"));
    }
    blocks.add(new Block.Paragraph("Images of the pipeline: " + model.images() + "."));
    return blocks;
  }

  private static String rate(Result.Row row) {
    return "%s (%s ms)".formatted(Cell.three(row.imagesPerSecond()), Cell.three(row.millis()));
  }

  private static String reading(Result.Row row) {
    Double read = row.readMillis();
    return read == null
        ? ""
        : "%s ms, %.0f %%".formatted(Cell.three(read), 100 * read / row.millis());
  }

  private static String noKernels(Result.Engine engine) {
    if (!engine.ours()) {
      return "not told apart: the library gives no time of its kernels";
    }
    return engine.processor() == Processor.CPU
        ? "not told apart: computes on the Java heap, there is no copy to a device"
        : "not measured";
  }

  private static String noPipeline(Result.Engine engine) {
    return engine.ours() ? "not measured" : "none: takes pixels, not image files";
  }

  private List<Block> speedUps() {
    List<SpeedUp> speedUps = SpeedUp.of(result, model);
    List<Block> blocks = new ArrayList<>();
    if (speedUps.isEmpty()) {
      return blocks;
    }
    blocks.add(new Block.Heading(3, "Speed-up over the CPU backend"));
    if (speedUps.stream().noneMatch(one -> one.device().processor() == Processor.GPU)) {
      blocks.add(
          new Block.Paragraph(
              "None of these devices is a GPU: this compares two ways to use the same cores, or"
                  + " another device than a GPU."));
    }
    List<List<Cell>> lines = new ArrayList<>();
    for (SpeedUp speedUp : speedUps) {
      Double ratio = speedUp.ratio();
      lines.add(
          List.of(
              Cell.of(speedUp.batch()),
              Cell.of(speedUp.device().label()),
              Cell.of(speedUp.mode().label()),
              Cell.rounded(speedUp.deviceImagesPerSecond()),
              Cell.rounded(speedUp.cpuImagesPerSecond()),
              number(ratio == null ? "-" : Cell.three(ratio) + " x"),
              Cell.of(speedUp.withheld())));
    }
    blocks.add(
        new Block.Table(
            id + "-speed-up",
            "Both rates, and the ratio taken round by round, then its median",
            List.of(
                "batch",
                "device",
                "mode",
                "images/s",
                "CPU backend images/s",
                "speed-up",
                "remark"),
            lines));
    return blocks;
  }

  private List<Block> coldStart() {
    List<Block> blocks = new ArrayList<>(List.of(new Block.Heading(3, "Cold start")));
    List<List<Cell>> lines = new ArrayList<>();
    List<StackedBars.Bar> bars = new ArrayList<>();
    for (Result.Engine engine : model.engines()) {
      lines.add(
          List.of(
              Cell.of(engine.label()),
              Cell.of("all"),
              Cell.rounded(engine.firstLabelMillis()),
              Cell.of(
                  "process start to first label, median of starts: "
                      + result.protocol().starts())));
      List<StackedBars.Part> parts = new ArrayList<>();
      for (Result.Phase phase : engine.coldStart()) {
        lines.add(
            List.of(
                Cell.of(engine.label()),
                Cell.of(phase.name()),
                Cell.rounded(phase.millis()),
                Cell.of(phase.note())));
        parts.add(new StackedBars.Part(phase.name(), phase.millis()));
      }
      if (!parts.isEmpty()) {
        bars.add(new StackedBars.Bar(engine.label(), parts));
      }
    }
    if (!bars.isEmpty()) {
      blocks.add(
          new Block.Figure(
              "One start, part by part, in milliseconds; file cache warm.",
              "Parts of the cold start of " + model.name(),
              StackedBars.draw(bars, "milliseconds from the start of the process")));
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
      for (Result.Row row : rows(Mode.FORWARD, batch)) {
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
