package io.github.tornadovit.engine.cli;

import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.weights.file.WholeFile;
import io.github.tornadovit.weights.tensor.Shape;
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
    Feature feature = features.feature();
    List<Path> files = images.expand();
    int[] unreadable = new int[1];
    try (VisionModel loaded = model.load(notes)) {
      WholeFile.Content content = target -> unreadable[0] = embed(loaded, feature, files, target);
      if (output != null) {
        WholeFile.write(output, content);
      } else if (format == Format.NPY) {
        content.writeTo(System.out);
        System.out.flush();
      } else {
        unreadable[0] = embedAsJson(loaded, feature, files, spec.commandLine().getOut());
      }
    }
    return Unreadable.report(unreadable[0], files.size(), notes);
  }

  private int embed(VisionModel loaded, Feature feature, List<Path> files, OutputStream target)
      throws IOException {
    if (format == Format.NPY) {
      return embedAsNpy(loaded, feature, files, target);
    }
    PrintWriter text = new PrintWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8));
    int unreadable = embedAsJson(loaded, feature, files, text);
    // A PrintWriter keeps its failures to itself.
    if (text.checkError()) {
      throw new IOException(output + ": cannot be written");
    }
    return unreadable;
  }

  private int embedAsJson(VisionModel loaded, Feature feature, List<Path> files, PrintWriter target)
      throws IOException {
    Shape shape = loaded.shape(feature);
    try (JsonArray array = new JsonArray(target)) {
      return run(
          loaded,
          feature,
          files,
          outcome ->
              array.entry(
                  outcome, (json, values) -> JsonArray.numbers(json, "embedding", values, shape)));
    }
  }

  private int embedAsNpy(VisionModel loaded, Feature feature, List<Path> files, OutputStream target)
      throws IOException {
    Shape shape = loaded.shape(feature);
    float[] missing = new float[Math.toIntExact(shape.elements())];
    Arrays.fill(missing, Float.NaN);
    NpyFile array = new NpyFile(files.size(), shape, target);
    return run(
        loaded,
        feature,
        files,
        outcome -> array.write(outcome.result() == null ? missing : outcome.result()));
  }

  /** Hands over the outcomes as they come and says which images could not be read. */
  private int run(
      VisionModel loaded, Feature feature, List<Path> files, ImageBatches.Sink<float[]> sink)
      throws IOException {
    PrintWriter notes = spec.commandLine().getErr();
    return ImageBatches.run(
        loaded,
        files,
        model.options().batch(),
        batch -> loaded.embed(batch, feature),
        outcome -> {
          if (outcome.error() != null) {
            notes.println("tornado-vit: " + outcome.error());
          }
          sink.accept(outcome);
        },
        new Progress(notes, Progress.onTerminal(), files.size()));
  }
}
