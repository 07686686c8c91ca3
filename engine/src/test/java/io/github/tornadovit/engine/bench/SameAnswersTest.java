package io.github.tornadovit.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.engine.evaluation.Agreement;
import org.junit.jupiter.api.Test;

/** When logits of two contestants count as the same. */
class SameAnswersTest {
  private static final float[] OURS = {1, 2, 3, 6, 5, 4};

  private static void assertDiffers(float[] ours, float[] theirs, int images, String... facts) {
    assertThat(Agreement.of(ours, theirs, images).equal()).isFalse();
    assertThatThrownBy(() -> SameAnswers.require("ours", ours, "theirs", theirs, images))
        .isInstanceOf(BenchException.class)
        .message()
        .startsWith("logits differ, nothing was measured: ")
        .contains("ours", "theirs")
        .contains(facts);
  }

  @Test
  void equalAnswersMayBeALittleApart() {
    float[] theirs = {1, 2.0005f, 3, 6, 5, 4};
    Agreement agreement = SameAnswers.require("ours", OURS, "theirs", theirs, 2);
    assertThat(agreement.worstDifference()).isCloseTo(0.0005, within(1e-6));
    assertThat(agreement).isEqualTo(Agreement.of(OURS, theirs, 2));
    assertThat(agreement.sameTop()).isEqualTo(2);
  }

  @Test
  void aLogitThatIsTooFarOffIsNamedWithBoth() {
    assertDiffers(
        OURS,
        new float[] {1, 2, 3, 6, 5.002f, 4},
        2,
        "for image 1, class 1 ours computes 5.0, theirs computes 5.002; they may differ by 0.001");
  }

  @Test
  void anotherBestClassIsRefusedHoweverClose() {
    assertDiffers(
        new float[] {9, 1, 1, 1.0001f},
        new float[] {9, 1, 1.0001f, 1},
        2,
        "ours takes image 1 for class 1, theirs for class 0");
  }

  @Test
  void whatIsNotANumberEqualsNothing() {
    float[] broken = {Float.NaN, 2, 3, 6, 5, 4};
    assertDiffers(OURS, broken, 2, "class 0", "NaN");
    assertDiffers(broken, broken, 2, "class 0", "NaN");
    assertThat(Agreement.of(OURS, broken, 2).worstDifference()).isNaN();
  }

  @Test
  void anotherNumberOfLogitsIsRefused() {
    assertDiffers(OURS, new float[4], 2, "ours gives 6 logits for 2 images, theirs gives 4");
    assertDiffers(OURS, new float[0], 2, "theirs gives 0");
    assertDiffers(new float[0], new float[0], 2, "gives 0");
  }

  @Test
  void whoComputedAnImageFirstSetsWhatOthersAreHeldTo() {
    FirstAnswers answers = new FirstAnswers();
    answers.require("cpu", new float[] {1, 2}, 1);
    answers.require("gpu", new float[] {1.0005f, 2, 3, 3.0005f}, 2);
    assertThat(answers.largestDifference()).isCloseTo(5e-4, within(1e-6));
    assertThatThrownBy(() -> answers.require("reference", new float[] {1, 2, 3.0003f, 3}, 2))
        .hasMessageContaining("gpu takes image 1 for class 1, reference for class 0");
    assertThatThrownBy(() -> answers.require("reference", new float[] {1, 3}, 1))
        .hasMessageContaining("for image 0, class 1 cpu computes 2.0, reference computes 3.0");
  }
}
