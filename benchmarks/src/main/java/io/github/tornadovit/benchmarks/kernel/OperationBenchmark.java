package io.github.tornadovit.benchmarks.kernel;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.Locale;
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

/**
 * Each operation of a ViT-base and of a BEiT-base, whose shapes are the same. On a device a call
 * brings its input there, as a forward pass does once for all operations: compare kernels with the
 * command {@code kernels}, and here a device with itself.
 */
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
public class OperationBenchmark {
  private static final int TOKENS = Layers.TOKENS;
  private static final int WIDTH = Layers.WIDTH;
  private static final int GATED = WIDTH * 8 / 3;
  private static final int CLASSES = 1000;
  private static final int PIXELS = 224;
  private static final int PATCH = 16;

  /** The operations measured; matrix products without the residual branch's sum. */
  public enum Kind {
    PATCH_EMBEDDING(3 * PIXELS, PIXELS, TOKENS - 1, WIDTH),
    /** The class token before the patches, and positions. */
    EMBED_TOKENS(TOKENS - 1, WIDTH, TOKENS, WIDTH),
    LAYER_NORM(TOKENS, WIDTH, TOKENS, WIDTH),
    QUERY_KEY_VALUE(TOKENS, WIDTH, TOKENS, 3 * WIDTH),
    /** DINOv3's, of all tokens but the first. */
    ROTARY_POSITIONS(TOKENS, 3 * WIDTH, TOKENS, 3 * WIDTH),
    ATTENTION(TOKENS, 3 * WIDTH, TOKENS, WIDTH),
    /** BEiT's: relative positions are added to the scores, each layer its own {@code [H T, T]}. */
    ATTENTION_WITH_BIAS(TOKENS, 3 * WIDTH, TOKENS, WIDTH),
    ATTENTION_OUTPUT(TOKENS, WIDTH, TOKENS, WIDTH),
    MLP_UP(TOKENS, WIDTH, TOKENS, 4 * WIDTH),
    MLP_DOWN(TOKENS, 4 * WIDTH, TOKENS, WIDTH),
    /** SwiGLU, as wide as makes the gated MLP's weights those of the plain one. */
    GATE(TOKENS, 2 * GATED, TOKENS, GATED),
    /** ViT's pooling. */
    CLASS_TOKEN(TOKENS, WIDTH, 1, WIDTH),
    /** BEiT's pooling. */
    MEAN_TOKENS(TOKENS, WIDTH, 1, WIDTH),
    /** The classifier, on the token that was pooled. */
    HEAD(1, WIDTH, 1, CLASSES);

    private final int inputRows;
    private final int inputColumns;
    private final int outputRows;
    private final int outputColumns;

    Kind(int inputRows, int inputColumns, int outputRows, int outputColumns) {
      this.inputRows = inputRows;
      this.inputColumns = inputColumns;
      this.outputRows = outputRows;
      this.outputColumns = outputColumns;
    }

    private Buffer input() {
      return new Buffer("input", inputRows, inputColumns);
    }

    private Operation operation(Buffer input, int layer, Precision precision) {
      Operation operation = operation(input, layer);
      return operation instanceof Linear linear ? linear.in(precision) : operation;
    }

    private Operation operation(Buffer input, int layer) {
      Buffer output = new Buffer("output", outputRows, outputColumns);
      return switch (this) {
        case PATCH_EMBEDDING ->
            new PatchEmbedding(
                input,
                3,
                PATCH,
                PATCH,
                Layers.weight(WIDTH, 3 * PATCH * PATCH, layer),
                Layers.vector(WIDTH, -layer),
                output);
        case EMBED_TOKENS ->
            new EmbedTokens(
                input, Layers.vector(WIDTH, layer), Layers.weight(TOKENS, WIDTH, -layer), output);
        case LAYER_NORM ->
            new LayerNorm(
                input, Layers.vector(WIDTH, layer), Layers.vector(WIDTH, -layer), 1e-6f, output);
        case ROTARY_POSITIONS ->
            new RotaryPositions(
                input,
                Layers.HEADS,
                Layers.weight(TOKENS - 1, WIDTH / Layers.HEADS, layer),
                output);
        case ATTENTION, ATTENTION_WITH_BIAS ->
            new Attention(
                input,
                Layers.HEADS,
                (float) (1 / Math.sqrt(WIDTH / Layers.HEADS)),
                this == ATTENTION ? null : Layers.weight(Layers.HEADS * TOKENS, TOKENS, layer),
                output);
        case GATE -> new Gate(input, Activation.SILU, output);
        case QUERY_KEY_VALUE, ATTENTION_OUTPUT, MLP_UP, MLP_DOWN, HEAD ->
            Linear.activated(
                input,
                Layers.weight(output.columns(), input.columns(), layer),
                Layers.vector(output.columns(), -layer),
                this == MLP_UP ? Activation.GELU : Activation.IDENTITY,
                output);
        case CLASS_TOKEN -> new SelectTokens(input, 0, output);
        case MEAN_TOKENS -> new MeanTokens(input, 1, output);
      };
    }
  }

  /** The operation. */
  @Param public Kind operation = Kind.QUERY_KEY_VALUE;

  /** {@code cpu} or {@code tornado}. */
  @Param("cpu")
  public String backend = "cpu";

  /** Of TornadoVM, by number or a part of its name; nothing: the best. */
  @Param("")
  public String device = "";

  /** Of matrix products: {@code f32}, {@code int8}. */
  @Param("f32")
  public String precision = "f32";

  /** Images. */
  @Param({"1", "8"})
  public int batch;

  /** Threads of the CPU backend, 0 for one per processor. */
  @Param("0")
  public int threads;

  @SuppressWarnings("NullAway.Init") // By JMH, before anything is measured.
  private Layers layers;

  /** For JMH. */
  public OperationBenchmark() {}

  /** Makes and checks the layers. */
  @Setup
  public void prepare() {
    Buffer input = operation.input();
    layers =
        new Layers(
            input,
            layer -> operation.operation(input, layer, precision(precision)),
            batch,
            Backends.select(choice(backend), threads, named(device), precision(precision))
                .backend());
  }

  /** The backend of that name. */
  public static BackendChoice choice(String backend) {
    return BackendChoice.valueOf(backend.toUpperCase(Locale.ROOT));
  }

  /**
   * The precision of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Precision precision(String name) {
    return Precision.of(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "precision is %s, expected one of %s".formatted(name, Precision.labels())));
  }

  /** JMH has no null. */
  public static @Nullable String named(String device) {
    return device.isEmpty() ? null : device;
  }

  /** The operation of every layer. */
  @Benchmark
  @OperationsPerInvocation(Layers.COUNT)
  public void run(Work work) {
    layers.run(work);
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    layers.close();
  }
}
