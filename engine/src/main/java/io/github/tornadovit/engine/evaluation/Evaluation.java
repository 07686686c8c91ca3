package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.pipeline.PixelBatch;
import io.github.tornadovit.engine.pipeline.Prefetch;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a model on labelled images as Hugging Face's Trainer does.
 *
 * {@snippet :
 * try (VisionModel model = VisionModel.load(Path.of("vit-face-mask"))) {
 *   List<LabelledImage> images = LabelledImages.read(Path.of("faces"), model.labels());
 *   EvaluationResult result = Evaluation.run(model, images, done -> {});
 *   result.trainer().toLines().forEach(System.out::println);
 * }
 * }
 *
 * <p>Images are decoded and preprocessed on the processors that the forward pass leaves, on one at
 * least, while it runs. Batches are filled with readable images in the order of the list, so that
 * results do not depend on timing. <b>Memory:</b> the pixels of three batches, and a decoded image
 * per thread.
 */
public final class Evaluation {
  private Evaluation() {}

  /** An image on its way: its pixels {@code [C, S, S]}, or why there are none. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from thread to thread, never compared.
  private record Prepared(LabelledImage image, float @Nullable [] pixels, String problem) {}

  /**
   * Runs every image once, in batches of {@link VisionModel#maxBatch()}.
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
    int batch = Math.min(model.maxBatch(), Math.max(images.size(), 1));
    model.warmUp(batch);
    if (images.size() % batch > 0) {
      model.warmUp(images.size() % batch);
    }
    int free = Runtime.getRuntime().availableProcessors() - model.hostThreads();
    Tally tally = new Tally(model.labels(), model.maxBatch());
    long start = System.nanoTime();
    try (Prefetch<LabelledImage, Prepared> prepared =
        new Prefetch<>(images, image -> prepare(model, image), Math.max(free, 1), 2 * batch)) {
      while (prepared.hasNext()) {
        runBatch(model, prepared, batch, tally, progress);
      }
    }
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

  private static Prepared prepare(VisionModel model, LabelledImage image) {
    try {
      return new Prepared(image, model.preprocess(model.read(image.file())), "");
    } catch (ImageException unreadable) {
      return new Prepared(image, null, String.valueOf(unreadable.getMessage()));
    }
  }

  /** Takes images until a batch is full or there are no more, and runs it. */
  private static void runBatch(
      VisionModel model,
      Prefetch<LabelledImage, Prepared> prepared,
      int batch,
      Tally tally,
      IntConsumer progress)
      throws InterruptedException {
    PixelBatch<LabelledImage> images = new PixelBatch<>(batch);
    int taken = 0;
    while (!images.isFull() && prepared.hasNext()) {
      Prepared next = prepared.next();
      taken++;
      float[] values = next.pixels();
      if (values == null) {
        tally.unreadable(next.image(), next.problem());
      } else {
        images.add(next.image(), values);
      }
    }
    if (images.size() > 0) {
      long start = System.nanoTime();
      List<float[]> logits = model.logits(images.pixels(), images.size());
      tally.batch(images.items(), logits, System.nanoTime() - start);
    }
    progress.accept(taken);
  }
}
