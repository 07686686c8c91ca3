package io.github.tornadovit.engine.cli;

import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code embed}: one feature vector per image. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = "Print one feature vector per image.")
final class EmbedCommand implements Callable<Integer> {
  enum Format {
    JSON,
    NPY
  }

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private ImageArguments images = new ImageArguments();

  @Option(
      names = "--pooling",
      paramLabel = "NAME",
      description =
          "cls (class token), mean (of the patch tokens) or pooler (the model's own); default:"
              + " ${DEFAULT-VALUE}.")
  private Pooling pooling = Pooling.CLS;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "json, or npy: a NumPy file [images, features] float32, a row of NaN for an image that"
              + " cannot be read; default: ${DEFAULT-VALUE}.")
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
    List<Path> files = images.expand();
    List<ImageBatches.Outcome<float[]>> outcomes = new ArrayList<>();
    int unreadable;
    try (VisionModel loaded = model.load(notes)) {
      unreadable =
          ImageBatches.run(
              loaded,
              files,
              model.options().batch(),
              batch -> loaded.embed(batch, pooling),
              outcomes::add,
              new Progress(notes, Progress.onTerminal(), files.size()));
    }
    for (ImageBatches.Outcome<float[]> outcome : outcomes) {
      if (outcome.error() != null) {
        notes.println("tornado-vit: " + outcome.error());
      }
    }
    switch (format) {
      case JSON -> writeJson(outcomes);
      case NPY -> writeNpy(outcomes);
    }
    return Unreadable.report(unreadable, files.size(), notes);
  }

  private void writeJson(List<ImageBatches.Outcome<float[]>> outcomes) throws IOException {
    try (PrintWriter file =
            output == null ? null : new PrintWriter(Files.newBufferedWriter(output));
        JsonArray array = new JsonArray(file == null ? spec.commandLine().getOut() : file)) {
      for (ImageBatches.Outcome<float[]> outcome : outcomes) {
        array.entry(outcome, (json, vector) -> JsonArray.numbers(json, "embedding", vector));
      }
    }
  }

  private void writeNpy(List<ImageBatches.Outcome<float[]>> outcomes) throws IOException {
    int width =
        outcomes.stream()
            .map(ImageBatches.Outcome::result)
            .mapToInt(vector -> vector == null ? 0 : vector.length)
            .max()
            .orElse(0);
    float[] missing = new float[width];
    Arrays.fill(missing, Float.NaN);
    List<float[]> rows = new ArrayList<>();
    for (ImageBatches.Outcome<float[]> outcome : outcomes) {
      float[] vector = outcome.result();
      rows.add(vector == null ? missing : vector);
    }
    if (output == null) {
      NpyFile.write(rows, new BufferedOutputStream(System.out), width);
    } else {
      try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(output))) {
        NpyFile.write(rows, file, width);
      }
    }
  }
}
