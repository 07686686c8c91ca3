package io.github.tornadovit.engine.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * Times passes in turns: a machine's speed drifts, and what is timed one after the other gets
 * different machines. In each of {@value #ROUNDS} rounds every pass is repeated until it has had
 * its share of the time up to then; every other round goes backwards.
 */
final class Rounds {
  static final int ROUNDS = 10;

  private Rounds() {}

  /**
   * Runs the rounds.
   *
   * @param passes to be timed, each at least once
   * @param budgetNanos for all of them together; the last of each may exceed its share
   * @param clock in nanoseconds
   * @return nanoseconds of each run of each pass
   * @throws InterruptedException if this thread is interrupted, by then or before the next pass
   */
  static List<long[]> run(List<Runnable> passes, long budgetNanos, LongSupplier clock)
      throws InterruptedException {
    List<LongStream.Builder> times = new ArrayList<>();
    passes.forEach(pass -> times.add(LongStream.builder()));
    long[] used = new long[passes.size()];
    long share = Math.max(budgetNanos / Math.max(passes.size(), 1), ROUNDS);
    for (int round = 0; round < ROUNDS; round++) {
      long allowed = share / ROUNDS * (round + 1);
      for (int turn = 0; turn < passes.size(); turn++) {
        int index = round % 2 == 0 ? turn : passes.size() - 1 - turn;
        while (used[index] < allowed) {
          long nanos = time(passes.get(index), clock);
          used[index] += nanos;
          times.get(index).add(nanos);
        }
      }
    }
    return times.stream().map(builder -> builder.build().toArray()).toList();
  }

  /** Nanoseconds that one run takes, at least 1. */
  static long time(Runnable pass, LongSupplier clock) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    long start = clock.getAsLong();
    pass.run();
    return Math.max(clock.getAsLong() - start, 1);
  }
}
