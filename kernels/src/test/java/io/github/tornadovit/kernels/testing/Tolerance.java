package io.github.tornadovit.kernels.testing;

import org.junit.jupiter.api.Assertions;

/**
 * How far a float32 result may be from the reference: {@code |got - expected| <= absolute +
 * relative |expected|}. A NaN or infinity is right only where the reference has the same.
 *
 * @param absolute in units of the values
 * @param relative to the expected value
 */
public record Tolerance(double absolute, double relative) {
  /** Half the distance from 1 to the next float32: the error of one rounding. */
  private static final double ROUNDING = 0x1p-24;

  /** Bit for bit: operations that only move data. */
  public static Tolerance exact() {
    return new Tolerance(0, 0);
  }

  /** A few roundings: element-wise arithmetic on values of about 1. */
  public static Tolerance elementwise() {
    return new Tolerance(4 * ROUNDING, 4 * ROUNDING);
  }

  /**
   * A sum of so many products of values up to 1. Rounding errors add up like a random walk along
   * partial sums that are one themselves, so grow with the length; their standard deviation is near
   * {@code length ROUNDING / 7}.
   */
  public static Tolerance reduction(int length) {
    return new Tolerance((length + 8) * ROUNDING, 64 * ROUNDING);
  }

  /** Both rules at once. */
  public Tolerance plus(Tolerance other) {
    return new Tolerance(absolute + other.absolute, relative + other.relative);
  }

  /** The same rule for values so many times as large. */
  public Tolerance times(double factor) {
    return new Tolerance(absolute * factor, relative * factor);
  }

  /**
   * Fails unless every element is close enough, naming the worst.
   *
   * @param what said first in the failure message, with the seed of the data
   */
  public void check(String what, float[] got, float[] expected) {
    Assertions.assertEquals(expected.length, got.length, what + ": number of elements");
    int wrong = 0;
    int worst = -1;
    double worstExcess = 0;
    for (int i = 0; i < got.length; i++) {
      double excess = excess(got[i], expected[i]);
      // Written so that a NaN counts as wrong.
      if (!(excess <= 0)) {
        wrong++;
        if (worst < 0 || Double.isNaN(excess) || excess > worstExcess) {
          worst = i;
          worstExcess = excess;
        }
      }
    }
    if (wrong > 0) {
      Assertions.fail(
          "%s: %d of %d elements are off, worst at %d: got %s, expected %s, %s"
              .formatted(what, wrong, got.length, worst, got[worst], expected[worst], this));
    }
  }

  private double excess(float got, float expected) {
    if (!Float.isFinite(expected)) {
      return Float.compare(got, expected) == 0 ? 0 : Double.NaN;
    }
    return Math.abs((double) got - expected) - absolute - relative * Math.abs(expected);
  }
}
