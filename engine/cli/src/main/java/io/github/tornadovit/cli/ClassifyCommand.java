package io.github.tornadovit.cli;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.pipeline.ImagePipeline;
import io.github.tornadovit.engine.pipeline.Outcome;
import io.github.tornadovit.engine.probe.LinearProbe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code classify}: labels and scores of images. */
@Command(
    name = "classify",
    mixinStandardHelpOptions = true,
    description = "Print the labels and scores of images.")
final class ClassifyCommand implements Callable<Integer> {
  enum Format {
    TABLE,
    JSON,
    CSV
  }

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private ImageArguments images = new ImageArguments();

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Classes to print per image, best first; default: ${DEFAULT-VALUE}.")
  private int topK = 5;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Format format = Format.TABLE;

  @Option(names = "--logits", description = "Print the logits too.")
  private boolean logits;

  @Option(
      names = "--probe",
      paramLabel = "DIR",
      description = "Take the classes of a probe that probe train wrote instead of the model's.")
  private @Nullable Path probe;

  @Spec private CommandSpec spec;

  ClassifyCommand() {}

  @Override
  public Integer call() throws IOException {
    if (topK < 1) {
      throw new ParameterException(
          spec.commandLine(), "--top-k is " + topK + ", expected 1 or more");
    }
    CommandSpec parent = spec.parent();
    if (probe == null && parent != null && parent.name().equals(ProbeCommand.NAME)) {
      throw new ParameterException(spec.commandLine(), "Missing required option: '--probe=DIR'");
    }
    PrintWriter notes = spec.commandLine().getErr();
    List<Path> files = images.expand(notes);
    LinearProbe trained = probe == null ? null : LinearProbe.load(probe);
    ImageRun run = new ImageRun(files, notes);
    try (VisionModel loaded = model.load(notes)) {
      ImagePipeline<Classification> pipeline = pipeline(loaded, trained); // Or nothing is written.
      try (ClassificationWriter writer = writer(files, labels(loaded, trained))) {
        run.run(pipeline, loaded.imageProcessor()::pixels, writer::write);
      }
    }
    return run.report();
  }

  private static ImagePipeline<Classification> pipeline(
      VisionModel loaded, @Nullable LinearProbe probe) {
    if (probe == null) {
      return ImagePipeline.classifying(loaded);
    }
    probe.requireFits(loaded);
    return ImagePipeline.of(
        loaded,
        loaded.session().maxBatch(probe.source().feature().stage()),
        pixels -> probe.classify(loaded, pixels));
  }

  private static List<String> labels(VisionModel loaded, @Nullable LinearProbe probe) {
    return probe == null ? loaded.labels() : probe.labels();
  }

  private ClassificationWriter writer(List<Path> files, List<String> labels) {
    PrintWriter out = spec.commandLine().getOut();
    return switch (format) {
      case TABLE -> new ClassificationTable(out, topK, logits, files, labels);
      case JSON -> new ClassificationJson(out, topK, logits);
      case CSV -> new ClassificationCsv(out, topK, logits);
    };
  }

  /** Prints outcomes as they come; closing it finishes the output. */
  interface ClassificationWriter extends AutoCloseable {
    void write(Outcome<Path, Classification> outcome) throws IOException;

    @Override
    void close() throws IOException;
  }
}
