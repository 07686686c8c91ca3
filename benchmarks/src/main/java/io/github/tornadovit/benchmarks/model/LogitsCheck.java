package io.github.tornadovit.benchmarks.model;

import java.util.Arrays;

/**
 * Whether two engines computed the same: nothing is measured that is not equal. Logits may differ
 * by {@value #TOLERANCE}, absolute, and the best class of every image must be the same.
 */
public final class LogitsCheck {
  /** Of a logit; float32 sums in another order stay far below. */
  public static final double TOLERANCE = 1e-3;

  private LogitsCheck() {}

  /**
   * Compares.
   *
   * @param ours the engine that computed {@code expected}
   * @param peer the engine that computed {@code actual}
   * @param batch images
   * @return the largest difference of a logit
   * @throws MismatchException if they are not the same; it names both engines
   */
  public static double requireEqual(
      String ours, float[] expected, String peer, float[] actual, int batch) {
    if (expected.length != actual.length || expected.length == 0) {
      throw new MismatchException(
          "%s gives %d logits for %d images, %s gives %d"
              .formatted(ours, expected.length, batch, peer, actual.length));
    }
    int classes = expected.length / batch;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      // NaN is no agreement.
      if (!(difference <= TOLERANCE)) {
        throw new MismatchException(
            "image %d of %d, class %d: %s computes logit %s, %s computes %s; they may differ by %s"
                .formatted(
                    i / classes,
                    batch,
                    i % classes,
                    ours,
                    expected[i],
                    peer,
                    actual[i],
                    TOLERANCE));
      }
      worst = Math.max(worst, difference);
    }
    for (int image = 0; image < batch; image++) {
      int expectedTop = top(expected, image, classes);
      int actualTop = top(actual, image, classes);
      if (expectedTop != actualTop) {
        throw new MismatchException(
            "image %d of %d: %s takes it for class %d, %s for class %d"
                .formatted(image, batch, ours, expectedTop, peer, actualTop));
      }
    }
    return worst;
  }

  /**
   * Compares without refusing anything.
   *
   * @param batch images
   */
  public static Agreement compare(float[] expected, float[] actual, int batch) {
    if (expected.length != actual.length || expected.length == 0) {
      return new Agreement(Double.NaN, 0, batch);
    }
    int classes = expected.length / batch;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      // NaN stays: Math.max hands it on.
      worst = Math.max(worst, difference);
    }
    int sameTop = 0;
    for (int image = 0; image < batch; image++) {
      sameTop += top(expected, image, classes) == top(actual, image, classes) ? 1 : 0;
    }
    return new Agreement(worst, sameTop, batch);
  }

  /** The class of the largest of some logits, the first of several. */
  public static int top(float[] logits) {
    return top(logits, 0, logits.length);
  }

  private static int top(float[] logits, int image, int classes) {
    float[] row = Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
    int best = 0;
    for (int i = 1; i < classes; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Two engines disagree. */
  public static final class MismatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MismatchException(String message) {
      super(message);
    }
  }
}
