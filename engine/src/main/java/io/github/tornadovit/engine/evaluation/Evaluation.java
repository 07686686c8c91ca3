package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Evaluates a model on labelled images as Hugging Face's Trainer does.
 *
 * {@snippet :
 * try (VisionModel model = VisionModel.load(Path.of("vit-face-mask"))) {
 *   List<LabelledImage> images = LabelledImages.read(Path.of("faces"), model.labels()).images();
 *   EvaluationResult result = Evaluation.run(model, images, done -> {});
 *   result.trainer().toLines().forEach(System.out::println);
 * }
 * }
 *
 * <p>Images are decoded and preprocessed by several threads, ahead of the forward pass. Batches are
 * filled with readable images in the order of the list, so that results do not depend on timing.
 */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Runs every image once, in batches of {@link io.github.tornadovit.engine.Session#maxBatch()}.
   *
   * @param progress is told the number of images done since it was last told
   * @throws DataSetException if no image could be read
   * @throws UnsupportedOperationException if the model has no classifier, or one that does not
   *     choose one class
   * @throws InterruptedException if this thread is interrupted, by then or before the next batch;
   *     all other threads have ended
   */
  public static EvaluationResult run(
      VisionModel model, List<LabelledImage> images, IntConsumer progress)
      throws InterruptedException {
    requireOneClass(model);
    Tally tally = new Tally(model.labels(), model.session().maxBatch());
    SideBySide alone =
        new SideBySide(List.of(model), (only, count, nanos) -> tally.forward(count, nanos));
    alone.warmUp(images.size());
    long start = System.nanoTime();
    alone.run(
        images,
        image -> model.imageProcessor().pixels(image.file()),
        outcome -> {
          tally.add(outcome, 0);
          progress.accept(1);
        });
    return tally.result(model, start);
  }

  /**
   * Runs every image once in each precision, decoded once.
   *
   * @param models the same checkpoint in several precisions, float32 first
   * @param progress is told the number of images done since it was last told
   * @throws IllegalArgumentException if the first is not in float32
   * @throws DataSetException as {@link #run}
   * @throws UnsupportedOperationException as {@link #run}
   * @throws InterruptedException as {@link #run}
   */
  public static PrecisionEvaluation comparePrecisions(
      List<VisionModel> models, List<LabelledImage> images, IntConsumer progress)
      throws InterruptedException {
    VisionModel first = models.getFirst();
    if (precision(first) != Precision.F32) {
      throw new IllegalArgumentException(
          "the first model is in %s, expected f32, which the others are compared with"
              .formatted(precision(first).label()));
    }
    requireOneClass(first);
    PrecisionTally tally = new PrecisionTally(models);
    SideBySide together = new SideBySide(models, tally::forward);
    together.warmUp(images.size());
    together.run(
        images,
        image -> first.imageProcessor().pixels(image.file()),
        outcome -> {
          tally.add(outcome);
          progress.accept(1);
        });
    return tally.result(together.batch(images.size()));
  }

  private static Precision precision(VisionModel model) {
    return model.session().options().precision();
  }

  private static void requireOneClass(VisionModel model) {
    if (model.config().problemType() == ProblemType.MULTI_LABEL) {
      throw new UnsupportedOperationException(
          ("the checkpoint scores each of its %d classes on its own (problem_type"
                  + " multi_label_classification, or one logit); evaluation needs one that chooses"
                  + " one class per image")
              .formatted(model.labels().size()));
    }
  }
}
