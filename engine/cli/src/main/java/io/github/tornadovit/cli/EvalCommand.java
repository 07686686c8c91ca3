package io.github.tornadovit.cli;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.Evaluation;
import io.github.tornadovit.engine.evaluation.EvaluationResult;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.evaluation.LabelledImages;
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

/** {@code eval}: how good and how fast a model is on labelled images. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Print accuracy, loss and speed on labelled images, as Hugging Face's Trainer does, and which"
          + " images are mistaken for what.",
      "A label is a class name of the checkpoint, or a class id."
    })
final class EvalCommand implements Callable<Integer> {
  enum Format {
    TABLE,
    JSON
  }

  @Mixin private ModelArguments model = new ModelArguments();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FOLDER|CSV|JSONL",
      description =
          "Folder with a folder of images per label, or a CSV file or JSON Lines with paths relative to it"
              + " and labels.")
  private Path data = Path.of("");

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take no more than N images, evenly spaced; default: all.")
  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Format format = Format.TABLE;

  @Spec private CommandSpec spec;

  EvalCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + ", expected 1 or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter notes = spec.commandLine().getErr();
    EvaluationResult result;
    try (VisionModel loaded = model.load(notes)) {
      LabelledImages found = LabelledImages.read(data, loaded.labels());
      SkippedFiles.report(found.skipped(), notes);
      List<LabelledImage> images = LabelledImages.spaced(found.images(), limit);
      WarmUp.run(loaded, Math.min(loaded.session().maxBatch(), images.size()));
      Progress progress = new Progress(notes, Progress.onTerminal(), images.size());
      try {
        result = Evaluation.run(loaded, images, progress::advance);
      } finally {
        progress.clear();
      }
    }
    switch (format) {
      case TABLE -> EvaluationTable.print(result, out);
      case JSON -> EvaluationJson.print(result, out);
    }
    int unreadable = result.unreadable().size();
    return ImageRun.report(unreadable, unreadable + result.trainer().samples(), notes);
  }
}
