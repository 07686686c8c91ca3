package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.Median;

/**
 * One engine's turn in one round.
 *
 * @param round from 0
 * @param millis per forward pass, the median of the turn
 * @param forwards how many passes the turn had
 * @param peakGigaflops the machine's peak in GFLOP/s, the mean of right before and right after the
 *     turn
 * @param othersShare processor time that the waiting engines used, per time that passed: what they
 *     stole from this one
 */
public record Turn(
    int round, double millis, int forwards, double peakGigaflops, double othersShare) {
  static Turn of(int round, long[] nanos, double peakGigaflops, double othersShare) {
    return new Turn(round, Median.ofNanos(nanos) * 1e-6, nanos.length, peakGigaflops, othersShare);
  }
}
