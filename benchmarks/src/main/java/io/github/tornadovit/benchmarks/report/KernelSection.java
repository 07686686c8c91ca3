package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.kernel.ArithmeticPeak;
import java.util.ArrayList;
import java.util.List;

/** The kernels of one engine: a table, and their place under the roof where it was measured. */
final class KernelSection {
  private KernelSection() {}

  static List<Block> of(Result result, Result.Model model, Result.Profile profile, String modelId) {
    Result.Engine engine = model.engine(profile.engine()).orElseThrow();
    boolean host = engine.processor().isHost();
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Heading(3, "Kernels: %s, batch %d".formatted(engine.label(), profile.batch())));
    List<List<Cell>> lines = new ArrayList<>();
    for (int i = 0; i < profile.kernels().size(); i++) {
      Result.Kernel kernel = profile.kernels().get(i);
      double roof = result.peak().roof(kernel.intensity());
      lines.add(
          List.of(
              Cell.of(i + 1),
              Cell.of(kernel.kernel()),
              Cell.of(kernel.writes()),
              Cell.of(kernel.launches()),
              Cell.rounded(kernel.flops() * 1e-6 / kernel.launches()),
              Cell.of("%.3f", kernel.nanos() * 1e-6),
              Cell.of("%.1f %%", 100.0 * kernel.nanos() / Math.max(1, profile.nanos())),
              Cell.rounded(kernel.gigaflops()),
              Cell.rounded(kernel.gigabytesPerSecond()),
              Cell.rounded(kernel.intensity()),
              new Cell(
                  !host
                      ? "peak not measured"
                      : kernel.flops() == 0 ? "no arithmetic" : part(kernel, roof, result.peak()),
                  true),
              Cell.of(kernel.grid())));
    }
    blocks.add(
        new Block.Table(
            modelId + "-kernels-" + profile.engine().replace(':', '-'),
            "The profiled pass whose kernels took the median of %d; launches of equal work summed"
                .formatted(result.protocol().profilePasses()),
            List.of(
                "no.",
                "kernel",
                "writes",
                "launches",
                "MFLOP each",
                "ms",
                "share",
                "GFLOP/s",
                "GB/s",
                "FLOP per byte",
                "of the roof",
                "grid"),
            lines));
    if (!host) {
      blocks.add(
          new Block.Paragraph(
              "The peak of this device was not measured, so there is no roof to compare with."));
    } else if (profile.kernels().stream()
        .anyMatch(kernel -> kernel.flops() > 0 && kernel.nanos() > 0)) {
      blocks.add(
          new Block.Figure(
              "roofline",
              result.models().indexOf(model),
              profile.engine(),
              "Kernels by their numbers in the table, under what the host's cores and memory were"
                  + " measured to do. Both scales are logarithmic."));
    }
    return blocks;
  }

  private static String part(Result.Kernel kernel, double roof, Result.Peak peak) {
    if (!ArithmeticPeak.isCredible(kernel.gigaflops() / peak.gigaflops())) {
      return "above the peak";
    }
    double part = kernel.gigaflops() / roof;
    if (!ArithmeticPeak.isCredible(part)) {
      return "faster than memory: cached";
    }
    return Cell.text(part < 0.1 ? "%.1f %%" : "%.0f %%", 100 * part);
  }
}
