package io.github.tornadovit.cli;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.bench.Bench;
import io.github.tornadovit.engine.bench.BenchOptions;
import io.github.tornadovit.engine.bench.BenchResult;
import io.github.tornadovit.engine.evaluation.LabelledImages;
import io.github.tornadovit.kernels.backend.BackendChoice;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: what a checkpoint will do on this machine. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measure throughput and latency of the forward pass on every backend and device, for several"
            + " batch sizes, and say which to use.")
final class BenchCommand implements Callable<Integer> {
  @Mixin private ModelSource model = new ModelSource();

  @Option(
      names = "--backends",
      paramLabel = "NAME",
      split = ",",
      description =
          "Of cpu, tornado (every usable device of it) and reference; default: those that can be"
              + " used, without reference.")
  private List<BackendChoice> backends = List.of();

  @Option(
      names = "--batches",
      paramLabel = "N",
      split = ",",
      description = "Images per forward pass; default: 1,2,4,8,16,32.")
  private List<Integer> batches = BenchOptions.defaults().batches();

  @Option(
      names = "--latency-limit",
      paramLabel = "MS",
      description = "Milliseconds that 95 %% of the forward passes must not exceed; default: none.")
  private double latencyLimit = Double.POSITIVE_INFINITY;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Time for all measurements together; default: ${DEFAULT-VALUE}.")
  private int seconds = BenchOptions.defaults().seconds();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the CPU backend; default: one per processor.")
  private int threads;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      split = ",",
      converter = PrecisionConverter.class,
      description = "Of f32, bf16 and int8, each measured where it runs; default: f32.")
  private List<Precision> precisions = BenchOptions.defaults().precisions();

  @Option(
      names = "--images",
      arity = "1..*",
      paramLabel = "IMAGE|FOLDER|GLOB",
      description =
          "Images to compare the answers of every precision and device with those of f32 on, first;"
              + " f32 is measured as well then.")
  private List<String> images = List.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Compare on no more than N of the images, evenly spaced; default: all.")
  private int limit = Integer.MAX_VALUE;

  @Mixin private DisagreementArgument disagreement = new DisagreementArgument();

  @Mixin private TableOrJson format = new TableOrJson();

  @Spec private CommandSpec spec;

  BenchCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(latencyLimit > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--latency-limit is " + latencyLimit + ", expected more than 0");
    }
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + ", expected 1 or more");
    }
    double maxDisagreement = disagreement.part();
    PrintWriter notes = spec.commandLine().getErr();
    BenchOptions options =
        options().withImages(LabelledImages.spaced(ImageArguments.expand(images, notes), limit));
    notes.printf(
        "bench: %s, about %d seconds and the time to load%s%n",
        model.name(),
        options.seconds(),
        options.images().isEmpty()
            ? ""
            : " and to compare answers on %d images".formatted(options.images().size()));
    notes.flush();
    BenchResult result = Bench.run(this::load, options);
    PrintWriter out = spec.commandLine().getOut();
    RunEnvironment environment = RunEnvironment.here(options.threads());
    switch (format.chosen()) {
      case TABLE -> BenchTable.print(result, latencyLimit, maxDisagreement, environment, out);
      case JSON -> BenchJson.print(result, latencyLimit, maxDisagreement, environment, out);
    }
    return ImageRun.report(result.unreadable().size(), options.images().size(), notes);
  }

  /** A value out of range is wrong usage. */
  private BenchOptions options() {
    try {
      return new BenchOptions(backends, batches, seconds, threads, precisions, List.of());
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(spec.commandLine(), outOfRange.getMessage(), outOfRange);
    }
  }

  private VisionModel load(ModelOptions options) {
    return model.load(options, spec.commandLine().getErr());
  }
}
