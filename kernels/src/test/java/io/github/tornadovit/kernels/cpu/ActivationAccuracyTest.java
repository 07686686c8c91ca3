package io.github.tornadovit.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.linear.ReferenceActivation;
import io.github.tornadovit.kernels.testing.EveryLoops;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The stated error of each approximation, by sweeps over the floats. */
class ActivationAccuracyTest {
  /** A multiple of the columns of every panel. */
  private static final int POINTS = 1 << 14;

  static Stream<Arguments> everyLoopsAndActivation() {
    return EveryLoops.all()
        .flatMap(
            loops ->
                Arrays.stream(Activation.values())
                    .map(activation -> Arguments.of(loops, activation)));
  }

  @ParameterizedTest
  @MethodSource("everyLoopsAndActivation")
  void staysWithinItsBoundNearZeroAndFarOut(InnerLoops loops, Activation activation) {
    for (float range : new float[] {1e-3f, 1, 8, 30, 200, 1e30f}) {
      float[] x = new float[POINTS];
      for (int i = 0; i < POINTS; i++) {
        x[i] = range * (2 * i - POINTS + 1) / POINTS;
      }
      float[] y = x.clone();
      loops.activate(activation, y, 0, POINTS);
      for (int i = 0; i < POINTS; i++) {
        double expected = ReferenceActivation.apply(activation, x[i]);
        double bound = bound(activation, expected);
        double error = Math.abs(y[i] - expected);
        if (!(error <= bound)) {
          throw new AssertionError(
              "%s, %s(%s): got %s, expected %s, error %s, allowed %s"
                  .formatted(loops.description(), activation, x[i], y[i], expected, error, bound));
        }
      }
    }
  }

  private static double bound(Activation activation, double expected) {
    double rounding = Math.ulp((float) expected);
    return switch (activation) {
      case IDENTITY, RELU -> 0;
      case GELU -> 5e-7 + rounding;
      case GELU_TANH, QUICK_GELU, SILU -> 5e-7 + 2 * rounding;
      case TANH -> 3e-7;
    };
  }

  @ParameterizedTest
  @MethodSource("everyLoopsAndActivation")
  void treatsNanAndInfinityAsTheFormulaDoes(InnerLoops loops, Activation activation) {
    float[] special = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.intBitsToFloat(0xffffffff),
      Float.intBitsToFloat(0x7f800001),
      0,
      -0f,
      Float.MIN_VALUE,
    };
    float[] x = new float[loops.panelColumns() * special.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = special[i % special.length];
    }
    float[] y = x.clone();
    loops.activate(activation, y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      float expected = (float) ReferenceActivation.apply(activation, x[i]);
      String what = "%s, %s(%s)".formatted(loops.description(), activation, x[i]);
      if (Float.isFinite(expected)) {
        assertThat(y[i]).as(what).isBetween(expected - 3e-7f, expected + 3e-7f);
      } else {
        assertThat(y[i]).as(what).isEqualTo(Float.valueOf(expected));
      }
    }
  }
}
