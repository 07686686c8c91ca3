package io.github.tornadovit.engine.evaluation;

/** The loss of transformers' {@code Trainer} for the logits {@code [K]} of one image, in double. */
final class CrossEntropy {
  private CrossEntropy() {}

  /** The class of the largest logit; of equals, the one with the lowest id. */
  static int firstMaximum(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }

  /**
   * {@code -log softmax(logits)[label] = max + log(sum(exp(logits - max))) - logits[label]}, in
   * nats; finite for all finite logits.
   */
  static double of(float[] logits, int label) {
    double max = logits[firstMaximum(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max - logits[label] + Math.log(sum);
  }
}
