package io.github.tornadovit.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Argmax and loss of one image. */
class CrossEntropyTest {
  @Test
  void ofEqualLogitsTheFirstIsTheClass() {
    assertThat(CrossEntropy.firstMaximum(new float[] {1, 3, 3, 2})).isEqualTo(1);
    assertThat(CrossEntropy.firstMaximum(new float[] {-0f, 0f})).isZero();
    assertThat(CrossEntropy.firstMaximum(new float[] {-5})).isZero();
  }

  @Test
  void lossByHand() {
    // softmax of ln 1, ln 2, ln 5 is 1/8, 2/8, 5/8.
    float[] logits = {0, (float) Math.log(2), (float) Math.log(5)};
    assertThat(CrossEntropy.of(logits, 0)).isCloseTo(Math.log(8), within(1e-7));
    assertThat(CrossEntropy.of(logits, 1)).isCloseTo(Math.log(4), within(1e-7));
    assertThat(CrossEntropy.of(logits, 2)).isCloseTo(Math.log(1.6), within(1e-7));
    assertThat(CrossEntropy.of(new float[] {7}, 0)).isZero();
  }

  @Test
  void largeLogitsNeitherOverflowNorVanish() {
    float[] logits = {3e38f, -3e38f};
    assertThat(CrossEntropy.of(logits, 0)).isZero();
    assertThat(CrossEntropy.of(logits, 1)).isFinite().isGreaterThan(5e38);
    assertThat(CrossEntropy.of(new float[] {1000, 1000}, 1)).isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void aShiftOfAllLogitsChangesNothing() {
    float[] logits = {0.5f, -1.25f, 2};
    float[] shifted = {64.5f, 62.75f, 66};
    for (int label = 0; label < logits.length; label++) {
      assertThat(CrossEntropy.of(shifted, label))
          .isCloseTo(CrossEntropy.of(logits, label), within(1e-12));
    }
  }
}
