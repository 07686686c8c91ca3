package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Weight;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The attention of a ViT-base, and of a BEiT-base with its bias on the scores. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms3g",
      "-Xmx3g"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
  /** Whether relative positions are added to the scores, each layer its own {@code [H T, T]}. */
  @Param({"false", "true"})
  public boolean bias;

  /** Images. */
  @Param({"1", "8"})
  public int batch;

  /** Threads, 0 for one per processor. */
  @Param("0")
  public int threads;

  @SuppressWarnings("NullAway.Init") // By JMH, before anything is measured.
  private Layers layers;

  /** Makes and checks the layers. */
  @Setup
  public void prepare() {
    Buffer queryKeyValue = new Buffer("query_key_value", Layers.TOKENS, 3 * Layers.WIDTH);
    Buffer output = new Buffer("output", Layers.TOKENS, Layers.WIDTH);
    float scale = (float) (1 / Math.sqrt(Layers.WIDTH / Layers.HEADS));
    layers =
        new Layers(
            queryKeyValue,
            layer -> new Attention(queryKeyValue, Layers.HEADS, scale, positions(layer), output),
            batch,
            threads);
  }

  private @Nullable Weight positions(int layer) {
    return bias ? Layers.weight(Layers.HEADS * Layers.TOKENS, Layers.TOKENS, layer) : null;
  }

  /** An attention of every layer. */
  @Benchmark
  @OperationsPerInvocation(Layers.COUNT)
  public void attention(Work work) {
    layers.run(work);
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    layers.close();
  }
}
