package io.github.tornadovit.engine.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One that takes part in a comparison: a model that is loaded and computes when it is asked to, in
 * this JVM or in a process of its own. All of a comparison compute the same images.
 */
public interface Contestant {
  /** Its name, for messages. */
  String name();

  /** Logits {@code [B, K]} of the first {@code batch} images. */
  float[] logits(int batch);

  /**
   * Computes the first images again and again.
   *
   * @param nanos for how long: passes that begin within it, at least one
   * @return nanoseconds of each forward pass
   * @throws InterruptedException if this thread is interrupted, by then or before the next pass
   */
  long[] measure(int batch, long nanos) throws InterruptedException;

  /**
   * Times a pass again and again: {@link #measure} of a contestant in this JVM.
   *
   * @param clock in nanoseconds
   */
  static long[] time(Runnable pass, long nanos, LongSupplier clock) throws InterruptedException {
    List<Long> times = new ArrayList<>();
    long used = 0;
    do {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long start = clock.getAsLong();
      pass.run();
      long time = Math.max(clock.getAsLong() - start, 1);
      times.add(time);
      used += time;
    } while (used < nanos);
    return times.stream().mapToLong(Long::longValue).toArray();
  }
}
