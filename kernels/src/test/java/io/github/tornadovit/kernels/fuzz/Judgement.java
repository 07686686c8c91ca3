package io.github.tornadovit.kernels.fuzz;

import org.junit.jupiter.api.Assertions;

/** Compares a result with the reference's, element by element, each with a bound of its own. */
final class Judgement {
  private Judgement() {}

  /**
   * Fails if an element is further off than its bound, or finite where the reference's is not, or
   * the other way round; names the worst.
   *
   * @param sameKind whether a NaN or infinity has to be the expected one
   */
  static void check(String what, float[] got, float[] expected, double[] bounds, boolean sameKind) {
    int wrong = 0;
    int worst = -1;
    double worstRatio = 0;
    for (int i = 0; i < bounds.length; i++) {
      double ratio = ratio(got[i], expected[i], bounds[i], sameKind);
      if (ratio > 1) {
        wrong++;
        if (ratio > worstRatio) {
          worst = i;
          worstRatio = ratio;
        }
      }
    }
    if (wrong > 0) {
      Assertions.fail(
          "%s: %d of %d elements are off, worst at %d: got %s, expected %s, allowed %.3g"
              .formatted(
                  what, wrong, bounds.length, worst, got[worst], expected[worst], bounds[worst]));
    }
  }

  /** Over 1 if the element is wrong. */
  private static double ratio(float got, float expected, double bound, boolean sameKind) {
    if (bound == SumBound.FREE) {
      return 0;
    }
    if (!Float.isFinite(expected)) {
      boolean right = sameKind ? Float.compare(got, expected) == 0 : !Float.isFinite(got);
      return right ? 0 : Double.POSITIVE_INFINITY;
    }
    double error = Math.abs((double) got - expected);
    // Written so that a NaN counts as wrong, in the result and in the bound.
    return error <= bound ? 0 : error / bound > 1 ? error / bound : Double.POSITIVE_INFINITY;
  }
}
