package io.github.tornadovit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {
  @Test
  void isTheMiddleOfAnOddNumber() {
    assertThat(Median.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
  }

  @Test
  void isTheMeanOfTheMiddleTwoOfAnEvenNumber() {
    assertThat(Median.of(List.of(100.0, 1.0, 4.0, 2.0))).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNoMeasurement() {
    assertThatThrownBy(() -> Median.of(List.of())).hasMessageContaining("expected numbers");
    assertThatThrownBy(() -> Median.of(List.of(1.0, Double.NaN))).hasMessageContaining("NaN");
  }
}
