package io.github.tornadovit.engine;

import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Logits to scores to ranked predictions, as transformers' image-classification pipeline does. */
final class Scores {
  private Scores() {}

  static Classification classify(float[] logits, List<String> labels, ProblemType problemType) {
    float[] scores =
        switch (problemType) {
          case SINGLE_LABEL -> softmax(logits);
          case MULTI_LABEL -> sigmoid(logits);
        };
    List<Prediction> predictions = new ArrayList<>();
    for (int id = 0; id < scores.length; id++) {
      predictions.add(new Prediction(id, labels.get(id), scores[id]));
    }
    // A stable sort: of equal scores the lower id comes first.
    predictions.sort(Comparator.comparingDouble((Prediction p) -> p.score()).reversed());
    return new Classification(predictions, logits);
  }

  /** {@code exp(x - max) / sum}, summed in double. */
  static float[] softmax(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    float[] scores = new float[logits.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) (Math.exp(logits[i] - max) / sum);
    }
    return scores;
  }

  static float[] sigmoid(float[] logits) {
    float[] scores = new float[logits.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) (1 / (1 + Math.exp(-logits[i])));
    }
    return scores;
  }
}
