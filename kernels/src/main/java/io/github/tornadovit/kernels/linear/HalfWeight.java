package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The right operand of {@link TornadoHalfTiles}: W transposed in float16, in the order in which
 * {@code ldmatrix} reads it, zeros in the padding: {@code [paddedK / 16, paddedN / 8, 16, 8]}, two
 * neighbours of the last axis in an int.
 *
 * @param weight W {@code [n, k]}
 */
record HalfWeight(Weight weight) implements PackedWeight {
  /** Rows packed at a time. */
  private static final int BLOCK = 64;

  private int paddedK() {
    return Padding.up(weight.columns(), TornadoHalfTiles.STEP);
  }

  private int paddedN() {
    return Padding.columns(weight.rows());
  }

  @Override
  public boolean holdsInts() {
    return true;
  }

  @Override
  public long bytes() {
    return (long) Short.BYTES * paddedK() * paddedN();
  }

  /**
   * {@inheritDoc}
   *
   * @throws BackendException if a weight is beyond float16
   */
  @Override
  public void writeTo(MemorySegment destination) {
    int n = weight.rows();
    int k = weight.columns();
    float[] rows = new float[Math.multiplyExact(Math.min(BLOCK, n), k)];
    for (int first = 0; first < n; first += BLOCK) {
      int count = Math.min(BLOCK, n - first);
      weight.copyRows(first, count, rows, 0);
      for (int column = 0; column < k; column++) {
        for (int row = 0; row < count; row++) {
          put(destination, first + row, column, rows[row * k + column]);
        }
      }
    }
    weight.unload();
  }

  private void put(MemorySegment destination, int row, int column, float value) {
    if (Float.isFinite(value) && Math.abs(value) > F16.MAX) {
      throw new BackendException(
          "tornado",
          "weight %s holds %s at [%d, %d], beyond %.0f, the largest float16; use precision f32"
              .formatted(weight, value, row, column, F16.MAX));
    }
    long block = column / 16 * (paddedN() / 8L) + row / 8;
    long element = block * 128 + column % 16 * 8L + row % 8;
    destination.set(
        ValueLayout.JAVA_SHORT_UNALIGNED, Short.BYTES * element, (short) F16.code(value));
  }
}
