package io.github.tornadovit.benchmarks.model;

import io.github.tornadovit.benchmarks.kernel.Threads;
import io.github.tornadovit.benchmarks.kernel.Work;
import io.github.tornadovit.engine.bench.SameAnswers;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A forward pass of a checkpoint, pixels in and logits out; a subclass per engine. Beside the score
 * stand images per second and their ratio to the rate that the model card of a ViT-base or a
 * BEiT-base publishes. JMH measures one engine after the other, so on a machine whose speed drifts
 * compare engines by the part of the peak that they reach, or with {@code bench peers}, in which
 * they take turns.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      // DJL: download nothing, report nothing.
      "-Dai.djl.offline=true",
      "-DOPT_OUT_TRACKING=true"
    })
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
public abstract class ForwardBenchmark {
  /** Checkpoint folder; must be given. */
  @Param("")
  public String checkpoint = "";

  /** Folder of the files that {@code export_peers.py} made of it; ours does without. */
  @Param("")
  public String exported = "";

  /** Images per forward pass. */
  @Param({"1", "8", "32"})
  public int batch;

  /** Threads, 0 for one per processor. */
  @Param("0")
  public int threads;

  /** Of the products: {@code f32}, {@code int8}; of a peer what the exported file is in. */
  @Param("f32")
  public String precision = "f32";

  @SuppressWarnings("NullAway.Init") // By JMH, before anything is measured.
  private ForwardEngine engine;

  private float[] pixels = {};
  private double gigaflops;
  private double published;

  /** For the subclasses. */
  protected ForwardBenchmark() {}

  /** Opens the engine. */
  protected abstract ForwardEngine open(
      Path checkpoint, Path exported, int threads, ImageShape images) throws Exception;

  /** Opens the engine and checks that it computes what ours does. */
  @Setup
  public void prepare() throws Exception {
    if (checkpoint.isEmpty()) {
      throw new IllegalArgumentException("no checkpoint; name its folder with -p checkpoint=DIR");
    }
    Path folder = Path.of(checkpoint);
    TornadoVitEngine.Facts facts = TornadoVitEngine.Facts.of(folder);
    gigaflops = facts.flopsPerImage() * 1e-9 * batch;
    PublishedRate card = PublishedRate.of(facts.config());
    published = card == null ? Double.NaN : card.samplesPerSecond();
    pixels = facts.images().noise(batch, 1);
    int count = Threads.resolve(threads);
    float[] expected;
    try (ForwardEngine ours =
        new TornadoVitEngine(new EngineSetting(folder, count, facts.images(), batch))) {
      expected = ours.logits(pixels, batch);
    }
    engine = open(folder, Path.of(exported), count, facts.images());
    requireAnswers(expected, engine.logits(pixels, batch));
  }

  /** In float32 ours; in another precision numbers. */
  private void requireAnswers(float[] expected, float[] actual) {
    if (precision.equals("f32")) {
      SameAnswers.require("tornado-vit", expected, engine.name(), actual, batch);
    } else if (Double.isNaN(Agreement.of(expected, actual, batch).worstDifference())) {
      throw new IllegalStateException(
          "%s in %s computes what is no number".formatted(engine.name(), precision));
    }
  }

  /** One forward pass of the whole batch. */
  @Benchmark
  public float[] forward(Work work, ImageRates rates) {
    work.gigaflops += gigaflops;
    rates.add(batch, published);
    return engine.logits(pixels, batch);
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    engine.close();
  }
}
