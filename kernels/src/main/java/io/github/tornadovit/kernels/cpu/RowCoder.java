package io.github.tornadovit.kernels.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Brings rows of activations to the codes that a product reads.
 *
 * @param loops of the product
 * @param factors by which a row is multiplied before, see {@link Smoothing}; null for 1
 * @param columns of a row
 * @param codes where they go
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record RowCoder(CodedLoops loops, float @Nullable [] factors, int columns, RowCodes codes) {

  /**
   * Codes a row.
   *
   * @param scratch of as many elements; may be x from 0 on
   */
  public void encode(float[] x, int offset, int row, float[] scratch) {
    if (factors == null) {
      loops.encode(x, offset, columns, codes, row);
    } else {
      Smoothing.apply(factors, x, offset, scratch);
      loops.encode(scratch, 0, columns, codes, row);
    }
  }

  /** Codes some columns of some rows, in bf16; see {@link CodedLoops#encode}. */
  public void encode(FloatRows x, int rows, int row, int column, int count) {
    loops.encode(x, rows, count, codes, row, column);
  }
}
