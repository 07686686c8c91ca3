package io.github.tornadovit.engine.evaluation;

import java.util.Arrays;

/**
 * The latency of forward passes of one batch size.
 *
 * @param passes how many were timed, at least 1
 * @param p50Millis milliseconds that half of the passes did not exceed
 * @param p95Millis milliseconds that 95 % of the passes did not exceed
 * @param p99Millis milliseconds that 99 % of the passes did not exceed
 */
public record Latency(int passes, double p50Millis, double p95Millis, double p99Millis) {

  /**
   * The percentiles by nearest rank: each is the time of a pass that happened.
   *
   * @param nanos of each pass, at least one
   */
  public static Latency of(long... nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("latency of no passes, expected 1 or more");
    }
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Latency(
        sorted.length, percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
  }

  private static double percentile(long[] sorted, int percent) {
    int rank = (int) (((long) percent * sorted.length + 99) / 100);
    return sorted[rank - 1] / 1e6;
  }
}
