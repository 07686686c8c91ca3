package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.weights.config.Activation;
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

/** The matrix products of a ViT-base, with bias and activation. */
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
public class LinearBenchmark {
  /** Which product of a block. */
  public enum Product {
    QUERY_KEY_VALUE(Layers.WIDTH, 3 * Layers.WIDTH, Activation.IDENTITY),
    ATTENTION_OUTPUT(Layers.WIDTH, Layers.WIDTH, Activation.IDENTITY),
    MLP_UP(Layers.WIDTH, 4 * Layers.WIDTH, Activation.GELU),
    MLP_DOWN(4 * Layers.WIDTH, Layers.WIDTH, Activation.IDENTITY);

    private final int inputs;
    private final int outputs;
    private final Activation activation;

    Product(int inputs, int outputs, Activation activation) {
      this.inputs = inputs;
      this.outputs = outputs;
      this.activation = activation;
    }
  }

  /** The product. */
  @Param public Product product = Product.QUERY_KEY_VALUE;

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
    Buffer input = new Buffer("input", Layers.TOKENS, product.inputs);
    Buffer output = new Buffer("output", Layers.TOKENS, product.outputs);
    layers =
        new Layers(
            input,
            layer ->
                Linear.activated(
                    input,
                    Layers.weight(product.outputs, product.inputs, layer),
                    Layers.vector(product.outputs, -layer),
                    product.activation,
                    output),
            batch,
            threads);
  }

  /** A product of every layer. */
  @Benchmark
  @OperationsPerInvocation(Layers.COUNT)
  public void linear(Work work) {
    layers.run(work);
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    layers.close();
  }
}
