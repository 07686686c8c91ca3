package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Misclassified;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import java.util.ArrayList;
import java.util.List;

/** Adds up what batches give. */
final class Tally {
  private final List<String> labels;
  private final int batch;
  private final List<Integer> truth = new ArrayList<>();
  private final List<Integer> predicted = new ArrayList<>();
  private final List<Misclassified> misclassified = new ArrayList<>();
  private final List<Unreadable> unreadable = new ArrayList<>();
  private final List<Long> wholeBatchNanos = new ArrayList<>();
  private long lastNanos;
  private long forwardNanos;
  private double lossSum;

  /**
   * @param labels class names, index = class id
   * @param batch images of a whole batch
   */
  Tally(List<String> labels, int batch) {
    this.labels = labels;
    this.batch = batch;
  }

  void unreadable(LabelledImage image, String reason) {
    unreadable.add(new Unreadable(image.file(), labels.get(image.label()), reason));
  }

  /**
   * Adds a batch.
   *
   * @param logits {@code [K]} per image
   * @param nanos that its forward pass took
   */
  void batch(List<LabelledImage> images, List<float[]> logits, long nanos) {
    forwardNanos += nanos;
    lastNanos = nanos;
    if (images.size() == batch) {
      wholeBatchNanos.add(nanos);
    }
    for (int i = 0; i < images.size(); i++) {
      image(images.get(i), logits.get(i));
    }
  }

  private void image(LabelledImage image, float[] logits) {
    int best = CrossEntropy.firstMaximum(logits);
    lossSum += CrossEntropy.of(logits, image.label());
    truth.add(image.label());
    predicted.add(best);
    if (best != image.label()) {
      float score = (float) Math.exp(-CrossEntropy.of(logits, best));
      misclassified.add(
          new Misclassified(
              image.file(),
              labels.get(image.label()),
              new Prediction(best, labels.get(best), score)));
    }
  }

  /**
   * The result, up to now.
   *
   * @param model that computed the logits
   * @param start when the first image was asked for, by {@link System#nanoTime()}
   */
  EvaluationResult result(VisionModel model, long start) {
    int samples = truth.size();
    if (samples == 0) {
      throw new DataSetException(
          "evaluation",
          unreadable.isEmpty()
              ? "there is no image"
              : "none of %d images could be read; %s"
                  .formatted(unreadable.size(), unreadable.getFirst().reason()));
    }
    ConfusionMatrix confusion = ConfusionMatrix.of(labels, truth, predicted);
    Latency latency =
        wholeBatchNanos.isEmpty()
            ? Latency.of(lastNanos)
            : Latency.of(wholeBatchNanos.stream().mapToLong(Long::longValue).toArray());
    ForwardSpeed forward = new ForwardSpeed(samples / (forwardNanos / 1e9), latency);
    double seconds = (System.nanoTime() - start) / 1e9;
    TrainerMetrics trainer =
        new TrainerMetrics(
            (double) (samples - misclassified.size()) / samples,
            lossSum / samples,
            seconds,
            samples,
            Math.ceilDiv(samples, batch));
    return new EvaluationResult(
        model.device(),
        model.deviceReason(),
        batch,
        trainer,
        forward,
        confusion,
        misclassified,
        unreadable);
  }
}
