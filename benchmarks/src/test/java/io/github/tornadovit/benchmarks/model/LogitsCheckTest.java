package io.github.tornadovit.benchmarks.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.benchmarks.model.LogitsCheck.MismatchException;
import org.junit.jupiter.api.Test;

class LogitsCheckTest {
  private static final float[] OURS = {1, 2, 3, 6, 5, 4};

  @Test
  void saysHowFarEqualAnswersAreApart() {
    float[] theirs = {1, 2.0005f, 3, 6, 5, 4};
    assertThat(LogitsCheck.requireEqual("ours", OURS, "theirs", theirs, 2))
        .isEqualTo(0.0005, within(1e-6));
  }

  @Test
  void refusesALogitThatIsTooFarOffAndNamesBoth() {
    float[] theirs = {1, 2, 3, 6, 5.002f, 4};
    assertThatThrownBy(() -> LogitsCheck.requireEqual("ours", OURS, "theirs", theirs, 2))
        .isInstanceOf(MismatchException.class)
        .hasMessageContaining(
            "image 1 of 2, class 1: ours computes logit 5.0, theirs computes 5.002");
  }

  @Test
  void refusesAnotherBestClassHoweverClose() {
    float[] ours = {1, 1.0001f};
    float[] theirs = {1.0001f, 1};
    assertThatThrownBy(() -> LogitsCheck.requireEqual("ours", ours, "theirs", theirs, 1))
        .isInstanceOf(MismatchException.class)
        .hasMessageContaining("ours takes it for class 1, theirs for class 0");
  }

  @Test
  void refusesWhatIsNotANumber() {
    float[] broken = {Float.NaN, 2, 3, 6, 5, 4};
    assertThatThrownBy(() -> LogitsCheck.requireEqual("ours", OURS, "theirs", broken, 2))
        .isInstanceOf(MismatchException.class);
    assertThatThrownBy(() -> LogitsCheck.requireEqual("ours", broken, "theirs", broken, 2))
        .isInstanceOf(MismatchException.class);
  }

  @Test
  void refusesAnotherNumberOfLogits() {
    assertThatThrownBy(() -> LogitsCheck.requireEqual("ours", OURS, "theirs", new float[4], 2))
        .hasMessageContaining("ours gives 6 logits for 2 images, theirs gives 4");
    assertThatThrownBy(
            () -> LogitsCheck.requireEqual("ours", new float[0], "theirs", new float[0], 2))
        .isInstanceOf(MismatchException.class);
  }
}
