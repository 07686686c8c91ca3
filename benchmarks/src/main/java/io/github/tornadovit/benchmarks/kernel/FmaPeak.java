package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many float32 operations the processors do per second when they do nothing but multiply-adds
 * on registers: what no matrix product can exceed. Measured on as many threads as the work that it
 * is compared with, right beside it, because a shared machine's speed drifts.
 */
public final class FmaPeak implements AutoCloseable {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /**
   * Independent sums: two multiply-adds begin per cycle and each takes four or five, so at least
   * ten; with the two factors they fit the 16 registers of AVX2.
   */
  private static final int CHAINS = 12;

  /** Rounds of all chains in a task: some 50 microseconds, so that threads end together. */
  private static final int STEPS = 25_000;

  private static final int TASKS_PER_THREAD = 64;
  private static final Duration WARM_UP = Duration.ofMillis(500);

  private final ThreadTeam team;
  private final float[] sinks;

  /** Starts the threads and lets the compiler finish with the loop. */
  public FmaPeak(int threads) {
    team = new ThreadTeam(threads);
    sinks = new float[threads];
    measure(WARM_UP);
  }

  /**
   * Measures.
   *
   * @param duration how long at least
   * @return 10^9 operations per second of all threads, a multiply-add counted as two
   */
  public double measure(Duration duration) {
    int tasks = team.size() * TASKS_PER_THREAD;
    double operations = 2.0 * tasks * STEPS * CHAINS * FLOATS.length();
    List<Double> rates = new ArrayList<>();
    long end = System.nanoTime() + duration.toNanos();
    do {
      long begin = System.nanoTime();
      team.run(tasks, (task, worker) -> sinks[worker] += chains(STEPS));
      rates.add(operations / (System.nanoTime() - begin));
    } while (System.nanoTime() < end);
    return Median.of(rates);
  }

  @Override
  public void close() {
    team.close();
  }

  private static float chains(int steps) {
    FloatVector factor = FloatVector.broadcast(FLOATS, 0.999f);
    FloatVector addend = FloatVector.broadcast(FLOATS, 1e-6f);
    FloatVector s0 = addend;
    FloatVector s1 = addend;
    FloatVector s2 = addend;
    FloatVector s3 = addend;
    FloatVector s4 = addend;
    FloatVector s5 = addend;
    FloatVector s6 = addend;
    FloatVector s7 = addend;
    FloatVector s8 = addend;
    FloatVector s9 = addend;
    FloatVector s10 = addend;
    FloatVector s11 = addend;
    // The sum is the addend: C2 copies it first if it has to stay.
    for (int step = 0; step < steps; step++) {
      s0 = factor.fma(addend, s0);
      s1 = factor.fma(addend, s1);
      s2 = factor.fma(addend, s2);
      s3 = factor.fma(addend, s3);
      s4 = factor.fma(addend, s4);
      s5 = factor.fma(addend, s5);
      s6 = factor.fma(addend, s6);
      s7 = factor.fma(addend, s7);
      s8 = factor.fma(addend, s8);
      s9 = factor.fma(addend, s9);
      s10 = factor.fma(addend, s10);
      s11 = factor.fma(addend, s11);
    }
    FloatVector first = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    FloatVector second = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    return first.add(second).lane(0);
  }
}
