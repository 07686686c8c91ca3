package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.CpuAttention;
import io.github.tornadovit.kernels.attention.CpuAttentionWeights;
import io.github.tornadovit.kernels.attention.CpuCodedAttention;
import io.github.tornadovit.kernels.attention.CpuRotaryPositions;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedValues;
import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.execution.HostBuffers;
import io.github.tornadovit.kernels.execution.Step;
import io.github.tornadovit.kernels.gate.CpuGate;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.layernorm.CpuLayerNorm;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.CpuCodedLinear;
import io.github.tornadovit.kernels.linear.CpuLinear;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pass.Codings;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.patch.CpuPatchEmbedding;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.CpuAverage;
import io.github.tornadovit.kernels.pooling.CpuMeanTokens;
import io.github.tornadovit.kernels.pooling.CpuSelectTokens;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.tokens.CpuEmbedTokens;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import io.github.tornadovit.kernels.vector.LoopsChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All cores, with the fastest inner loops that the JVM can use: machine code on x86-64 Linux with
 * {@code --enable-native-access}, else the Vector API with {@code --add-modules
 * jdk.incubator.vector}, else, with one warning, scalar code.
 *
 * <p>Owns its threads and the packed weights. Several threads may each run a plan of their own;
 * their operations take turns on the backend's threads.
 */
@SuppressWarnings("exports") // Who plans and runs is one of our own modules.
public final class CpuBackend implements Backend {
  private final CpuDevice cpu;
  private volatile boolean closed;

  /** A backend with a thread per processor. */
  public CpuBackend() {
    this(0);
  }

  /**
   * A backend with a number of threads.
   *
   * @param threads how many, the caller of a plan included; 0 for one per available processor
   * @throws IllegalArgumentException if it is negative
   */
  public CpuBackend(int threads) {
    this(LoopsChoice.choose(), threads);
  }

  CpuBackend(InnerLoops loops, int threads) {
    this(
        CpuDevice.open(loops, threads == 0 ? Runtime.getRuntime().availableProcessors() : threads));
  }

  /** A backend on a device that it closes. */
  CpuBackend(CpuDevice cpu) {
    this.cpu = cpu;
  }

  @Override
  public DeviceInfo device() {
    int threads = cpu.team().size();
    String plural = threads == 1 ? "" : "s";
    return new DeviceInfo(
        "cpu", "%s, %d thread%s".formatted(cpu.loops().description(), threads, plural));
  }

  @Override
  public DeviceInfo device(Precision precision) {
    return switch (precision) {
      case F32 -> device();
      case BF16, INT8, F16 -> {
        String products = products(precision).description();
        yield new DeviceInfo(
            "cpu", "%s: %s; %s".formatted(precision.label(), products, device().name()));
      }
    };
  }

  /**
   * What multiplies in a precision.
   *
   * @throws BackendException if nothing here does
   */
  private CodedLoops products(Precision precision) {
    try {
      return cpu.coded(precision);
    } catch (UnsupportedOperationException e) {
      throw new BackendException("cpu", String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public int hostThreads() {
    return cpu.team().size();
  }

  @Override
  public boolean attendsInBf16() {
    CodedLoops bf16 = cpu.loops().bf16();
    return bf16 != null && bf16.suitsAttention();
  }

  @Override
  public Plan plan(Program program, int maxBatch) {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
    List<Matrix> factors = program.operations().stream().flatMap(CpuBackend::rightFactors).toList();
    program.operations().stream()
        .map(Operation::precision)
        .filter(precision -> precision != Precision.F32)
        .distinct()
        .forEach(this::products);
    Map<Buffer, Codings.Coding> codings = Codings.of(program);
    HostBuffers buffers =
        new HostBuffers(Storage.onHost(program, value -> !codings.containsKey(value)), maxBatch);
    cpu.pack(factors);
    CodedValues coded = new CodedValues(program, codings, cpu, maxBatch);
    RowCodes codes = new RowCodes();
    List<Step> steps = new ArrayList<>();
    for (Operation operation : program.operations()) {
      steps.add(prepare(operation, buffers, coded, codes));
    }
    return new HostPlan(program, maxBatch, buffers, steps, () -> closed);
  }

  /** What an operation multiplies by. */
  private static Stream<Matrix> rightFactors(Operation operation) {
    return switch (operation) {
      case PatchEmbedding op -> Stream.of(Matrix.of(op.weight()));
      case Linear op -> Stream.of(op.matrix());
      case EmbedTokens _,
          LayerNorm _,
          Gate _,
          RotaryPositions _,
          Attention _,
          AttentionWeights _,
          SelectTokens _,
          MeanTokens _,
          Average _ ->
          Stream.empty();
    };
  }

  Step prepare(Operation operation, HostBuffers buffers) {
    return prepare(operation, buffers, new CodedValues(), new RowCodes());
  }

  /**
   * An operation on buffers.
   *
   * @param coded values that lie as codes
   * @param codes which the operations of a plan share
   */
  private Step prepare(
      Operation operation, HostBuffers buffers, CodedValues coded, RowCodes codes) {
    return switch (operation) {
      case PatchEmbedding op -> new CpuPatchEmbedding(op, buffers, cpu);
      case EmbedTokens op -> new CpuEmbedTokens(op, buffers, cpu);
      case LayerNorm op -> new CpuLayerNorm(op, buffers, coded, cpu);
      case Gate op -> new CpuGate(op, buffers, cpu);
      case RotaryPositions op -> new CpuRotaryPositions(op, buffers, cpu);
      case Linear op ->
          switch (op.matrix().precision()) {
            case F32 -> new CpuLinear(op, buffers, cpu);
            case BF16, INT8, F16 -> new CpuCodedLinear(op, buffers, coded, cpu, codes);
          };
      case Attention op ->
          switch (op.precision()) {
            case F32 -> new CpuAttention(op, buffers, cpu);
            case BF16 -> new CpuCodedAttention(op, buffers, coded, cpu);
            case INT8, F16 ->
                throw new IllegalStateException("no attention is in " + op.precision());
          };
      case AttentionWeights op -> new CpuAttentionWeights(op, buffers, cpu);
      case SelectTokens op -> new CpuSelectTokens(op, buffers);
      case MeanTokens op -> new CpuMeanTokens(op, buffers, cpu);
      case Average op -> new CpuAverage(op, buffers);
    };
  }

  @Override
  public void close() {
    closed = true;
    cpu.close();
  }
}
