package io.github.tornadovit.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.util.List;
import org.junit.jupiter.api.Test;

class PanelsTest {

  @Test
  void packFollowsItsIndexEquationAndPadsWithZeros() {
    int n = 11;
    int k = 5;
    int width = 4;
    Weight weight = new RandomValues(1).weight(n, k);
    float[] rows = weight.toArray();
    float[] packed = Panels.pack(weight, width);
    assertThat(packed).hasSize(Panels.START + 3 * width * k);
    for (int column = 0; column < 12; column++) {
      for (int i = 0; i < k; i++) {
        int index = Panels.START + column / width * k * width + i * width + column % width;
        assertThat(packed[index]).isEqualTo(column < n ? rows[column * k + i] : 0);
      }
    }
  }

  @Test
  void aDevicePacksEachOfSeveralWeightsOnce() {
    RandomValues random = new RandomValues(1);
    Weight first = random.weight(40, 7);
    Weight second = random.weight(3, 9);
    try (CpuDevice device = CpuDevice.open(new ScalarLoops(), 2)) {
      float[] before = device.panels(first);
      device.pack(List.of(Matrix.of(second), Matrix.of(first), Matrix.of(second)));
      assertThat(device.panels(first)).isSameAs(before);
      float[] packed = device.panels(second);
      assertThat(packed).containsExactly(Panels.pack(second, device.loops().panelColumns()));
      device.pack(List.of(Matrix.of(second)));
      assertThat(device.panels(second)).isSameAs(packed);
    }
  }

  @Test
  void refusesLengthsBeyondAnArray() {
    assertThatThrownBy(() -> Panels.length(1 << 16, 1 << 15, 16))
        .isInstanceOf(ArithmeticException.class);
  }
}
