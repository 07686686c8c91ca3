package io.github.tornadovit.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * Items per second over the last seconds. Unknown for the first one: what the first items tell of
 * the speed is how long it takes to start.
 */
final class Speed {
  private static final long WINDOW_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long LEAST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

  /** Measurements of one batch size. */
  private record Sample(long nanos, long items) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * Takes note.
   *
   * @param nanos now, as {@link System#nanoTime} counts
   * @param items all until now; nothing is noted before the first
   */
  void note(long nanos, long items) {
    Sample last = samples.peekLast();
    if (items <= 0 || (last != null && nanos - last.nanos() < STEP_NANOS)) {
      return;
    }
    samples.addLast(new Sample(nanos, items));
    while (nanos - samples.getFirst().nanos() > WINDOW_NANOS && samples.size() > 2) {
      samples.removeFirst();
    }
  }

  /** Items per second; empty as long as it cannot be told. */
  OptionalDouble perSecond() {
    if (samples.size() < 2) {
      return OptionalDouble.empty();
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long items = last.items() - first.items();
    long nanos = last.nanos() - first.nanos();
    return items <= 0 || nanos < LEAST_NANOS
        ? OptionalDouble.empty()
        : OptionalDouble.of(items * 1e9 / nanos);
  }
}
