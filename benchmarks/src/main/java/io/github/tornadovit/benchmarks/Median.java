package io.github.tornadovit.benchmarks;

import java.util.Collection;
import java.util.stream.LongStream;

/** The middle of some measurements, which one bad moment of the machine does not move. */
public final class Median {
  private Median() {}

  /** Of some times. */
  public static double ofNanos(long[] nanos) {
    return of(LongStream.of(nanos).mapToObj(one -> (double) one).toList());
  }

  /**
   * The median; of an even number of values the mean of the middle two.
   *
   * @throws IllegalArgumentException if there is no value, or one is not a number
   */
  public static double of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    // NaN sorts last.
    if (sorted.length == 0 || Double.isNaN(sorted[sorted.length - 1])) {
      throw new IllegalArgumentException("median of " + values + ", expected numbers");
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
