package io.github.tornadovit.kernels.program;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One step of a {@link Program}. Each permitted record is the contract of an operation: its
 * formula, the shapes it takes, and which input it may overwrite. Its constructor refuses shapes
 * that do not fit.
 *
 * <p>Values: sums are of float32, in no promised order. An element whose terms add up, without
 * their signs, to more than float32 holds (3.4e38) may be infinite or NaN even where the formula is
 * finite. A NaN or infinity in an input or weight reaches the elements that each operation names
 * and no others, and is never taken for a number. Denormals are numbers on the host; devices may
 * take them for 0. The sign of a zero is not kept.
 */
public sealed interface Operation
    permits RowOperation,
        PatchEmbedding,
        EmbedTokens,
        RotaryPositions,
        Attention,
        AttentionWeights,
        SelectTokens,
        MeanTokens {

  /** Values that it reads. */
  List<Buffer> inputs();

  /** The value that it writes. */
  Buffer output();

  /** Inputs of the output's shape whose array the output may take. */
  default List<Buffer> overwritable() {
    return List.of();
  }

  /** Weights that it reads. */
  List<Weight> weights();

  /** Of the factors of its products. */
  default Precision precision() {
    return Precision.F32;
  }

  /**
   * Floating point operations per image, a multiply-add counted as two; 0 if it only moves data.
   */
  long flops();

  /** The kind of operation, for reports: {@code linear}, {@code layer norm}. */
  default String name() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }

  /** Bytes of inputs, weights and output for a batch, each counted once. */
  default long bytes(int batch) {
    long floats = (long) batch * output().size();
    for (Buffer read : inputs()) {
      floats += (long) batch * read.size();
    }
    return Float.BYTES * floats + weightBytes();
  }

  /** Bytes of weights, each counted once. */
  default long weightBytes() {
    long floats = 0;
    for (Weight weight : weights()) {
      floats += (long) weight.rows() * weight.columns();
    }
    return Float.BYTES * floats;
  }

  /**
   * Refuses an argument, naming operation and values.
   *
   * @throws IllegalArgumentException if {@code condition} is false
   */
  static void require(boolean condition, String format, @Nullable Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(format.formatted(values));
    }
  }
}
