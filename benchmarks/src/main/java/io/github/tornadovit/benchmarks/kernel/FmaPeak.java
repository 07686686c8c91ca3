package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.machinecode.PeakLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How many float32 operations the processors do per second when they do nothing but multiply-adds
 * on registers: what no matrix product can exceed. Measured on as many threads as the work that it
 * is compared with, right beside it, because a shared machine's speed drifts.
 *
 * <p>Two loops take turns, one of machine code where it can be used and one of the Vector API,
 * which the compiler makes slow now and then; the peak is the faster one's.
 */
public final class FmaPeak implements AutoCloseable {
  /** The largest credible part of the peak: beyond, the peak was not what the work had. */
  private static final double MOST = 1.05;

  /** Rounds of all chains in a task: some 50 microseconds, so that threads end together. */
  private static final int STEPS = 25_000;

  private static final int TASKS_PER_THREAD = 64;
  private static final Duration WARM_UP = Duration.ofMillis(500);

  private final ThreadTeam team;
  private final List<Loop> loops = new ArrayList<>();

  /** One of the loops, with sums for each thread. */
  private interface Loop {
    /** Arithmetic of a step, a multiply-add counted as two. */
    int operations();

    void run(int steps, int worker);
  }

  private static final class MachineCodeLoop implements Loop {
    private final PeakLoop loop;
    private final float[][] sums;

    MachineCodeLoop(PeakLoop loop, int threads) {
      this.loop = loop;
      sums = Stream.generate(loop::newSums).limit(threads).toArray(float[][]::new);
    }

    @Override
    public int operations() {
      return 2 * sums[0].length;
    }

    @Override
    public void run(int steps, int worker) {
      loop.run(steps, sums[worker]);
    }
  }

  private static final class VectorLoop implements Loop {
    private final float[] sinks;

    VectorLoop(int threads) {
      sinks = new float[threads];
    }

    @Override
    public int operations() {
      return 2 * VectorMultiplyAdds.PER_STEP;
    }

    @Override
    public void run(int steps, int worker) {
      sinks[worker] += VectorMultiplyAdds.run(steps);
    }
  }

  /** Starts the threads and lets the compiler finish with the loop. */
  public FmaPeak(int threads) {
    team = new ThreadTeam(threads);
    PeakLoop.ofThisMachine().ifPresent(loop -> loops.add(new MachineCodeLoop(loop, threads)));
    loops.add(new VectorLoop(threads));
    measure(WARM_UP);
  }

  /**
   * Measures.
   *
   * @param duration how long at least
   * @return 10^9 operations per second of all threads, a multiply-add counted as two
   */
  public double measure(Duration duration) {
    return Collections.max(measureEach(duration));
  }

  /** As {@link #measure}, of each loop: machine code where it can be used, then the Vector API. */
  List<Double> measureEach(Duration duration) {
    List<List<Double>> rates = loops.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
    long end = System.nanoTime() + duration.toNanos();
    do {
      for (int i = 0; i < loops.size(); i++) {
        rates.get(i).add(rate(loops.get(i)));
      }
    } while (System.nanoTime() < end);
    return rates.stream().map(Median::of).toList();
  }

  private double rate(Loop loop) {
    int tasks = team.size() * TASKS_PER_THREAD;
    long begin = System.nanoTime();
    team.run(tasks, (task, worker) -> loop.run(STEPS, worker));
    return (double) tasks * STEPS * loop.operations() / (System.nanoTime() - begin);
  }

  /** Whether that part of a peak can be true; a page says nothing rather than more. */
  public static boolean isCredible(double part) {
    return part <= MOST;
  }

  /** A part of a peak, in per cent, or that it cannot be true. */
  public static String text(double part) {
    return isCredible(part) ? String.format(Locale.ROOT, "%.0f %%", 100 * part) : "above the peak";
  }

  @Override
  public void close() {
    team.close();
  }
}
