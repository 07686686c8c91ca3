package io.github.tornadovit.engine.bench;

/**
 * How far two agree on the same images: speeds of different answers do not compare.
 *
 * @param worstDifference the largest difference of a logit; NaN if one is not a number, or if the
 *     two do not even give as many
 * @param sameTop images that both take for the same class
 * @param images compared
 */
public record Agreement(double worstDifference, int sameTop, int images) {
  /** Of one logit, absolute; float32 sums in another order stay far below. */
  public static final double TOLERANCE = 1e-3;

  /** Whether the answers are the same: no logit further off, every image of the same class. */
  public boolean equal() {
    return worstDifference <= TOLERANCE && sameTop == images;
  }

  /**
   * Compares without refusing anything.
   *
   * @param expected {@code [images, K]}
   * @param actual {@code [images, K]}
   */
  public static Agreement of(float[] expected, float[] actual, int images) {
    if (expected.length != actual.length || expected.length == 0) {
      return new Agreement(Double.NaN, 0, images);
    }
    int classes = expected.length / images;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      // NaN stays: Math.max hands it on.
      worst = Math.max(worst, Math.abs((double) expected[i] - actual[i]));
    }
    int sameTop = 0;
    for (int image = 0; image < images; image++) {
      sameTop += top(expected, image, classes) == top(actual, image, classes) ? 1 : 0;
    }
    return new Agreement(worst, sameTop, images);
  }

  /**
   * Compares, and refuses answers that are not the same.
   *
   * @param one who computed {@code expected}
   * @param other who computed {@code actual}
   * @throws BenchException if they are not; it names both, the image and the class
   */
  public static Agreement require(
      String one, float[] expected, String other, float[] actual, int images) {
    return require(one, expected, other, actual, images, 0);
  }

  /**
   * As above.
   *
   * @param first number of the first image, for messages
   */
  static Agreement require(
      String one, float[] expected, String other, float[] actual, int images, int first) {
    Agreement agreement = of(expected, actual, images);
    if (agreement.equal()) {
      return agreement;
    }
    if (expected.length != actual.length || expected.length == 0) {
      throw differ(
          "%s gives %d logits for %d images, %s gives %d"
              .formatted(one, expected.length, images, other, actual.length));
    }
    int classes = expected.length / images;
    for (int i = 0; i < expected.length; i++) {
      // NaN is no agreement.
      if (!(Math.abs((double) expected[i] - actual[i]) <= TOLERANCE)) {
        throw differ(
            "for image %d, class %d %s computes %s, %s computes %s; they may differ by %s"
                .formatted(
                    first + i / classes,
                    i % classes,
                    one,
                    expected[i],
                    other,
                    actual[i],
                    TOLERANCE));
      }
    }
    int image = 0;
    while (top(expected, image, classes) == top(actual, image, classes)) {
      image++;
    }
    throw differ(
        "%s takes image %d for class %d, %s for class %d"
            .formatted(
                one,
                first + image,
                top(expected, image, classes),
                other,
                top(actual, image, classes)));
  }

  private static BenchException differ(String facts) {
    return new BenchException("logits differ, nothing was measured: " + facts);
  }

  /** The class of the largest of some logits, the first of several. */
  public static int top(float[] logits) {
    return top(logits, 0, logits.length);
  }

  private static int top(float[] logits, int image, int classes) {
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
