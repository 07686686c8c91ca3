package io.github.tornadovit.engine.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether all who compute the same images get the same: speeds of different answers do not compare.
 * The first to compute an image sets what the others are held to.
 */
final class Agreement {
  /** Of one logit, absolute; float32 sums in another order stay far below. */
  static final double TOLERANCE = 1e-3;

  private final List<float[]> expected = new ArrayList<>();
  private final List<String> computedBy = new ArrayList<>();
  private double largestDifference;

  Agreement() {}

  /**
   * Compares.
   *
   * @param who computes
   * @param logits {@code [K]} per image, of the first images
   * @throws BenchException if a logit differs by more than {@value #TOLERANCE}, or the best class
   *     is another
   */
  void require(String who, List<float[]> logits) {
    for (int image = 0; image < logits.size(); image++) {
      if (image == expected.size()) {
        expected.add(logits.get(image));
        computedBy.add(who);
      }
      compare(image, who, logits.get(image));
    }
  }

  private void compare(int image, String who, float[] actual) {
    float[] wanted = expected.get(image);
    String other = computedBy.get(image);
    if (actual.length != wanted.length) {
      throw new BenchException(
          "logits differ, nothing was measured: %s gives %d for an image, %s gives %d"
              .formatted(other, wanted.length, who, actual.length));
    }
    for (int id = 0; id < wanted.length; id++) {
      double difference = Math.abs((double) wanted[id] - actual[id]);
      // NaN is no agreement.
      if (!(difference <= TOLERANCE)) {
        throw new BenchException(
            ("logits differ, nothing was measured: for image %d, class %d %s computes %s, %s"
                    + " computes %s; they may differ by %s")
                .formatted(image, id, other, wanted[id], who, actual[id], TOLERANCE));
      }
      largestDifference = Math.max(largestDifference, difference);
    }
    int wantedClass = best(wanted);
    int actualClass = best(actual);
    if (wantedClass != actualClass) {
      throw new BenchException(
          "logits differ, nothing was measured: %s takes image %d for class %d, %s for class %d"
              .formatted(other, image, wantedClass, who, actualClass));
    }
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }

  /** The largest difference of a logit so far. */
  double largestDifference() {
    return largestDifference;
  }
}
