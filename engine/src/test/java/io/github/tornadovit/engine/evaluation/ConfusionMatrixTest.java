package io.github.tornadovit.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Counts, what follows from them, and percentiles, computed by hand. */
class ConfusionMatrixTest {
  private static final ConfusionMatrix MATRIX =
      ConfusionMatrix.of(
          List.of("cat", "dog", "owl", "fox"),
          List.of(0, 0, 0, 1, 1, 2),
          List.of(0, 0, 1, 1, 1, 0));

  @Test
  void countsTruthByPrediction() {
    assertThat(MATRIX.count(0, 0)).isEqualTo(2);
    assertThat(MATRIX.count(0, 1)).isEqualTo(1);
    assertThat(MATRIX.count(1, 0)).isZero();
    assertThat(MATRIX.count(2, 0)).isEqualTo(1);
    assertThat(MATRIX.present()).containsExactly(0, 1, 2);
  }

  @Test
  void metricsByHand() {
    assertThat(MATRIX.metrics(0))
        .isEqualTo(new ClassMetrics(0, "cat", 2.0 / 3, 2.0 / 3, 2.0 / 3, 3));
    assertThat(MATRIX.metrics(1)).isEqualTo(new ClassMetrics(1, "dog", 2.0 / 3, 1, 0.8, 2));
    // Never predicted: no precision to speak of.
    assertThat(MATRIX.metrics(2)).isEqualTo(new ClassMetrics(2, "owl", 0, 0, 0, 1));
    // Neither shown nor predicted.
    assertThat(MATRIX.metrics(3)).isEqualTo(new ClassMetrics(3, "fox", 0, 0, 0, 0));
  }

  @Test
  void percentilesAreTimesThatHappened() {
    long[] nanos = new long[100];
    for (int i = 0; i < 100; i++) {
      nanos[i] = (100 - i) * 1_000_000L;
    }
    assertThat(Latency.of(nanos)).isEqualTo(new Latency(100, 50, 95, 99));
    assertThat(Latency.of(3_000_000, 1_000_000)).isEqualTo(new Latency(2, 1, 3, 3));
    assertThat(Latency.of(500_000)).isEqualTo(new Latency(1, 0.5, 0.5, 0.5));
    assertThatThrownBy(Latency::of).isInstanceOf(IllegalArgumentException.class);
  }
}
