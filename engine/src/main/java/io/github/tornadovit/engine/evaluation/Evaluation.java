package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.pipeline.ImagePipeline;
import io.github.tornadovit.engine.stage.Stage;
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
    int batch = Math.min(model.session().maxBatch(), Math.max(images.size(), 1));
    model.session().warmUp(batch);
    if (images.size() % batch > 0) {
      model.session().warmUp(images.size() % batch);
    }
    Tally tally = new Tally(model.labels(), model.session().maxBatch());
    long start = System.nanoTime();
    ImagePipeline.of(model, batch, pixels -> timed(model, pixels, tally))
        .run(
            images,
            image -> model.imageProcessor().pixels(image.file()),
            outcome -> {
              tally.add(outcome);
              progress.accept(1);
            });
    return tally.result(model, start);
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

  private static List<float[]> timed(VisionModel model, Pixels pixels, Tally tally) {
    long start = System.nanoTime();
    List<float[]> logits = model.session().run(pixels, Stage.LOGITS);
    tally.forward(pixels.images(), System.nanoTime() - start);
    return logits;
  }
}
