package io.github.tornadovit.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When logits of two backends count as the same. */
class AgreementTest {
  private final Agreement agreement = new Agreement();

  @BeforeEach
  void theCpuComputesTwoImages() {
    agreement.require("cpu", List.of(new float[] {1, 2}));
    agreement.require("cpu", List.of(new float[] {1, 2}, new float[] {3, 3.0005f}));
  }

  private void assertDiffers(float[] logits, String... facts) {
    assertThatThrownBy(() -> agreement.require("gpu", List.of(logits)))
        .isInstanceOf(BenchException.class)
        .message()
        .startsWith("logits differ, nothing was measured: ")
        .contains("cpu", "gpu")
        .contains(facts);
  }

  @Test
  void smallDifferencesAreAllowedAndTheLargestIsKept() {
    agreement.require("gpu", List.of(new float[] {1.0005f, 2}, new float[] {3, 3.0004f}));
    assertThat(agreement.largestDifference()).isCloseTo(5e-4, within(1e-6));
  }

  @Test
  void largeOnesNotANumberAndOtherSizesAreNot() {
    assertDiffers(new float[] {1, 2.002f}, "image 0, class 1", "2.0", "2.002", "0.001");
    assertDiffers(new float[] {Float.NaN, 2}, "class 0", "NaN");
    assertDiffers(new float[] {1}, "gives 2", "gives 1");
  }

  @Test
  void anotherBestClassIsNot() {
    assertThatThrownBy(
            () -> agreement.require("gpu", List.of(new float[] {1, 2}, new float[] {3.0003f, 3})))
        .hasMessageContaining("cpu takes image 1 for class 1, gpu for class 0");
  }
}
