package io.github.tornadovit.engine.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The first answer to each image, to which all others are compared. */
final class FirstAnswers {
  private final List<float[]> answers = new ArrayList<>();
  private final List<String> computedBy = new ArrayList<>();
  private double largestDifference;

  FirstAnswers() {}

  /**
   * Compares the images that somebody computed before, and keeps the others.
   *
   * @param logits {@code [images, K]}, of the first images
   * @throws BenchException if the answers differ
   */
  void require(String who, float[] logits, int images) {
    int classes = logits.length / images;
    for (int image = 0; image < images; image++) {
      float[] actual = Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
      if (image == answers.size()) {
        answers.add(actual);
        computedBy.add(who);
      }
      largestDifference =
          Math.max(
              largestDifference,
              SameAnswers.require(computedBy.get(image), answers.get(image), who, actual, 1, image)
                  .worstDifference());
    }
  }

  /** The largest difference of a logit so far. */
  double largestDifference() {
    return largestDifference;
  }
}
