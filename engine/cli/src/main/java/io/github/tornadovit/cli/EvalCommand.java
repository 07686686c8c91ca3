package io.github.tornadovit.cli;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.Evaluation;
import io.github.tornadovit.engine.evaluation.EvaluationResult;
import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.evaluation.LabelledImages;
import io.github.tornadovit.engine.evaluation.PrecisionEvaluation;
import io.github.tornadovit.kernels.backend.BackendException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      "A label is a class name of the checkpoint, or a class id.",
      "With several precisions, --precision f32,int8: how good, how fast and how far from f32 each"
          + " is, and which to take."
    })
final class EvalCommand implements Callable<Integer> {
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

  @Mixin private WarmUp warmUp = new WarmUp();

  @Mixin private TableOrJson format = new TableOrJson();

  @Mixin private DisagreementArgument disagreement = new DisagreementArgument();

  @Spec private CommandSpec spec;

  EvalCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + ", expected 1 or more");
    }
    warmUp.check();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter notes = spec.commandLine().getErr();
    double maxDisagreement = disagreement.part();
    if (model.precisions().size() > 1) {
      return compare(maxDisagreement, out, notes);
    }
    EvaluationResult result;
    try (VisionModel loaded = model.load(notes)) {
      LabelledImages found = LabelledImages.read(data, loaded.labels());
      SkippedFiles.report(found.skipped(), notes);
      List<LabelledImage> images = LabelledImages.spaced(found.images(), limit);
      warmUp.run(loaded, Math.min(loaded.session().maxBatch(), images.size()));
      Progress progress = new Progress(notes, Progress.onTerminal(), images.size());
      try {
        result = Evaluation.run(loaded, images, progress::advance);
      } finally {
        progress.clear();
      }
    }
    switch (format.chosen()) {
      case TABLE -> EvaluationTable.print(result, out);
      case JSON -> EvaluationJson.print(result, out);
    }
    int unreadable = result.unreadable().size();
    return ImageRun.report(unreadable, unreadable + result.trainer().samples(), notes);
  }

  /** All precisions on the same images; f32 is among them, named or not. */
  private int compare(double maxDisagreement, PrintWriter out, PrintWriter notes)
      throws IOException, InterruptedException {
    List<VisionModel> models = new ArrayList<>();
    PrecisionEvaluation result;
    BackendException missing = null;
    try {
      for (Precision precision :
          Stream.concat(Stream.of(Precision.F32), model.precisions().stream())
              .distinct()
              .toList()) {
        try {
          models.add(model.load(precision, notes));
        } catch (BackendException lacking) {
          if (precision == Precision.F32) {
            throw lacking;
          }
          notes.printf("tornado-vit: not compared: %s%n", lacking.getMessage());
          missing = lacking;
        }
      }
      if (models.size() == 1 && missing != null) {
        throw missing; // Nothing is left to compare.
      }
      LabelledImages found = LabelledImages.read(data, models.getFirst().labels());
      SkippedFiles.report(found.skipped(), notes);
      List<LabelledImage> images = LabelledImages.spaced(found.images(), limit);
      for (VisionModel loaded : models) {
        warmUp.run(loaded, Math.min(loaded.session().maxBatch(), images.size()));
      }
      Progress progress = new Progress(notes, Progress.onTerminal(), images.size());
      try {
        result = Evaluation.comparePrecisions(models, images, progress::advance);
      } finally {
        progress.clear();
      }
    } finally {
      models.forEach(VisionModel::close);
    }
    switch (format.chosen()) {
      case TABLE -> PrecisionTable.print(result, maxDisagreement, out);
      case JSON -> Json.print(PrecisionTable.facts(result, maxDisagreement), out);
    }
    int unreadable = result.unreadable().size();
    return ImageRun.report(unreadable, unreadable + result.images(), notes);
  }
}
