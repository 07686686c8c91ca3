package io.github.tornadovit.kernels.cpu;

/** What attention in {@link Bf16} needs besides products. */
public interface AttentionLoops {
  /** {@link #softmax} takes multiples of so many scores, of which codes are whole cache lines. */
  int NUMERATORS = CacheLines.BYTES / Short.BYTES;

  /**
   * Makes a right factor of the transpose of rows: see {@link Bf16Panels#transpose}.
   *
   * @param layout of the panels
   */
  void transpose(RowCodes rows, int count, int columns, CodedPanels panels, PanelLayout layout);

  /**
   * Makes a right factor of rows: see {@link Bf16Panels#interleave}.
   *
   * @param layout of the panels
   */
  void interleave(RowCodes rows, int count, int columns, CodedPanels panels, PanelLayout layout);

  /**
   * The numerators of a softmax as codes. Of each row {@code s = scale x + bias}, the codes of
   * {@code e = exp(s - the largest s)}, and the inverse of their sum before they are rounded.
   *
   * @param x rows of {@code columns} scores that do not overlap; overwritten with s
   * @param columns a multiple of {@link #NUMERATORS}
   * @param bias as x, or one row for all; negative infinity for a score that counts for nothing:
   *     its numerator is less than 1e-37
   * @param to takes the codes, from its first row on
   * @param inverses of the sums, each in every element of a row of a panel's width
   */
  void softmax(
      FloatRows x,
      int rows,
      int columns,
      float scale,
      FloatRows bias,
      RowCodes to,
      FloatRows inverses);
}
