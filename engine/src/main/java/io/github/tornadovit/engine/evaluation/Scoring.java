package io.github.tornadovit.engine.evaluation;

import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.evaluation.EvaluationResult.Misclassified;
import java.util.ArrayList;
import java.util.List;

/** Compares logits with labels, image by image. For one thread. */
public final class Scoring {
  private final List<String> labels;
  private final List<Integer> truth = new ArrayList<>();
  private final List<Integer> predicted = new ArrayList<>();
  private final List<Misclassified> misclassified = new ArrayList<>();
  private double lossSum;

  /**
   * Starts with no image.
   *
   * @param labels class names, index = class id
   */
  public Scoring(List<String> labels) {
    this.labels = List.copyOf(labels);
  }

  /**
   * Adds an image.
   *
   * @param logits {@code [K]}, by class id
   */
  public void add(LabelledImage image, float[] logits) {
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

  /** Images added. */
  public int images() {
    return truth.size();
  }

  /** Images whose largest logit, the first of several, is their label's, over images. */
  public double accuracy() {
    return (double) (images() - misclassified.size()) / images();
  }

  /** Mean cross entropy over images, in nats. */
  public double loss() {
    return lossSum / images();
  }

  /** Which classes were taken for which. */
  public ConfusionMatrix confusion() {
    return ConfusionMatrix.of(labels, truth, predicted);
  }

  /** The mistakes, in the order of the images. */
  public List<Misclassified> misclassified() {
    return List.copyOf(misclassified);
  }
}
