package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The peak rate at which the processors read memory, adding up what they read: no operation on
 * weights outside the caches can exceed it.
 */
public final class MemoryPeak implements AutoCloseable {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** 256 MiB in all: more than the caches of common machines. */
  private static final int VALUES = 1 << 26;

  private static final int TASKS_PER_THREAD = 16;
  private static final Duration WARM_UP = Duration.ofMillis(500);

  private final ThreadTeam team;
  private final float[] values = new float[VALUES];
  private final float[] sinks;

  /** Starts the threads, touches the memory and lets the compiler finish with the loop. */
  public MemoryPeak(int threads) {
    team = new ThreadTeam(threads);
    sinks = new float[threads];
    Arrays.fill(values, 1e-9f);
    measure(WARM_UP);
  }

  /**
   * Measures.
   *
   * @param duration how long at least
   * @return 10^9 bytes read per second by all threads
   */
  public double measure(Duration duration) {
    int tasks = team.size() * TASKS_PER_THREAD;
    int part = VALUES / tasks / (4 * FLOATS.length()) * (4 * FLOATS.length());
    double bytes = (double) Float.BYTES * part * tasks;
    List<Double> rates = new ArrayList<>();
    long end = System.nanoTime() + duration.toNanos();
    do {
      long begin = System.nanoTime();
      team.run(
          tasks, (task, worker) -> sinks[worker] += sum(values, task * part, (task + 1) * part));
      rates.add(bytes / (System.nanoTime() - begin));
    } while (System.nanoTime() < end);
    return Median.of(rates);
  }

  @Override
  public void close() {
    team.close();
  }

  private static float sum(float[] values, int from, int to) {
    int length = FLOATS.length();
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = from; i < to; i += 4 * length) {
      s0 = s0.add(FloatVector.fromArray(FLOATS, values, i));
      s1 = s1.add(FloatVector.fromArray(FLOATS, values, i + length));
      s2 = s2.add(FloatVector.fromArray(FLOATS, values, i + 2 * length));
      s3 = s3.add(FloatVector.fromArray(FLOATS, values, i + 3 * length));
    }
    return s0.add(s1).add(s2).add(s3).lane(0);
  }
}
