package io.github.tornadovit.kernels.testing;

import io.github.tornadovit.kernels.program.Weight;
import java.util.Random;

/** Seeded values in (-1, 1), of both signs so that sums cancel. */
public final class RandomValues {
  private final long seed;
  private final Random random;

  /** Values of a seed. */
  public RandomValues(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** The next values. */
  public float[] array(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  /** A weight of the next values. */
  public Weight weight(int rows, int columns) {
    return Weight.of("w" + rows + "x" + columns, rows, columns, array(rows * columns));
  }

  /** A vector of the next values. */
  public Weight vector(int length) {
    return weight(1, length);
  }

  @Override
  public String toString() {
    return "seed " + seed;
  }
}
