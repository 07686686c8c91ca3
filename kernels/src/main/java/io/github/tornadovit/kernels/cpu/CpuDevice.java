package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.execution.HostWeights;
import io.github.tornadovit.kernels.execution.HostWeights.Layout;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loops, threads, memory and packed weights of a CPU backend. Owned by the backend and shared
 * by its plans.
 *
 * @param loops the arithmetic of one core
 * @param team the threads
 * @param scratch memory of each thread
 * @param weights the converted weights
 */
public record CpuDevice(InnerLoops loops, ThreadTeam team, Scratch scratch, HostWeights weights)
    implements AutoCloseable {
  private static final Layout<float[]> PANELS = new Layout<>("panels", float[].class);
  private static final Layout<float[]> PADDED = new Layout<>("padded", float[].class);

  /**
   * A device of its own team of threads.
   *
   * @throws IllegalArgumentException if there is not at least one
   */
  public static CpuDevice open(InnerLoops loops, int threads) {
    ThreadTeam team = new ThreadTeam(threads);
    try {
      return new CpuDevice(loops, team, new Scratch(threads), new HostWeights());
    } catch (OutOfMemoryError failure) {
      team.close();
      throw failure;
    }
  }

  /**
   * Packs matrices that {@link #panels} or {@link #codedPanels} will be asked for, a thread per
   * matrix: a new array costs as much as filling it, and only so do the threads share that cost.
   */
  public void pack(Collection<Matrix> factors) {
    List<Matrix> missing = factors.stream().distinct().filter(factor -> !isPacked(factor)).toList();
    Object[] packed = new Object[missing.size()];
    team.run(
        packed.length,
        (task, worker) -> {
          packed[task] = packed(missing.get(task));
          missing.get(task).weight().unload(); // Now: the whole file is never in memory as well.
        });
    for (int i = 0; i < packed.length; i++) {
      Weight weight = missing.get(i).weight();
      switch (packed[i]) {
        case CodedPanels panels -> weights.get(weight, coded(missing.get(i)), key -> panels);
        case Object panels -> weights.get(weight, PANELS, key -> (float[]) panels);
      }
    }
  }

  /** Whether {@link #panels} has the weight already. */
  public boolean hasPanels(Weight weight) {
    return weights.has(weight, PANELS);
  }

  private boolean isPacked(Matrix matrix) {
    return weights.has(
        matrix.weight(), matrix.precision() == Precision.F32 ? PANELS : coded(matrix));
  }

  private Object packed(Matrix matrix) {
    return matrix.precision() == Precision.F32
        ? Panels.pack(matrix.weight(), loops.panelColumns())
        : code(matrix);
  }

  private CodedPanels code(Matrix matrix) {
    CodedLoops loops = coded(matrix.precision());
    float[] factors = Smoothing.factors(matrix);
    return factors == null
        ? loops.pack(matrix.weight())
        : loops.pack(matrix.weight().timesColumns(Smoothing.inverse(factors))).smoothed(factors);
  }

  private static Layout<CodedPanels> coded(Matrix matrix) {
    return new Layout<>(matrix.precision().label() + " panels", CodedPanels.class);
  }

  /**
   * The arithmetic of a precision.
   *
   * @throws UnsupportedOperationException if the processor, or this JVM, has no such arithmetic,
   *     with what has
   * @throws IllegalArgumentException for F32, which is not coded
   */
  public CodedLoops coded(Precision precision) {
    return switch (precision) {
      case F32 -> throw new IllegalArgumentException("f32 is not coded");
      case INT8 -> loops.int8();
      case F16 ->
          throw new UnsupportedOperationException(
              "f16 runs on NVIDIA's tensor cores, through backend tornado; int8 runs here on "
                  + loops.int8().description());
      case BF16 -> {
        CodedLoops bf16 = loops.bf16();
        if (bf16 == null) {
          throw new UnsupportedOperationException(
              "bf16 needs machine code and AVX512-BF16, and here runs %s; int8 runs here on %s, and f32 everywhere"
                  .formatted(loops.description(), loops.int8().description()));
        }
        yield bf16;
      }
    };
  }

  /** The weight {@code [N, K]} of a matrix as the right factor of a product of coded factors. */
  public CodedPanels codedPanels(Matrix matrix) {
    return weights.get(matrix.weight(), coded(matrix), key -> code(matrix));
  }

  /** The weight {@code [N, K]} as the right factor of a product, see {@link Panels}. */
  public float[] panels(Weight weight) {
    return weights.get(weight, PANELS, key -> Panels.pack(key, loops.panelColumns()));
  }

  /** A vector of the weight's values, padded with zeros to whole panels; zeros for null. */
  public float[] paddedVector(@Nullable Weight weight, int length) {
    int padded = Panels.padded(length, loops.panelColumns());
    if (weight == null) {
      return new float[padded];
    }
    return weights.get(
        weight,
        PADDED,
        key -> {
          float[] values = new float[padded];
          key.copyRows(0, 1, values, 0);
          return values;
        });
  }

  /** Ends the threads and forgets the weights. Idempotent. */
  @Override
  public void close() {
    team.close();
    weights.clear();
  }
}
