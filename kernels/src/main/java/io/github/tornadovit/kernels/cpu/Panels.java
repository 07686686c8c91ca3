package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.program.Weight;

/**
 * The right factor of a matrix product in the order in which a tile reads it: panels of {@code w}
 * columns, each {@code [depth, w]} and contiguous, the last one padded with zeros.
 *
 * <p>{@code element(k, n) = array[START + (n / w) depth w + k w + n % w]}.
 */
public final class Panels {
  /**
   * Index of the first panel. An array's elements begin 16 bytes into the object and large objects
   * begin at a multiple of 64 bytes under the usual collectors, so this puts the vectors of weights
   * on whole cache lines. Only speed depends on it.
   */
  public static final int START = 12;

  /** Rows of a panel that are filled together, few enough to stay in the first level cache. */
  private static final int BLOCK = 64;

  private Panels() {}

  /** The number of panels. */
  public static int count(int columns, int panelColumns) {
    return Math.ceilDiv(columns, panelColumns);
  }

  /** {@code columns} rounded up to whole panels. */
  public static int padded(int columns, int panelColumns) {
    return count(columns, panelColumns) * panelColumns;
  }

  /** Elements of an array of panels that begins at {@link #START}. */
  public static int length(int depth, int columns, int panelColumns) {
    return Math.addExact(
        START,
        Math.multiplyExact(depth, Math.multiplyExact(count(columns, panelColumns), panelColumns)));
  }

  /** Packs the transpose of a weight {@code [N, K]}: {@code element(k, n) = W[n, k]}. */
  static float[] pack(Weight weight, int panelColumns) {
    int depth = weight.columns();
    int columns = weight.rows();
    float[] panels = new float[length(depth, columns, panelColumns)];
    float[] source = new float[Math.min(panelColumns, columns) * depth];
    for (int first = 0; first < columns; first += panelColumns) {
      int rows = Math.min(panelColumns, columns - first);
      weight.copyRows(first, rows, source, 0);
      transpose(source, 0, depth, rows, depth, panels, START + first * depth, panelColumns);
    }
    return panels;
  }

  /**
   * Fills one panel from rows: {@code panel[k, j] = rows[j, k]}.
   *
   * @param stride elements from one row to the next
   * @param rows at most {@code panelColumns}; the columns beyond are left as they are
   */
  public static void transpose(
      float[] source,
      int offset,
      int stride,
      int rows,
      int depth,
      float[] panel,
      int start,
      int panelColumns) {
    for (int first = 0; first < depth; first += BLOCK) {
      int end = Math.min(depth, first + BLOCK);
      for (int j = 0; j < rows; j++) {
        transposeRow(source, offset + j * stride, first, end, panel, start + j, panelColumns);
      }
    }
  }

  private static void transposeRow(
      float[] source, int row, int first, int end, float[] panel, int column, int panelColumns) {
    for (int k = first; k < end; k++) {
      panel[column + k * panelColumns] = source[row + k];
    }
  }
}
