package io.github.tornadovit.kernels.cpu;

/**
 * The arithmetic of one core for products of {@link Int8}. Tiles have the width of the {@link
 * InnerLoops} that these belong to.
 *
 * <p>All implementations give the same bits.
 */
public interface Int8Loops {

  /** What computes, for example {@code AVX2 16-bit products}. */
  String description();

  /** Rows of a tile. */
  int tileRows();

  /** Columns of a tile and of a panel. */
  int panelColumns();

  /** Codes of neighbouring k that lie side by side in a panel, see {@link Int8Panels}. */
  int group();

  /** Bytes of a row of so many activation codes, padded to whole groups. */
  int rowBytes(int columns);

  /**
   * Codes a row of activations: writes its codes and its end.
   *
   * @param columns K
   */
  void encode(float[] x, int offset, int columns, RowCodes to, int row);

  /**
   * One tile: {@code c[i, j] = ((float) (sum - zero[i] sums[j]) * scale[i]) * scales[j] + bias[j]}
   * with {@code sum} over k of the codes of row i of a and column j of the panel.
   *
   * @param row the first row of a
   * @param rows 1 to {@link #tileRows()}
   * @param panel the number of the panel
   * @param ends of the columns, see {@link Int8Panels#ends}
   * @param c rows of {@link #panelColumns()} results from cOffset on, one after the other
   */
  void multiplyTile(
      RowCodes a,
      int row,
      int rows,
      Int8Panels panels,
      int panel,
      int[] ends,
      float[] c,
      int cOffset);
}
