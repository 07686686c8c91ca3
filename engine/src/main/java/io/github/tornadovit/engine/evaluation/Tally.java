package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.engine.pipeline.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Adds up what batches give. */
final class Tally {
  private final List<String> labels;
  private final int batch;
  private final Scoring scoring;
  private final List<Unreadable> unreadable = new ArrayList<>();
  private final List<Long> wholeBatchNanos = new ArrayList<>();
  private long lastNanos;
  private long forwardNanos;

  /**
   * @param labels class names, index = class id
   * @param batch images of a whole batch
   */
  Tally(List<String> labels, int batch) {
    this.labels = labels;
    this.batch = batch;
    scoring = new Scoring(labels);
  }

  /**
   * Adds an image: its logits {@code [K]}, or why there are none.
   *
   * @param model whose logits
   */
  void add(Outcome<LabelledImage, List<float[]>> outcome, int model) {
    LabelledImage image = outcome.item();
    if (outcome.result() != null) {
      scoring.add(image, outcome.result().get(model));
    } else if (outcome.error() != null) {
      String reason = String.valueOf(outcome.error().getMessage());
      unreadable.add(new Unreadable(image.file(), labels.get(image.label()), reason));
    }
  }

  /** Adds the nanoseconds that the forward pass of a batch took. */
  void forward(int images, long nanos) {
    forwardNanos += nanos;
    lastNanos = nanos;
    if (images == batch) {
      wholeBatchNanos.add(nanos);
    }
  }

  /**
   * The result, up to now.
   *
   * @param model that computed the logits
   * @param start when the first image was asked for, by {@link System#nanoTime()}
   */
  EvaluationResult result(VisionModel model, long start) {
    ForwardSpeed forward = forwardSpeed();
    int samples = scoring.images();
    double seconds = (System.nanoTime() - start) / 1e9;
    TrainerMetrics trainer =
        new TrainerMetrics(
            scoring.accuracy(), scoring.loss(), seconds, samples, Math.ceilDiv(samples, batch));
    return new EvaluationResult(
        model.session().device(),
        model.session().reason(),
        batch,
        trainer,
        forward,
        scoring.confusion(),
        scoring.misclassified(),
        unreadable);
  }

  /**
   * The forward passes alone.
   *
   * @throws DataSetException if no image could be read
   */
  ForwardSpeed forwardSpeed() {
    int samples = scoring.images();
    if (samples == 0) {
      throw new DataSetException(
          "evaluation", ImageAgreement.noImage(unreadable.stream().map(Unreadable::reason)));
    }
    Latency latency =
        wholeBatchNanos.isEmpty()
            ? Latency.of(lastNanos)
            : Latency.of(wholeBatchNanos.stream().mapToLong(Long::longValue).toArray());
    return new ForwardSpeed(samples / (forwardNanos / 1e9), latency);
  }

  /** How many were right. */
  Scoring scoring() {
    return scoring;
  }

  /** Images that could not be read. */
  List<Unreadable> unreadable() {
    return unreadable;
  }
}
