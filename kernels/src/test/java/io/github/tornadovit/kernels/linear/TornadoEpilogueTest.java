package io.github.tornadovit.kernels.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.program.Epilogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stated error of the device's activations, with an exp that is right to the last bit. */
class TornadoEpilogueTest {
  private static final String PYTHON = System.getProperty("tornadovit.python", "python3");
  private static final int POINTS = 1 << 18;

  @ParameterizedTest
  @EnumSource(Activation.class)
  void staysWithinItsBoundNearZeroAndFarOut(Activation activation) {
    int kind = TornadoEpilogue.of(new Epilogue.Activate(activation));
    for (float range : new float[] {1e-3f, 1, 8, 30, 1e30f}) {
      for (int i = 0; i < POINTS; i++) {
        float x = range * (2 * i - POINTS + 1) / POINTS;
        double expected = ReferenceActivation.apply(activation, x);
        double error = Math.abs(TornadoEpilogue.apply(x, kind) - expected);
        if (!(error <= bound(activation) * Math.max(1, Math.abs((double) x)))) {
          throw new AssertionError(
              "%s(%s): expected %s, error %s".formatted(activation, x, expected, error));
        }
      }
    }
  }

  private static double bound(Activation activation) {
    return switch (activation) {
      case IDENTITY, RELU -> 0;
      case GELU -> 1.2e-7;
      case GELU_TANH, QUICK_GELU, SILU -> 2e-7;
      case TANH -> 3e-7;
    };
  }

  @Test
  void theCoefficientsAreThoseOfTheFit() throws IOException, InterruptedException {
    assumeTrue(
        run("-c", "import numpy").ok(),
        "%s has no numpy; -Dtornadovit.python=PATH names a Python that has".formatted(PYTHON));
    Ran fit =
        run(
            "src/main/python/fit_gelu.py",
            "src/main/java/io/github/tornadovit/kernels/linear/TornadoEpilogue.java",
            "src/main/java/io/github/tornadovit/kernels/cpu/Polynomials.java");
    assertThat(fit.ok()).as(fit.output()).isTrue();
    assertThat(fit.output())
        .contains("at most 6.93e-09", "has these coefficients", "within 5 % of the best: 6.70e-08");
  }

  /** What a Python did. */
  private record Ran(boolean ok, String output) {}

  private static Ran run(String... arguments) throws InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = PYTHON;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ran(python.waitFor() == 0, output);
    } catch (IOException missing) {
      return new Ran(false, missing.toString());
    }
  }
}
