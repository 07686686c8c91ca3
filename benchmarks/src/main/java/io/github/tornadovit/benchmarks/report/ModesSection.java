package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The modes of a checkpoint side by side, and how much faster devices are than the CPU backend. */
final class ModesSection {
  private final Result result;
  private final Result.Model model;
  private final String id;

  ModesSection(Result result, Result.Model model, String id) {
    this.result = result;
    this.model = model;
    this.id = id;
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>(modes());
    blocks.addAll(speedUps());
    return blocks;
  }

  private List<Block> modes() {
    List<List<Cell>> lines = new ArrayList<>();
    for (int batch : model.batches()) {
      for (Result.Row row : model.rows(Mode.FORWARD, batch)) {
        Result.Engine engine = model.engineOf(row);
        Optional<Result.Row> kernels = model.row(row.engine(), Mode.FORWARD_ONLY, batch);
        Optional<Result.Row> pipeline = model.row(row.engine(), Mode.PIPELINE, batch);
        lines.add(
            List.of(
                Cell.of(batch),
                Cell.of(engine.label()),
                Cell.of(kernels.map(ModesSection::rate).orElse(noKernels(engine))),
                Cell.of(rate(row)),
                Cell.of(pipeline.map(ModesSection::rate).orElse(noPipeline(engine))),
                Cell.of(pipeline.map(ModesSection::reading).orElse("")),
                Cell.of(pipeline.map(one -> ModelSection.ofPublished(model, one)).orElse(""))));
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
      blocks.add(
          ModelSection.chart(result, model, Mode.PIPELINE, "Images per second, full pipeline"));
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
              ModelSection.number(ratio == null ? "-" : Cell.three(ratio) + " x"),
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
}
