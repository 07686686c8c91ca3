package io.github.tornadovit.kernels.linear;

/**
 * The complementary error function in double precision, for the reference: {@code erfc(x) = 2 /
 * sqrt(pi) * integral from x to infinity of exp(-t^2) dt}.
 *
 * <p>Below {@value #SPLIT} in magnitude by the series of erf (Abramowitz and Stegun 7.1.6), whose
 * terms all have one sign, so nothing cancels; beyond, by the continued fraction of erfc (7.1.14).
 * Absolute error below 1e-15; relative error of large arguments below 1e-12.
 */
final class Erf {
  /** Where both converge well: the series in about 40 terms, the fraction in {@link #DEPTH}. */
  private static final double SPLIT = 2;

  /** Levels of the continued fraction; at {@link #SPLIT} the rest is below 1e-18. */
  private static final int DEPTH = 60;

  private Erf() {}

  /** {@code 1 - erf(x)}. */
  static double erfc(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (x < -SPLIT) {
      return 2 - fraction(-x);
    }
    return x > SPLIT ? fraction(x) : 1 - series(x);
  }

  /** {@code erf(x) = 2/sqrt(pi) exp(-x^2) sum over n of 2^n x^(2n+1) / (1 3 5 ... (2n+1))}. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** {@code erfc(x) = exp(-x^2)/sqrt(pi) / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...))))}. */
  private static double fraction(double x) {
    double denominator = x;
    for (int n = DEPTH; n >= 1; n--) {
      denominator = x + n / 2.0 / denominator;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * denominator);
  }
}
