package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one core for products whose factors are coded: {@link Int8}, {@link Bf16}. The
 * left factor is coded row by row at run time, the right one when it is packed. Tiles have the
 * width of the {@link InnerLoops} that these belong to.
 *
 * <p>All implementations of int8 give the same bits.
 */
public interface CodedLoops {
  /** What computes, for example {@code AVX2 16-bit products}. */
  String description();

  /** Rows of a tile. */
  int tileRows();

  /** Columns of a tile and of a panel. */
  int panelColumns();

  /** Bytes of a coded row of so many activations, padded to whole groups. */
  int rowBytes(int columns);

  /**
   * Codes a row of activations, and writes down how it is coded.
   *
   * @param columns K
   */
  void encode(float[] x, int offset, int columns, RowCodes to, int row);

  /**
   * The same for a part of rows that lie apart, where each code is that of its number alone: in
   * bf16.
   *
   * @param x rows of {@code columns} activations
   * @param rows to code, from {@code row} on
   * @param column of the rows of codes where x begins, at a whole cache line; what fills the last
   *     line of x becomes zeros
   */
  default void encode(FloatRows x, int rows, int columns, RowCodes to, int row, int column) {
    throw new UnsupportedOperationException(description() + " codes whole rows");
  }

  /** What attention needs besides products; null where these are not of bf16. */
  default @Nullable AttentionLoops attention() {
    return null;
  }

  /**
   * Whether attention is faster in these than in float32: its factors are coded for few products.
   */
  default boolean suitsAttention() {
    return false;
  }

  /** How the codes of a right factor lie. */
  PanelLayout layout();

  /** Codes a weight {@code [N, K]} as the right factor. */
  CodedPanels pack(Weight weight);

  /**
   * One tile: {@code c[i, j] = product[i, j] + bias[j]}, as the rules of the codes have it.
   *
   * @param row the first row of a
   * @param rows 1 to {@link #tileRows()}
   * @param panel the number of the panel
   * @param ends of the columns, see {@link CodedPanels#ends(float[])}
   * @param c rows of {@link #panelColumns()} results
   */
  void multiplyTile(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c);

  /**
   * A panel's part of any number of rows, tile by tile.
   *
   * @param rows at least 1
   * @param c rows of {@link #panelColumns()} results
   * @see #multiplyTile
   */
  default void multiplyRows(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
    for (int done = 0; done < rows; done += tileRows()) {
      int height = Math.min(tileRows(), rows - done);
      multiplyTile(a, row + done, height, panels, panel, ends, c.from(done, 0));
    }
  }
}
