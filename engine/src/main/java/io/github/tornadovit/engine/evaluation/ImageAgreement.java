package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.pipeline.ImagePipeline.Preparation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * The agreement of models of one checkpoint, in several precisions or on several devices, on a
 * user's images.
 *
 * @param agreements with the first model, one per model, the first included; over the images that
 *     could be read
 * @param unreadable in the order of the images
 */
public record ImageAgreement(List<Agreement> agreements, List<Unreadable> unreadable) {
  /** Copies the lists. */
  public ImageAgreement {
    agreements = List.copyOf(agreements);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * An image that counts nowhere.
   *
   * @param image its file
   * @param reason why it could not be read; names the file
   */
  public record Unreadable(Path image, String reason) {}

  /**
   * Compares; images are decoded ahead and run batch by batch, as {@link Evaluation} does it.
   *
   * @param models of one checkpoint; the first is what the others are compared with
   * @param progress is told the number of images done since it was last told
   * @throws DataSetException if no image could be read
   * @throws UnsupportedOperationException if the model has no classifier
   * @throws InterruptedException if this thread is interrupted, by then or before the next batch
   */
  public static ImageAgreement run(
      List<VisionModel> models, List<Path> images, IntConsumer progress)
      throws InterruptedException {
    List<Agreement> agreements =
        new ArrayList<>(Collections.nCopies(models.size(), Agreement.NONE));
    List<Unreadable> unreadable = new ArrayList<>();
    Preparation<Path> decode = file -> models.getFirst().imageProcessor().pixels(file);
    new SideBySide(models, (model, count, nanos) -> {})
        .run(
            images,
            decode,
            outcome -> {
              if (outcome.result() != null) {
                add(outcome.result(), agreements);
              } else {
                unreadable.add(new Unreadable(outcome.item(), String.valueOf(outcome.problem())));
              }
              progress.accept(1);
            });
    if (unreadable.size() == images.size()) {
      throw new DataSetException(
          "comparison", noImage(unreadable.stream().map(Unreadable::reason)));
    }
    return new ImageAgreement(agreements, unreadable);
  }

  /** Adds an image. */
  static void add(List<float[]> logits, List<Agreement> agreements) {
    for (int i = 0; i < logits.size(); i++) {
      agreements.set(i, agreements.get(i).plus(Agreement.of(logits.getFirst(), logits.get(i), 1)));
    }
  }

  /** The problem where not one image could be read. */
  static String noImage(Stream<String> reasons) {
    List<String> all = reasons.toList();
    return all.isEmpty()
        ? "there is no image"
        : "none of %d images could be read; %s".formatted(all.size(), all.getFirst());
  }
}
