package io.github.tornadovit.cli;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.evaluation.LabelledImages;
import io.github.tornadovit.engine.probe.FeatureSet;
import io.github.tornadovit.engine.probe.ProbeOptions;
import io.github.tornadovit.engine.probe.ProbeTraining;
import io.github.tornadovit.engine.probe.TrainedProbe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code probe train}: trains a probe on labelled images. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Train a linear classifier on labelled images: multinomial logistic regression on"
          + " standardised features, its strength of regularisation chosen on images that are held"
          + " out.",
      "Features are kept; an interrupted run goes on where it was."
    })
final class ProbeTrainCommand implements Callable<Integer> {
  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private FeatureArguments feature = new FeatureArguments();
  @Mixin private CacheArguments cache = new CacheArguments();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FOLDER|CSV|JSONL",
      description =
          "Folder with a folder of images per label, or a CSV file or JSON Lines with paths relative to it"
              + " and labels.")
  private Path data = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "Folder for the probe; made if missing, a probe that is there is replaced.")
  private Path output = Path.of("");

  @Option(
      names = "--c",
      paramLabel = "X",
      split = ",",
      description =
          "Inverse strengths of the L2 penalty to choose from, as scikit-learn's C; default: 1e-4"
              + " to 100, two a decade.")
  private List<Double> strengths = ProbeOptions.defaults().c();

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      description = "Share of every class that the choice is made on; default: ${DEFAULT-VALUE}.")
  private double validation = ProbeOptions.defaults().validation();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Which images that share is; default: ${DEFAULT-VALUE}.")
  private long seed = ProbeOptions.defaults().seed();

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      description = "Steps of the optimiser at most; default: ${DEFAULT-VALUE}.")
  private int maxIterations = ProbeOptions.defaults().maxIterations();

  @Mixin private TableOrJson format = new TableOrJson();

  @Spec private CommandSpec spec;

  ProbeTrainCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    ProbeOptions options = options();
    feature.check();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter notes = spec.commandLine().getErr();
    List<String> labels = LabelledImages.labels(data);
    LabelledImages found = LabelledImages.read(data, labels);
    SkippedFiles.report(found.skipped(), notes);
    List<LabelledImage> images = found.images();
    FeatureSet features;
    try (VisionModel loaded = model.load(notes)) {
      features =
          ProbeFeatures.extract(
              loaded, feature.feature(loaded.config()), cache.cache(), labels, images, notes);
    }
    TrainedProbe trained = ProbeTraining.run(features, options);
    trained.save(output);
    notes.println("probe: written to " + output);
    if (!trained.converged()) {
      notes.printf(
          "tornado-vit: the optimiser stopped after %d steps, short of the minimum;"
              + " --max-iterations allows more%n",
          maxIterations);
    }
    switch (format.chosen()) {
      case TABLE -> ProbeReport.table(trained, out);
      case JSON -> ProbeReport.json(trained, out);
    }
    return ImageRun.report(trained.unreadable().size(), images.size(), notes);
  }

  private ProbeOptions options() {
    try {
      return new ProbeOptions(strengths, validation, seed, maxIterations);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(spec.commandLine(), outOfRange.getMessage(), outOfRange);
    }
  }
}
