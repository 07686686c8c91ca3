package io.github.tornadovit.engine;

import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import java.util.Arrays;
import java.util.List;

/**
 * The classification of one image: every class with its score, best first, and the logits that the
 * scores come from. Immutable plain data, valid after the model is closed.
 */
public final class Classification {
  private final List<Prediction> predictions;
  private final float[] logits;

  Classification(List<Prediction> predictions, float[] logits) {
    this.predictions = List.copyOf(predictions);
    this.logits = logits;
  }

  /**
   * The classification by logits of one class per image: scores are their softmax.
   *
   * @param labels class names, index = class id
   * @param logits {@code [K]}, by class id; copied
   */
  public static Classification of(List<String> labels, float[] logits) {
    return Scores.classify(logits.clone(), labels, ProblemType.SINGLE_LABEL);
  }

  /** The class with the highest score; of equals, the one with the lowest id. */
  public Prediction top() {
    return predictions.getFirst();
  }

  /** The {@code count} best classes, best first; all of them if there are fewer. */
  public List<Prediction> top(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("top " + count + " classes asked for, expected 1 or more");
    }
    return predictions.subList(0, Math.min(count, predictions.size()));
  }

  /** All classes, best first. */
  public List<Prediction> predictions() {
    return predictions;
  }

  /** One logit per class, by class id; a copy. */
  public float[] logits() {
    return logits.clone();
  }

  @Override
  public String toString() {
    return predictions.subList(0, Math.min(5, predictions.size())) + " " + Arrays.toString(logits);
  }
}
