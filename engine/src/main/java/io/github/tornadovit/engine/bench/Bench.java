package io.github.tornadovit.engine.bench;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.bench.BenchResult.Measurement;
import io.github.tornadovit.engine.bench.BenchResult.Skipped;
import io.github.tornadovit.engine.evaluation.Latency;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Measures the forward pass of a model on every backend, for several batch sizes.
 *
 * {@snippet :
 * BenchResult result =
 *     Bench.run(options -> VisionModel.load(Path.of("vit"), options), BenchOptions.defaults());
 * result.best(50).ifPresent(System.out::println); // the fastest within 50 ms
 * }
 *
 * <p>Before anything is timed, every backend and batch computes the same images, and must get the
 * same logits; that, and some seconds more on the host, is the warm-up. Then they are timed in
 * {@linkplain Rounds rounds}.
 */
public final class Bench {
  private static final long WARM_UP_NANOS = 3_000_000_000L;

  /** A plan may compile a batch only when it comes the second time, see Session.warmUp. */
  private static final int COMPILING_PASSES = 2;

  /** Of the time, one in so many for warming up in turns. */
  private static final int WARM_UP_PART = 10;

  /** Passes that a batch must be able to make in its share of the time. */
  private static final int FEWEST_PASSES = 3;

  private static final long SEED = 42;

  private final Function<ModelOptions, VisionModel> loader;
  private final BenchOptions options;
  private final LongSupplier clock;
  private final List<Skipped> skipped = new ArrayList<>();

  /** Answers of different precision differ, and should. */
  private final Map<Precision, Agreement> agreements = new EnumMap<>(Precision.class);

  /** A contestant and a batch that it has time for. */
  private record Case(Contestant contestant, int batch) {}

  Bench(Function<ModelOptions, VisionModel> loader, BenchOptions options, LongSupplier clock) {
    this.loader = loader;
    this.options = options;
    this.clock = clock;
  }

  /**
   * Measures. All models are held at once, one per backend and device.
   *
   * @param loader loads the model with the options given; what it returns is closed in the end
   * @throws BenchException if logits differ, or nothing could be measured
   * @throws BackendException if a backend that the options name cannot be used
   * @throws UnsupportedOperationException if the model has no classifier
   * @throws InterruptedException if this thread is interrupted, by then or before the next pass
   */
  public static BenchResult run(Function<ModelOptions, VisionModel> loader, BenchOptions options)
      throws InterruptedException {
    return new Bench(loader, options, System::nanoTime).run();
  }

  BenchResult run() throws InterruptedException {
    List<Contestant> contestants = new ArrayList<>();
    try {
      open(contestants);
      if (contestants.isEmpty()) {
        throw new BenchException("nothing was measured; " + reasons());
      }
      return measure(contestants);
    } finally {
      contestants.forEach(Contestant::close);
    }
  }

  private void open(List<Contestant> contestants) {
    for (ModelOptions target : Targets.of(options, Backends.overview(), skipped)) {
      try {
        Contestant opened = Contestant.open(loader, target, options.batches(), skipped);
        if (opened != null) {
          contestants.add(opened);
        }
      } catch (BackendException unusable) {
        if (!options.backends().isEmpty()) {
          throw unusable;
        }
        skipped.add(new Skipped(Targets.arguments(target), String.valueOf(unusable.getMessage())));
      }
    }
  }

  private BenchResult measure(List<Contestant> contestants) throws InterruptedException {
    long seconds = options.seconds() * 1_000_000_000L;
    int most = contestants.stream().mapToInt(one -> one.batches().getLast()).max().orElseThrow();
    Pixels pixels = noise(contestants.getFirst().model().config(), most);
    long share =
        seconds / contestants.stream().mapToInt(contestant -> contestant.batches().size()).sum();
    long start = clock.getAsLong();
    List<Case> cases = new ArrayList<>();
    for (Contestant contestant : contestants) {
      cases.addAll(warmUp(contestant, pixels, share));
    }
    if (cases.isEmpty()) {
      throw new BenchException("nothing was measured; " + reasons());
    }
    long left = Math.max(seconds - (clock.getAsLong() - start), seconds / 2);
    List<Runnable> passes =
        cases.stream()
            .map(one -> (Runnable) () -> one.contestant().logits(pixels.first(one.batch())))
            .toList();
    // In turns first as well: code that was compiled for one batch is compiled again for the next.
    Rounds.run(passes, left / WARM_UP_PART, clock);
    List<long[]> times = Rounds.run(passes, left - left / WARM_UP_PART, clock);
    List<Measurement> measurements = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      measurements.add(measurement(cases.get(i), times.get(i)));
    }
    return new BenchResult(measurements, skipped, largestDifference());
  }

  private double largestDifference() {
    return agreements.values().stream().mapToDouble(Agreement::largestDifference).max().orElse(0);
  }

  private static Measurement measurement(Case one, long[] nanos) {
    long total = 0;
    for (long pass : nanos) {
      total += pass;
    }
    return new Measurement(
        one.contestant().target(),
        one.batch(),
        (double) nanos.length * one.batch() / (total / 1e9),
        Latency.of(nanos));
  }

  /**
   * Compares the logits of every batch that there is time for, and warms up by it.
   *
   * @param share of the time that a batch has
   */
  private List<Case> warmUp(Contestant contestant, Pixels pixels, long share)
      throws InterruptedException {
    List<Case> cases = new ArrayList<>();
    double nanosPerImage = 0;
    for (int batch : contestant.batches()) {
      double needed = FEWEST_PASSES * nanosPerImage * batch;
      if (needed > share) {
        skipped.add(new Skipped(name(contestant, batch), tooSlow(needed, share)));
        continue;
      }
      Agreement agreement =
          agreements.computeIfAbsent(
              contestant.model().session().options().precision(), precision -> new Agreement());
      Runnable pass =
          () -> agreement.require(name(contestant, batch), contestant.logits(pixels.first(batch)));
      long nanos = fastest(pass, cases.isEmpty() ? WARM_UP_NANOS : 0, share);
      nanosPerImage = (double) nanos / batch;
      if (FEWEST_PASSES * (double) nanos > share) {
        skipped.add(
            new Skipped(name(contestant, batch), tooSlow(FEWEST_PASSES * (double) nanos, share)));
      } else {
        cases.add(new Case(contestant, batch));
      }
    }
    return cases;
  }

  /**
   * Runs a pass for some time, and as long as it is too slow for its share: its first runs compile
   * code, and vector code that is not compiled is slower by orders of magnitude. Two runs more are
   * not looked at, in which kernels of this batch are compiled.
   *
   * @return nanoseconds of the fastest run
   */
  private long fastest(Runnable pass, long warmUpNanos, long share) throws InterruptedException {
    for (int run = 0; run < COMPILING_PASSES; run++) {
      Rounds.time(pass, clock);
    }
    long used = 0;
    long fastest = Long.MAX_VALUE;
    do {
      long nanos = Rounds.time(pass, clock);
      used += nanos;
      fastest = Math.min(fastest, nanos);
    } while (used < share && (used < warmUpNanos || fastest > share / FEWEST_PASSES));
    return fastest;
  }

  private static String name(Contestant contestant, int batch) {
    return contestant.target().arguments() + " --batch " + batch;
  }

  private String tooSlow(double neededNanos, long shareNanos) {
    return String.format(
        Locale.ROOT,
        "%d passes would take about %.1f s, its share of %d s is %.1f s; give it more seconds",
        FEWEST_PASSES,
        neededNanos / 1e9,
        options.seconds(),
        shareNanos / 1e9);
  }

  private String reasons() {
    return String.join(
        "; ", skipped.stream().map(skip -> skip.what() + ": " + skip.reason()).toList());
  }

  /** Images of N(0, 1), the same every time. */
  private static Pixels noise(VisionConfig config, int images) {
    int size = config.channels() * config.imageSize().height() * config.imageSize().width();
    float[] values = new float[Math.multiplyExact(images, size)];
    Random random = new Random(SEED);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    VisionConfig.Extent side = config.imageSize();
    return Pixels.of(images, config.channels(), side.height(), side.width(), values);
  }
}
