package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.machinecode.PeakLoop;
import io.github.tornadovit.kernels.machinecode.PeakLoop.Form;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The peak arithmetic rate of the processors: additions and multiplications per second on registers
 * alone, which no matrix product can exceed. Measured on as many threads as the work that it is
 * compared with, right beside it, because a shared machine's speed drifts.
 *
 * <p>In float32 two loops take turns, one of machine code where it can be used and one of the
 * Vector API, which the compiler makes slow now and then; the peak is the faster one's. Bfloat16
 * and int8 have loops of machine code alone, of the fastest instruction that the processor has for
 * them; where it has none, float32's are taken, as whoever computes there must.
 */
public final class ArithmeticPeak implements AutoCloseable {
  /** The largest credible part of the peak: beyond, the peak was not what the work had. */
  private static final double MOST = 1.05;

  /** Steps of a task of the Vector API: some 50 microseconds, so that threads end together. */
  private static final int VECTOR_STEPS = 25_000;

  private static final int TASKS_PER_THREAD = 64;
  private static final Duration WARM_UP = Duration.ofMillis(500);

  private final ThreadTeam team;
  private final List<Loop> loops = new ArrayList<>();

  /** One of the loops, with sums for each thread. */
  private interface Loop {
    /** Arithmetic of a step, a multiply-add counted as two. */
    int operations();

    /** Of a task. */
    int steps();

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
      return loop.operations();
    }

    @Override
    public int steps() {
      return loop.stepsOfTask();
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
    public int steps() {
      return VECTOR_STEPS;
    }

    @Override
    public void run(int steps, int worker) {
      sinks[worker] += VectorMultiplyAdds.run(steps);
    }
  }

  /** Starts the threads and lets the compiler finish with the loop. */
  private ArithmeticPeak(int threads, Form... forms) {
    team = new ThreadTeam(threads);
    for (Form form : forms) {
      PeakLoop.of(form).ifPresent(loop -> loops.add(new MachineCodeLoop(loop, threads)));
    }
    if (List.of(forms).contains(Form.FMA)) {
      loops.add(new VectorLoop(threads));
    }
    if (!loops.isEmpty()) {
      measure(WARM_UP);
    }
  }

  /** Of float32. */
  public static ArithmeticPeak fma(int threads) {
    return new ArithmeticPeak(threads, Form.FMA);
  }

  /**
   * Of what a precision multiplies.
   *
   * @param precision {@code f32}, {@code bf16} or {@code int8}
   */
  public static ArithmeticPeak of(int threads, String precision) {
    ArithmeticPeak peak =
        switch (precision) {
          case "bf16" -> new ArithmeticPeak(threads, Form.BF16_PAIRS, Form.BF16_TILES);
          case "int8" ->
              new ArithmeticPeak(threads, Form.INT8_QUADS, Form.INT16_PAIRS, Form.INT8_TILES);
          default -> fma(threads);
        };
    if (peak.loops.isEmpty()) {
      peak.close();
      return fma(threads);
    }
    return peak;
  }

  /** All peaks that this machine has, in 10^9 operations per second, by what is multiplied. */
  public static Map<String, Double> all(int threads, Duration duration) {
    Map<String, Double> peaks = new LinkedHashMap<>();
    for (Form form : Form.values()) {
      try (ArithmeticPeak peak = new ArithmeticPeak(threads, form)) {
        if (!peak.loops.isEmpty()) {
          peaks.put(name(form), peak.measure(duration));
        }
      }
    }
    return peaks;
  }

  private static String name(Form form) {
    return switch (form) {
      case FMA -> "float32 FMA";
      case BF16_PAIRS -> "bfloat16 dot products";
      case INT8_QUADS -> "int8 dot products";
      case INT16_PAIRS -> "16-bit multiply-add";
      case BF16_TILES -> "bfloat16 products of tiles";
      case INT8_TILES -> "int8 products of tiles";
    };
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
    team.run(tasks, (task, worker) -> loop.run(loop.steps(), worker));
    return (double) tasks * loop.steps() * loop.operations() / (System.nanoTime() - begin);
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
