package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.base.Activation;

/** Every {@link Activation} by its formula, in double. */
public final class ReferenceActivation {
  private ReferenceActivation() {}

  /** {@code activation(x)}; NaN gives NaN. */
  public static double apply(Activation activation, double x) {
    return switch (activation) {
      case IDENTITY -> x;
      case GELU -> x * 0.5 * Erf.erfc(-x / Math.sqrt(2));
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case QUICK_GELU -> x * sigmoid(1.702 * x);
      case RELU -> Math.max(x, 0);
      case SILU -> x * sigmoid(x);
      case TANH -> Math.tanh(x);
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
