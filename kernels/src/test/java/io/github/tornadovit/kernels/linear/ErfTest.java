package io.github.tornadovit.kernels.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErfTest {

  // Computed with mpmath to 25 digits.
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "0.1, 0.8875370839817151077967249",
    "0.5, 0.4795001221869534623172533",
    "1, 0.1572992070502851306587794",
    "1.5, 0.03389485352468927293302374",
    "1.9, 0.007209570764742530051642461",
    "2, 0.004677734981047265837930744",
    "2.1, 0.002979466656332985503885016",
    "2.5, 0.0004069520174449589395642157",
    "3, 0.00002209049699858544137277613",
    "5, 1.537459794428034850188343e-12",
    "10, 2.088487583762544757000786e-45",
  })
  void knownValues(double x, double expected) {
    assertThat(Erf.erfc(x)).isCloseTo(expected, within(1e-15));
    assertThat(Erf.erfc(x) / expected).isCloseTo(1, within(1e-12));
    assertThat(Erf.erfc(-x)).isCloseTo(2 - expected, within(1e-15));
  }

  @Test
  void theTwoMethodsMeet() {
    double below = Erf.erfc(Math.nextDown(2.0));
    double above = Erf.erfc(Math.nextUp(2.0));
    assertThat(above - below).isCloseTo(0, within(4e-16));
  }

  @Test
  void limits() {
    assertThat(Erf.erfc(Double.POSITIVE_INFINITY)).isZero();
    assertThat(Erf.erfc(Double.NEGATIVE_INFINITY)).isEqualTo(2);
    assertThat(Erf.erfc(40)).isZero();
    assertThat(Erf.erfc(Double.NaN)).isNaN();
  }
}
