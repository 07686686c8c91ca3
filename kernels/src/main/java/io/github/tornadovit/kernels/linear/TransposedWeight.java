package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The right operand of {@link TornadoTiles}: {@code [paddedK, paddedN]} float32 = W transposed,
 * zeros in the padding, then {@code bias [paddedN]}; both times the scale.
 *
 * @param weight W {@code [n, k]}
 * @param bias {@code [n]}, or null for zeros
 * @param scale {@code [n]}, or null for ones
 */
record TransposedWeight(Weight weight, @Nullable Weight bias, @Nullable Weight scale)
    implements PackedWeight {

  /** Rows packed at a time: few enough that a column of them stays in the first cache. */
  private static final int BLOCK = 64;

  private int paddedK() {
    return Padding.up(weight.columns(), TornadoTiles.STEP);
  }

  private int paddedN() {
    return Padding.columns(weight.rows());
  }

  /** Floats before the bias. */
  int biasAt() {
    return Math.multiplyExact(paddedK(), paddedN());
  }

  @Override
  public long bytes() {
    return Float.BYTES * (paddedK() + 1L) * paddedN();
  }

  @Override
  public void writeTo(MemorySegment destination) {
    int n = weight.rows();
    int k = weight.columns();
    float[] factors = scale == null ? null : scale.toArray();
    float[] rows = new float[Math.multiplyExact(Math.min(BLOCK, n), k)];
    for (int first = 0; first < n; first += BLOCK) {
      int count = Math.min(BLOCK, n - first);
      weight.copyRows(first, count, rows, 0);
      for (int column = 0; column < k; column++) {
        for (int row = 0; row < count; row++) {
          float factor = factors == null ? 1 : factors[first + row];
          set(destination, column, first + row, factor * rows[row * k + column]);
        }
      }
    }
    weight.unload();
    if (bias != null) {
      float[] shifts = bias.toArray();
      for (int column = 0; column < n; column++) {
        float factor = factors == null ? 1 : factors[column];
        set(destination, paddedK(), column, factor * shifts[column]);
      }
    }
  }

  private void set(MemorySegment destination, int row, int column, float value) {
    destination.set(
        ValueLayout.JAVA_FLOAT_UNALIGNED, Float.BYTES * ((long) row * paddedN() + column), value);
  }
}
