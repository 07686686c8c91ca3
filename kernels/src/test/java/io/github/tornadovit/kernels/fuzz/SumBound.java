package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.base.Activation;

/**
 * The worst that float32 can do to a sum of products, in any order, with or without fused
 * multiply-add (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.1): n
 * roundings of at most 2^-24 of the sum of the absolute products, and for each product that is too
 * small for a normal float at most the smallest number that the device tells from zero.
 *
 * <p>A sum whose absolute products add up to more than a float holds may overflow on the way in one
 * order and not in another: anything is right then. A product that is infinite or NaN says nothing
 * about the bound: the result is then what the reference has.
 */
final class SumBound {
  /** What one rounding may be off, relative to its result. */
  static final double ROUNDING = 0x1p-24;

  /** Anything is right. */
  static final double FREE = Double.POSITIVE_INFINITY;

  /** Sums of so much may overflow; well below the largest float, to be sure. */
  private static final double OVERFLOW = 0x1p126;

  /** Below it, activations that are 0 at minus infinity are flat: a slope under 1e-15. */
  private static final double FLAT = -40;

  private double magnitude;
  private int terms;
  private double factors;

  /** Adds the product of an activation and a factor. */
  void add(double activation, double factor) {
    terms++;
    double product = Math.abs(activation * factor);
    if (Double.isFinite(product)) {
      magnitude += product;
      factors += Math.abs(factor) + Math.abs(activation);
    }
  }

  /** Adds a number. */
  void add(double summand) {
    add(summand, 1);
  }

  /** The sum of the absolute products that are finite. */
  double magnitude() {
    return magnitude;
  }

  /** Whether the sum may overflow. */
  boolean overflows() {
    return overflows(magnitude);
  }

  static boolean overflows(double magnitude) {
    return magnitude > OVERFLOW;
  }

  /** A bound for so many roundings, not to first order but in full. */
  static double roundings(int count) {
    double sum = count * ROUNDING;
    return sum / (1 - sum);
  }

  /**
   * How far the sum, multiplied by a scale before or after, may be off.
   *
   * @param smallest the smallest number that is not taken for zero
   */
  double scaledError(double scale, double smallest) {
    double factor = Math.abs(scale);
    return roundings(terms + 4) * factor * magnitude + smallest * (1 + factor) * (terms + factors);
  }

  /**
   * How far the sum may be off.
   *
   * @param extra roundings of each product besides its own and those of the sum
   * @param smallest the smallest number that is not taken for zero
   */
  double error(int extra, double smallest) {
    // A factor may itself be a product that was rounded, to zero at worst.
    return roundings(terms + 1 + extra) * magnitude
        + smallest * (terms + (extra > 0 ? factors : 0));
  }

  /**
   * What an activation makes of an error: its slope, and its own approximation, whose documented
   * errors are 5e-7 absolute, less near zero, and a few roundings of the result.
   *
   * @param x the exact argument
   * @param y the exact result
   * @param error of the argument
   */
  static double activated(Activation activation, double x, double y, double error) {
    double own =
        switch (activation) {
          case IDENTITY, RELU -> 0;
          case TANH -> 5e-7;
          case GELU, GELU_TANH, QUICK_GELU, SILU -> 1e-6 * Math.min(1, Math.abs(x));
        };
    double slope = activation == Activation.IDENTITY ? 1 : 1.2;
    boolean oneSided =
        switch (activation) {
          case GELU, GELU_TANH, QUICK_GELU, RELU, SILU -> true;
          case IDENTITY, TANH -> false;
        };
    if (oneSided && x + error < FLAT) {
      slope = 0;
    }
    double finite = Double.isFinite(y) ? Math.abs(y) : 0;
    double wave = Double.isFinite(x) && activation != Activation.IDENTITY ? 1e-6 * finite : 0;
    return slope * error + own + (activation == Activation.RELU ? 0 : wave);
  }
}
