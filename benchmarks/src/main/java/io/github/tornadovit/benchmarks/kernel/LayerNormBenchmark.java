package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.program.Buffer;
import java.util.concurrent.TimeUnit;
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

/** The layer norm of a ViT-base: bound by memory, so its part of the peak is small. */
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
public class LayerNormBenchmark {
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
    Buffer input = new Buffer("input", Layers.TOKENS, Layers.WIDTH);
    Buffer output = new Buffer("output", Layers.TOKENS, Layers.WIDTH);
    layers =
        new Layers(
            input,
            layer ->
                new LayerNorm(
                    input,
                    Layers.vector(Layers.WIDTH, layer),
                    Layers.vector(Layers.WIDTH, -layer),
                    1e-6f,
                    output),
            batch,
            threads);
  }

  /** A norm of every layer. */
  @Benchmark
  @OperationsPerInvocation(Layers.COUNT)
  public void layerNorm(Work work) {
    layers.run(work);
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    layers.close();
  }
}
