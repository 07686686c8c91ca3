package io.github.tornadovit.kernels.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.base.Activation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceActivationTest {

  // Computed with mpmath to 25 digits.
  @ParameterizedTest
  @CsvSource({
    "IDENTITY, -3, -3",
    "GELU, -3, -0.004049694094890283579955444",
    "GELU, -0.75, -0.1699705142826511494952966",
    "GELU, 0.5, 0.3457312306370065518188523",
    "GELU, 2, 1.954499736103641585599435",
    "GELU_TANH, -3, -0.003637392081773018837816475",
    "GELU_TANH, -0.75, -0.1700394448343796958158558",
    "GELU_TANH, 2, 1.954597694087775018781041",
    "QUICK_GELU, -3, -0.01807130970778596651264127",
    "QUICK_GELU, 0.5, 0.350388436606380123169862",
    "RELU, -3, 0",
    "RELU, 2, 2",
    "SILU, -0.75, -0.2406159756184552701302399",
    "SILU, 2, 1.761594155955764888119458",
    "TANH, -3, -0.9950547536867304513318802",
    "TANH, 0.5, 0.4621171572600097585023185",
  })
  void knownValues(Activation activation, double x, double expected) {
    assertThat(ReferenceActivation.apply(activation, x)).isCloseTo(expected, within(1e-15));
  }
}
