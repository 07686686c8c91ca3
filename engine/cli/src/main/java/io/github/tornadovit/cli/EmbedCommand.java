package io.github.tornadovit.cli;

import io.github.tornadovit.base.file.WholeFile;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.pipeline.ImagePipeline;
import io.github.tornadovit.weights.config.VisionConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code embed}: one feature per image. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = "Print one feature vector per image, or one per token.")
final class EmbedCommand implements Callable<Integer> {
  enum Format {
    JSON,
    NPY
  }

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private ImageArguments images = new ImageArguments();
  @Mixin private FeatureArguments features = new FeatureArguments();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "json, or npy: a NumPy file float32 [images, features], with --pooling tokens [images,"
              + " tokens, features]; NaN for an image that cannot be read; default:"
              + " ${DEFAULT-VALUE}.")
  private Format format = Format.JSON;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to a file; default: standard output.")
  private @Nullable Path output;

  @Spec private CommandSpec spec;

  EmbedCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter notes = spec.commandLine().getErr();
    features.check();
    List<Path> files = images.expand(notes);
    ImageRun run = new ImageRun(files, notes);
    try (VisionModel loaded = model.load(notes)) {
      Feature feature = features.feature(loaded.config());
      loaded.session().require(feature.stage()); // Before anything is written.
      notes.println("feature: " + described(feature, loaded.config()));
      notes.flush();
      WholeFile.Content content = target -> embed(run, loaded, feature, files.size(), target);
      if (output != null) {
        WholeFile.write(output, content);
      } else if (format == Format.NPY) {
        content.writeTo(System.out);
        System.out.flush();
      } else {
        embedAsJson(run, loaded, feature, spec.commandLine().getOut());
      }
    }
    return run.report();
  }

  /** {@code cls [768]}. */
  private static String described(Feature feature, VisionConfig config) {
    boolean projected = feature.pooling() == Pooling.POOLER && config.projectionSize() > 0;
    return "%s %s%s"
        .formatted(
            feature,
            feature.shape(config),
            projected ? ", before the projection; --pooling projection gives image_embeds" : "");
  }

  private void embed(
      ImageRun run, VisionModel loaded, Feature feature, int images, OutputStream target)
      throws IOException {
    if (format == Format.NPY) {
      embedAsNpy(run, loaded, feature, images, target);
      return;
    }
    PrintWriter text = new PrintWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8));
    embedAsJson(run, loaded, feature, text);
    // A PrintWriter keeps its failures to itself.
    if (text.checkError()) {
      throw new IOException(output + ": cannot be written");
    }
  }

  private void embedAsJson(ImageRun run, VisionModel loaded, Feature feature, PrintWriter target)
      throws IOException {
    Shape shape = feature.shape(loaded.config());
    try (JsonArray array = new JsonArray(target)) {
      run(
          run,
          loaded,
          feature,
          outcome ->
              array.entry(
                  outcome, (json, values) -> JsonArray.numbers(json, "embedding", values, shape)));
    }
  }

  private void embedAsNpy(
      ImageRun run, VisionModel loaded, Feature feature, int images, OutputStream target)
      throws IOException {
    Shape shape = feature.shape(loaded.config());
    float[] missing = new float[Math.toIntExact(shape.elements())];
    Arrays.fill(missing, Float.NaN);
    NpyFile array = new NpyFile(images, shape, target);
    run(
        run,
        loaded,
        feature,
        outcome -> array.write(outcome.result() == null ? missing : outcome.result()));
  }

  /** Hands over the outcomes as they come and says which images could not be read. */
  private void run(
      ImageRun run,
      VisionModel loaded,
      Feature feature,
      ImagePipeline.Sink<Path, float[], IOException> sink)
      throws IOException {
    PrintWriter notes = spec.commandLine().getErr();
    run.run(
        ImagePipeline.embedding(loaded, feature),
        loaded.imageProcessor()::pixels,
        outcome -> {
          if (outcome.problem() != null) {
            notes.println("tornado-vit: " + outcome.problem());
          }
          sink.accept(outcome);
        });
  }
}
