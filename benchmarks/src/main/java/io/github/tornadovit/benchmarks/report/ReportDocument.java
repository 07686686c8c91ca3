package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A result in words, tables and pictures. */
final class ReportDocument {
  static final String TITLE = "tornado-vit: CPU, GPU and other engines compared";

  private ReportDocument() {}

  /**
   * The document.
   *
   * @param history earlier runs and this one, oldest first; may be empty
   */
  static List<Block> of(Result result, List<History.Entry> history) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Heading(1, TITLE));
    blocks.add(
        new Block.Paragraph(
            "Measured %s at commit %s on %s."
                .formatted(result.date(), result.commit(), result.machine())));
    blocks.addAll(Recommendation.of(result));
    blocks.add(new Block.Points(glance(result)));
    for (Result.Model model : result.models()) {
      blocks.addAll(new ModelSection(result, model).blocks());
      blocks.addAll(TrendSection.of(result, model, history));
    }
    blocks.add(new Block.Heading(2, "Conditions"));
    blocks.add(conditions(result));
    blocks.addAll(devices(result));
    blocks.addAll(HowToRead.blocks(result));
    return blocks;
  }

  /** The output of {@code peers}: the same tables, of forward passes alone. */
  static List<Block> comparison(Result result) {
    List<Block> blocks = new ArrayList<>(List.of(conditions(result)));
    blocks.addAll(Recommendation.of(result));
    for (Result.Model model : result.models()) {
      blocks.add(new Block.Heading(2, "Checkpoint " + model.name()));
      blocks.addAll(new ModelSection(result, model).comparison());
    }
    return blocks;
  }

  /** The summary, for a reader who reads no further. */
  private static List<String> glance(Result result) {
    List<String> points = new ArrayList<>();
    boolean gpu =
        result.models().stream()
            .flatMap(model -> model.engines().stream())
            .anyMatch(engine -> engine.processor() == Processor.GPU);
    if (!gpu) {
      points.add(
          "No GPU took part: "
              + (result.tornadoProblem().isEmpty()
                  ? "none of TornadoVM's devices that ran is one."
                  : "TornadoVM was not used; " + result.tornadoProblem() + "."));
    }
    if (!result.protocol().warm()) {
      points.add(
          "Measured without a warm-up of a second and three passes: good for trying the report"
              + " out, and for nothing else.");
    }
    for (Result.Model model : result.models()) {
      points.addAll(Glance.of(result, model));
    }
    return points;
  }

  private static Block conditions(Result result) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Map.Entry<String, String> condition : result.conditions().entrySet()) {
      rows.add(List.of(Cell.of(condition.getKey()), Cell.of(condition.getValue())));
    }
    rows.add(
        List.of(
            Cell.of("FMA peak of the host"),
            Cell.of(Cell.text("%.1f GFLOP/s, median over all turns", result.peak().gigaflops()))));
    rows.add(
        List.of(
            Cell.of("memory bandwidth of the host"),
            Cell.of(Cell.text("%.2f GB/s, reading", result.peak().gigabytesPerSecond()))));
    return new Block.Table("conditions", "Of the run", List.of("what", "value"), rows);
  }

  private static List<Block> devices(Result result) {
    List<Block> blocks = new ArrayList<>(List.of(new Block.Heading(2, "Devices of TornadoVM")));
    if (!result.tornadoProblem().isEmpty()) {
      blocks.add(new Block.Paragraph("TornadoVM was not used: " + result.tornadoProblem() + "."));
    }
    if (!result.devices().isEmpty()) {
      blocks.add(
          new Block.Table(
              "devices",
              "What TornadoVM listed",
              List.of("device", "is a", "name", "through", "driver", "units", "memory MiB"),
              result.devices().stream()
                  .map(
                      device ->
                          List.of(
                              Cell.of(device.index()),
                              Cell.of(device.processor().label()),
                              Cell.of(device.name()),
                              Cell.of(device.tornadoBackend()),
                              Cell.of(device.platform()),
                              Cell.of(device.computeUnits()),
                              Cell.of(device.memoryBytes() >> 20)))
                  .toList()));
    }
    return blocks;
  }
}
