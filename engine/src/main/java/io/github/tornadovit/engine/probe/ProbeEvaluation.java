package io.github.tornadovit.engine.probe;

import io.github.tornadovit.engine.evaluation.ClassMetrics;
import io.github.tornadovit.engine.evaluation.ConfusionMatrix;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Misclassified;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Unreadable;
import io.github.tornadovit.engine.evaluation.Scoring;
import java.util.List;

/**
 * The accuracy of a probe on labelled images. Immutable plain data.
 *
 * @param images that could be read
 * @param accuracy images whose largest logit, the first of several, is their label's, over images
 * @param loss mean cross entropy over images, in nats
 * @param confusion which classes were taken for which
 * @param misclassified in the order of the images
 * @param unreadable in the order of the images
 * @param cached features that were on disk
 */
public record ProbeEvaluation(
    int images,
    double accuracy,
    double loss,
    ConfusionMatrix confusion,
    List<Misclassified> misclassified,
    List<Unreadable> unreadable,
    int cached) {

  /** Copies the lists. */
  public ProbeEvaluation {
    misclassified = List.copyOf(misclassified);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Evaluates a probe.
   *
   * @param features whose labels are the probe's
   * @throws io.github.tornadovit.base.CheckpointException if the probe was trained on features of
   *     another source
   */
  public static ProbeEvaluation run(LinearProbe probe, FeatureSet features) {
    probe.requireSource(features.source());
    if (!features.labels().equals(probe.labels())) {
      throw new IllegalArgumentException(
          "features have the classes %s, expected the probe's %s"
              .formatted(features.labels(), probe.labels()));
    }
    Scoring scoring = new Scoring(probe.labels());
    for (int i = 0; i < features.images().size(); i++) {
      scoring.add(features.images().get(i), probe.logits(features.rows().get(i)));
    }
    return new ProbeEvaluation(
        scoring.images(),
        scoring.accuracy(),
        scoring.loss(),
        scoring.confusion(),
        scoring.misclassified(),
        features.unreadable(),
        features.cached());
  }

  /** Metrics of every class that images show or were taken for, by class id. */
  public List<ClassMetrics> classes() {
    return confusion.present().stream().map(confusion::metrics).toList();
  }
}
