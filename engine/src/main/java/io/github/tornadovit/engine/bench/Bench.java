package io.github.tornadovit.engine.bench;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.bench.BenchResult.Measurement;
import io.github.tornadovit.engine.bench.BenchResult.Skipped;
import io.github.tornadovit.engine.bench.BenchResult.Target;
import io.github.tornadovit.engine.evaluation.Agreement;
import io.github.tornadovit.engine.evaluation.ImageAgreement;
import io.github.tornadovit.engine.evaluation.Latency;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

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
  private static final int ROUNDS = 10;
  private static final long WARM_UP_NANOS = 3_000_000_000L;

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
  private final Map<Precision, FirstAnswers> answers = new EnumMap<>(Precision.class);

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
    List<LoadedModel> models = new ArrayList<>();
    try {
      load(models);
      if (models.isEmpty()) {
        throw new BenchException("nothing was measured; " + reasons());
      }
      ImageAgreement compared = compare(models);
      BenchResult speeds = measure(models);
      Map<Target, Agreement> agreements = new HashMap<>();
      for (int i = 0; i < compared.agreements().size(); i++) {
        agreements.put(models.get(i).target(), compared.agreements().get(i));
      }
      return new BenchResult(
          speeds.measurements(),
          speeds.skipped(),
          speeds.logitDifference(),
          agreements,
          compared.unreadable());
    } finally {
      models.forEach(LoadedModel::close);
    }
  }

  /** The answers of all on the user's images, against the first in float32. */
  private ImageAgreement compare(List<LoadedModel> models) throws InterruptedException {
    if (options.images().isEmpty()) {
      return new ImageAgreement(List.of(), List.of());
    }
    models.sort(Comparator.comparing(loaded -> loaded.target().precision() != Precision.F32));
    if (models.getFirst().target().precision() != Precision.F32) {
      throw new BenchException(
          "nothing runs in f32, which the others are compared with; " + reasons());
    }
    return ImageAgreement.run(
        models.stream().map(LoadedModel::model).toList(), options.images(), images -> {});
  }

  private void load(List<LoadedModel> models) {
    for (ModelOptions target : Targets.of(options, Backends.overview(), skipped)) {
      try {
        LoadedModel loaded = LoadedModel.open(loader, target, options.batches(), skipped);
        if (loaded != null) {
          models.add(loaded);
        }
      } catch (BackendException unusable) {
        // A precision that is not here costs itself alone where there are others to compare.
        boolean alone = options.precisions().size() == 1;
        if (!options.backends().isEmpty() && (alone || target.precision() == Precision.F32)) {
          throw unusable;
        }
        skipped.add(new Skipped(Targets.arguments(target), String.valueOf(unusable.getMessage())));
      }
    }
  }

  private BenchResult measure(List<LoadedModel> models) throws InterruptedException {
    long seconds = options.seconds() * 1_000_000_000L;
    int most = models.stream().mapToInt(one -> one.batches().getLast()).max().orElseThrow();
    Pixels pixels = noise(models.getFirst().model().config(), most);
    long share = seconds / models.stream().mapToInt(model -> model.batches().size()).sum();
    long start = clock.getAsLong();
    List<Rounds.Entry> entries = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (LoadedModel model : models) {
      List<Rounds.Entry> able = warmUp(model, new ModelContestant(model, pixels, clock), share);
      entries.addAll(able);
      targets.addAll(Collections.nCopies(able.size(), model.target()));
    }
    if (entries.isEmpty()) {
      throw new BenchException("nothing was measured; " + reasons());
    }
    long left = Math.max(seconds - (clock.getAsLong() - start), seconds / 2);
    // In turns first as well: code that was compiled for one batch is compiled again for the next.
    turns(entries, left / WARM_UP_PART);
    List<List<long[]>> turns = turns(entries, left - left / WARM_UP_PART);
    List<Measurement> measurements = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      long[] passes = turns.get(i).stream().flatMapToLong(LongStream::of).toArray();
      measurements.add(measurement(targets.get(i), entries.get(i).batch(), passes));
    }
    return new BenchResult(measurements, skipped, largestDifference(), Map.of(), List.of());
  }

  private static List<List<long[]>> turns(List<Rounds.Entry> entries, long nanos)
      throws InterruptedException {
    long turn = Math.max(nanos / entries.size() / ROUNDS, 1);
    return new Rounds(ROUNDS, turn, false).run(entries);
  }

  private double largestDifference() {
    return answers.values().stream().mapToDouble(FirstAnswers::largestDifference).max().orElse(0);
  }

  private static Measurement measurement(Target target, int batch, long[] nanos) {
    return new Measurement(
        target,
        batch,
        (double) nanos.length * batch / (LongStream.of(nanos).sum() / 1e9),
        Latency.of(nanos));
  }

  /**
   * Compares the logits of every batch that there is time for, and warms up by it.
   *
   * @param share of the time that a batch has
   */
  private List<Rounds.Entry> warmUp(LoadedModel model, Contestant contestant, long share)
      throws InterruptedException {
    FirstAnswers first =
        answers.computeIfAbsent(
            model.model().session().options().precision(), precision -> new FirstAnswers());
    List<Rounds.Entry> able = new ArrayList<>();
    double nanosPerImage = 0;
    for (int batch : model.batches()) {
      double needed = FEWEST_PASSES * nanosPerImage * batch;
      if (needed > share) {
        skipped.add(new Skipped(name(contestant, batch), tooSlow(needed, share)));
        continue;
      }
      first.require(name(contestant, batch), contestant.logits(batch), batch);
      long nanos = fastest(contestant, batch, able.isEmpty() ? WARM_UP_NANOS : 0, share);
      nanosPerImage = (double) nanos / batch;
      if (FEWEST_PASSES * (double) nanos > share) {
        skipped.add(
            new Skipped(name(contestant, batch), tooSlow(FEWEST_PASSES * (double) nanos, share)));
      } else {
        able.add(new Rounds.Entry(contestant, batch));
      }
    }
    return able;
  }

  /**
   * Runs passes for some time, and as long as they are too slow for their share: the first ones
   * compile code, and vector code that is not compiled is slower by orders of magnitude. One that
   * came before, for the logits, and one more are not looked at, in which kernels of this batch are
   * compiled.
   *
   * @return nanoseconds of the fastest pass
   */
  private static long fastest(Contestant contestant, int batch, long warmUpNanos, long share)
      throws InterruptedException {
    contestant.measure(batch, 0);
    long used = 0;
    long fastest = Long.MAX_VALUE;
    do {
      long nanos = contestant.measure(batch, 0)[0];
      used += nanos;
      fastest = Math.min(fastest, nanos);
    } while (used < share && (used < warmUpNanos || fastest > share / FEWEST_PASSES));
    return fastest;
  }

  private static String name(Contestant contestant, int batch) {
    return contestant.name() + " --batch " + batch;
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
