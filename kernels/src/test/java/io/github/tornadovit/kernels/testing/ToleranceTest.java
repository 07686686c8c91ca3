package io.github.tornadovit.kernels.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ToleranceTest {
  private static final Tolerance TOLERANCE = new Tolerance(0.1, 0.01);

  @Test
  void addsAbsoluteAndRelative() {
    float[] expected = {0, -100};
    assertThatCode(() -> TOLERANCE.check("near", new float[] {0.09f, -101}, expected))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> TOLERANCE.check("far", new float[] {0, -101.2f}, expected))
        .hasMessageContaining("far: 1 of 2 elements are off, worst at 1: got -101.2");
  }

  @Test
  void failsOnNanInfinityAndSize() {
    float[] expected = {1};
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] got = {wrong};
      assertThatThrownBy(() -> TOLERANCE.check("wrong", got, expected))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> TOLERANCE.check("wrong", expected, got))
          .isInstanceOf(AssertionError.class);
      assertThatCode(() -> TOLERANCE.check("same", got, got.clone())).doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> TOLERANCE.check("size", new float[2], expected))
        .hasMessageContaining("number of elements");
  }
}
