package io.github.tornadovit.cli;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.evaluation.LabelledImages;
import io.github.tornadovit.engine.probe.FeatureSet;
import io.github.tornadovit.engine.probe.LinearProbe;
import io.github.tornadovit.engine.probe.ProbeEvaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code probe eval}: how good a probe is on labelled images. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Print accuracy and loss of a probe on labelled images, and which are mistaken for what.",
      "A label is a class name of the probe, or a class id."
    })
final class ProbeEvalCommand implements Callable<Integer> {
  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private FeatureArguments feature = new FeatureArguments();
  @Mixin private CacheArguments cache = new CacheArguments();

  @Option(
      names = "--probe",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the probe, which says what feature it needs.")
  private Path folder = Path.of("");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FOLDER|CSV|JSONL",
      description =
          "Folder with a folder of images per label, or a CSV file or JSON Lines with paths relative to it"
              + " and labels.")
  private Path data = Path.of("");

  @Mixin private TableOrJson format = new TableOrJson();

  @Spec private CommandSpec spec;

  ProbeEvalCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter notes = spec.commandLine().getErr();
    LinearProbe probe = LinearProbe.load(folder);
    probe.requireFeature(feature.feature(probe.source().feature()));
    LabelledImages found = LabelledImages.read(data, probe.labels());
    SkippedFiles.report(found.skipped(), notes);
    List<LabelledImage> images = found.images();
    FeatureSet features;
    try (VisionModel loaded = model.load(notes)) {
      probe.requireFits(loaded);
      features =
          ProbeFeatures.extract(
              loaded, probe.source().feature(), cache.cache(), probe.labels(), images, notes);
    }
    ProbeEvaluation result = ProbeEvaluation.run(probe, features);
    switch (format.chosen()) {
      case TABLE -> ProbeReport.table(result, out);
      case JSON -> ProbeReport.json(result, out);
    }
    return ImageRun.report(result.unreadable().size(), images.size(), notes);
  }
}
