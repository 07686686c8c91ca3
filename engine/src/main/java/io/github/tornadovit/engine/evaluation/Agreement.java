package io.github.tornadovit.engine.evaluation;

/**
 * The agreement of two runs on the same images: in two precisions, on two devices or in two
 * runtimes.
 *
 * @param worstDifference the largest absolute difference of a logit; NaN if one is not a number, or
 *     if the two do not even give as many
 * @param meanDifference the mean absolute difference over all logits of all images; NaN likewise
 * @param sameTop images that both take for the same class
 * @param images compared
 */
public record Agreement(double worstDifference, double meanDifference, int sameTop, int images) {
  /** Of one logit, absolute; float32 sums in another order stay far below. */
  public static final double TOLERANCE = 1e-3;

  /** Of no image. */
  public static final Agreement NONE = new Agreement(0, 0, 0, 0);

  /** Whether the answers are the same: no logit further off, every image of the same class. */
  public boolean equal() {
    return worstDifference <= TOLERANCE && sameTop == images;
  }

  /** Images that the two take for different classes, as a part of all; 0 of no image. */
  public double disagreement() {
    return images == 0 ? 0 : (double) (images - sameTop) / images;
  }

  /**
   * Compares without refusing anything.
   *
   * @param expected {@code [images, K]}
   * @param actual {@code [images, K]}
   */
  public static Agreement of(float[] expected, float[] actual, int images) {
    if (expected.length != actual.length || expected.length == 0) {
      return new Agreement(Double.NaN, Double.NaN, 0, images);
    }
    int classes = expected.length / images;
    double worst = 0;
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      // NaN stays: Math.max hands it on.
      worst = Math.max(worst, difference);
      sum += difference;
    }
    int sameTop = 0;
    for (int image = 0; image < images; image++) {
      sameTop += top(expected, image, classes) == top(actual, image, classes) ? 1 : 0;
    }
    return new Agreement(worst, sum / expected.length, sameTop, images);
  }

  /** Of these images and others of as many classes together. */
  public Agreement plus(Agreement others) {
    int all = images + others.images;
    return all == 0
        ? NONE
        : new Agreement(
            Math.max(worstDifference, others.worstDifference),
            (meanDifference * images + others.meanDifference * others.images) / all,
            sameTop + others.sameTop,
            all);
  }

  /** The class of the largest of some logits, the first of several. */
  public static int top(float[] logits) {
    return top(logits, 0, logits.length);
  }

  /** As {@link #top(float[])}, of one of several images. */
  public static int top(float[] logits, int image, int classes) {
    int start = image * classes;
    int best = start;
    for (int i = start + 1; i < start + classes; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best - start;
  }
}
