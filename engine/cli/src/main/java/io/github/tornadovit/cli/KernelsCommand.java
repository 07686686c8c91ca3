package io.github.tornadovit.cli;

import io.github.tornadovit.engine.GpuEstimate;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.kernels.backend.Gpu;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.PassEstimate;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kernels}: where the time of a forward pass goes, or what code it runs. */
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = {
      "Print the kernels of a forward pass of blank images: launches, grid, time and rate.",
      "With --print-kernels, write their source instead: they are compiled and launched, but not"
          + " checked.",
      "With --gpu, print what a model of time expects of a GPU that need not be here: the launches of its plan, what"
          + " bounds each, and the whole pass. No GPU has confirmed it."
    })
final class KernelsCommand implements Callable<Integer> {
  @Mixin private ModelArguments model = new ModelArguments();

  @Mixin private WarmUp warmUp = new WarmUp();

  @Mixin private TableOrJson format = new TableOrJson();

  @Option(
      names = "--gpu",
      paramLabel = "NAME|FILE",
      converter = GpuConverter.class,
      description =
          "Expect times on T4, A10, A100, RTX 4090 or H100, or on a GPU whose figures a file of properties says"
              + " (docs/gpu-guide.md); runs nothing and needs no TornadoVM.")
  private @Nullable Gpu gpu;

  @Spec private CommandSpec spec;

  KernelsCommand() {}

  @Override
  public Integer call() {
    warmUp.check();
    PrintWriter out = spec.commandLine().getOut();
    if (gpu != null) {
      return estimate(gpu, out);
    }
    try (VisionModel loaded = model.load(spec.commandLine().getErr())) {
      if (!model.printsKernels()) {
        warmUp.run(loaded, loaded.session().maxBatch());
        List<KernelTime> times = loaded.session().profile(loaded.session().maxBatch());
        switch (format.chosen()) {
          case TABLE -> KernelReport.table(times, out);
          case JSON -> KernelReport.json(times, out);
        }
      }
    }
    return 0;
  }

  private int estimate(Gpu on, PrintWriter out) {
    if (model.printsKernels()) {
      throw new ParameterException(
          spec.commandLine(), "--gpu runs nothing, so that --print-kernels has nothing to print");
    }
    ModelOptions options = model.options();
    PassEstimate estimate;
    try (Checkpoint checkpoint = model.openCheckpoint(spec.commandLine().getErr())) {
      estimate = GpuEstimate.of(checkpoint, options, on);
    }
    switch (format.chosen()) {
      case TABLE -> EstimateReport.table(estimate, out);
      case JSON -> EstimateReport.json(estimate, out);
    }
    return 0;
  }
}
