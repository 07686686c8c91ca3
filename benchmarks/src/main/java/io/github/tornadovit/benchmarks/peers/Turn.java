package io.github.tornadovit.benchmarks.peers;

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
    int round, double millis, int forwards, double peakGigaflops, double othersShare) {}
