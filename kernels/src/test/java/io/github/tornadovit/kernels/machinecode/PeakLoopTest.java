package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The yardstick does every multiply-add that it is counted for. */
class PeakLoopTest {
  private static PeakLoop loop() {
    assumeTrue(PeakLoop.ofThisMachine().isPresent(), "no machine code on this machine");
    return PeakLoop.ofThisMachine().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1000})
  void everySumGetsEveryStep(int steps) {
    PeakLoop loop = loop();
    float[] sums = loop.newSums();
    float[] expected = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = i;
      expected[i] = i;
      for (int step = 0; step < steps; step++) {
        expected[i] = Math.fma(PeakLoop.FACTOR, PeakLoop.ADDEND, expected[i]);
      }
    }
    loop.run(steps, sums);
    assertThat(sums).containsExactly(expected);
  }

  @Test
  void whatWouldRunForEverOrWriteBeyondTheSumsIsRefused() {
    PeakLoop loop = loop();
    assertThatThrownBy(() -> loop.run(0, loop.newSums()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> loop.run(1, new float[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("on 8 sums");
  }
}
