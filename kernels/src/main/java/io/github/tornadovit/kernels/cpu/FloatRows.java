package io.github.tornadovit.kernels.cpu;

/**
 * Rows of floats within an array: row i begins at {@code offset + i stride}. How many there are and
 * how long they are says who takes them.
 *
 * @param stride elements from one row to the next; 0 where every row is the same one
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record FloatRows(float[] array, int offset, int stride) {
  /** Index of a row's first element. */
  public int at(int row) {
    return offset + row * stride;
  }

  /** From a row and a column on. */
  public FloatRows from(int row, int column) {
    return new FloatRows(array, at(row) + column, stride);
  }
}
