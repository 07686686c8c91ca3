package io.github.tornadovit.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SmoothingTest {
  private static float @Nullable [] factors(float[] weight, float... ranges) {
    Weight w = Weight.of("w", weight.length / ranges.length, ranges.length, weight);
    return Smoothing.factors(new Matrix(w, Precision.INT8, () -> ranges));
  }

  @Test
  void areRootsOfWeightByRangeDividedByTheMedianTowardsOne() {
    float[] weight = {1, -1, 0.5f, 1, 1, 0.25f, 1, -1, 1, 1};
    assertThat(factors(weight, 1, 16, 1, 1 / 1024f, 1)).containsExactly(1, 0.25f, 1, 32, 1);
    assertThat(factors(weight, 8, 8 * 63, 8, 8, 8)).containsExactly(1, 0.25f, 1, 1, 1);
  }

  @Test
  void changeNothingWhereNoChannelIsFourTimesAsLarge() {
    assertThat(factors(new float[] {1, 2, 1, 1, 1}, 3, 2, 0.8f, 1, 1)).isNull();
  }

  @Test
  void giveTheRangeOfWhatCountsForNothingToTheOthers() {
    assertThat(factors(new float[] {1, 0, 1, 1, 1}, 1, 1, 1, 0, 1))
        .containsExactly(1, 0x1p-15f, 1, 0x1p15f, 1);
  }

  /** Of 300 rows every other one is looked at; a column's only weight may stand between. */
  @Test
  void lookAtEveryRowWhereSomeHaveNoWeight() {
    float[] weight = new float[300 * 3];
    for (int n = 0; n < 300; n++) {
      weight[n * 3] = 1;
      weight[n * 3 + 1] = n == 1 ? 1 : 0;
      weight[n * 3 + 2] = 1;
    }
    assertThat(factors(weight, 1, 1, 1)).isNull();
  }

  @Test
  void leaveWhatIsNotFiniteToTheRulesOfInt8() {
    assertThat(factors(new float[] {1, Float.NaN, 1}, 1, 1, 1)).isNull();
    assertThat(factors(new float[] {1, 1, 1}, 1, Float.POSITIVE_INFINITY, 1)).isNull();
  }

  @Test
  void areOfInt8WithKnownInputsAlone() {
    Weight w = Weight.of("w", 1, 3, new float[] {1, 100, 1});
    assertThat(Smoothing.factors(new Matrix(w, Precision.INT8))).isNull();
    assertThat(Smoothing.factors(new Matrix(w, Precision.F32, () -> new float[] {1, 1, 1})))
        .isNull();
  }
}
