package io.github.tornadovit.kernels.fuzz;

import java.util.Random;

/**
 * How the values of a case are distributed: those of activations, and those of the factors that
 * they are multiplied by, which are such that not everything overflows or vanishes.
 */
enum Values {
  /** Of a normal distribution. */
  NORMAL,
  /** Normal, every row the same. */
  EQUAL_ROWS,
  /** Rows of one value each. */
  CONSTANT_ROWS,
  /** Mostly -0 and 0. */
  ZEROS,
  /** Denormals. */
  DENORMAL,
  /** Down to denormals. */
  TINY,
  /** Up to the largest float. */
  HUGE,
  /** Of any magnitude from 2^-40 to 2^40. */
  WIDE,
  /** Normal, and one NaN in some array. */
  NAN,
  /** Normal, and one infinity in some array. */
  INFINITY,
  /** Normal, and one negative infinity in some array. */
  MINUS_INFINITY;

  /** Any of them; odd values, of which there is but one to be missed, twice as often. */
  static Values draw(Random random) {
    Values[] all = values();
    int draw = random.nextInt(all.length + 3);
    return draw < all.length ? all[draw] : all[draw - 3];
  }

  /** The odd value, or 0 if there is none. */
  float odd(Random random) {
    return switch (this) {
      // Quiet NaNs of either sign and any payload.
      case NAN -> Float.intBitsToFloat(0x7fc00000 | (random.nextInt() & 0x803fffff));
      case INFINITY -> Float.POSITIVE_INFINITY;
      case MINUS_INFINITY -> Float.NEGATIVE_INFINITY;
      default -> 0;
    };
  }

  float activation(Random random) {
    return switch (this) {
      case ZEROS -> zeros(random);
      case DENORMAL -> Float.intBitsToFloat(random.nextInt() & 0x807fffff);
      case TINY -> scaled(random, -140, -60);
      case HUGE -> scaled(random, 90, 127);
      case WIDE -> scaled(random, -40, 40);
      default -> (float) random.nextGaussian();
    };
  }

  float factor(Random random) {
    return switch (this) {
      case ZEROS -> zeros(random);
      case DENORMAL -> scaled(random, 0, 20);
      case TINY -> scaled(random, -10, 20);
      case HUGE -> scaled(random, -30, 2);
      case WIDE -> scaled(random, -40, 40);
      default -> (float) random.nextGaussian();
    };
  }

  private static float zeros(Random random) {
    int kind = random.nextInt(8);
    return kind == 0 ? (float) random.nextGaussian() : kind % 2 == 0 ? 0f : -0f;
  }

  /** Of either sign, from 2^low up to less than 2^(high + 1). */
  private static float scaled(Random random, int low, int high) {
    float mantissa = Math.nextDown(1 + random.nextFloat());
    float magnitude = Math.scalb(mantissa, low + random.nextInt(high - low + 1));
    return random.nextBoolean() ? magnitude : -magnitude;
  }
}
