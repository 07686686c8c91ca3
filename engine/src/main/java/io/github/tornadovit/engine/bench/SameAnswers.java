package io.github.tornadovit.engine.bench;

import static io.github.tornadovit.engine.evaluation.Agreement.top;

import io.github.tornadovit.engine.evaluation.Agreement;

/** Refuses answers that differ: their speeds do not compare. */
public final class SameAnswers {
  private SameAnswers() {}

  /**
   * Compares, and refuses answers that are not the same.
   *
   * @param one who computed {@code expected}
   * @param expected {@code [images, K]}
   * @param other who computed {@code actual}
   * @param actual {@code [images, K]}
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
    Agreement agreement = Agreement.of(expected, actual, images);
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
      if (!(Math.abs((double) expected[i] - actual[i]) <= Agreement.TOLERANCE)) {
        throw differ(
            "for image %d, class %d %s computes %s, %s computes %s; they may differ by %s"
                .formatted(
                    first + i / classes,
                    i % classes,
                    one,
                    expected[i],
                    other,
                    actual[i],
                    Agreement.TOLERANCE));
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
}
