package io.github.tornadovit.benchmarks.report;

import java.util.List;

/**
 * Checks of the fields of a result's records, so that a file that was edited or cut is refused when
 * it is read and not somewhere in the middle of a report.
 */
final class Required {
  /** No measurement in any of our units is further from 1. */
  private static final double LARGEST = 1e15;

  private Required() {}

  /** All of these are there. */
  static void present(Object... values) {
    for (Object value : values) {
      if (value == null) {
        throw new IllegalArgumentException("something is missing, expected every key");
      }
    }
  }

  /** An unmodifiable copy of a list that is there, without nulls. */
  static <T> List<T> list(List<T> values) {
    present(values);
    present(values.toArray());
    return List.copyOf(values);
  }

  /** Numbers that were measured and cannot be 0. */
  static void positive(double... values) {
    for (double value : values) {
      if (!(value >= 1 / LARGEST && value <= LARGEST)) {
        throw new IllegalArgumentException("%s, expected a number above 0".formatted(value));
      }
    }
  }

  /** Numbers that may be 0. */
  static void notNegative(double... values) {
    for (double value : values) {
      if (!(value >= 0 && value <= LARGEST)) {
        throw new IllegalArgumentException("%s, expected a number from 0".formatted(value));
      }
    }
  }
}
