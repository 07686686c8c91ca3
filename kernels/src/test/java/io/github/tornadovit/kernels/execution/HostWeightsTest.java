package io.github.tornadovit.kernels.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.execution.HostWeights.Layout;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import org.junit.jupiter.api.Test;

class HostWeightsTest {

  @Test
  void convertsAWeightOncePerLayout() {
    HostWeights weights = new HostWeights();
    Weight weight = new RandomValues(1).weight(2, 3);
    float[] rows = weights.rows(weight);
    assertThat(rows).containsExactly(weight.toArray());
    assertThat(weights.rows(weight)).isSameAs(rows);
    Layout<float[]> layout = new Layout<>("other", float[].class);
    float[] other = weights.get(weight, layout, key -> new float[1]);
    assertThat(other).hasSize(1);
    assertThat(weights.get(weight, layout, key -> new float[2])).isSameAs(other);
    // Equal values, another weight.
    assertThat(weights.rows(new RandomValues(1).weight(2, 3))).isNotSameAs(rows);
    weights.clear();
    assertThat(weights.rows(weight)).isNotSameAs(rows);
  }
}
