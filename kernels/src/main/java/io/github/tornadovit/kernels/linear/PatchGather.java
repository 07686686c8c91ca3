package io.github.tornadovit.kernels.linear;

/**
 * The patch embedding as a matrix product without im2col: which pixel is element (row, column) of
 * the left operand, and where a row of the product goes.
 *
 * <p>Shapes: pixels {@code [B, C, height, width]}; rows are patches, {@code B P} of them in
 * row-major order, P = (height / patchHeight) (width / patchWidth), rounded down; columns are a
 * patch's {@code k = C patchHeight patchWidth} values in (channel, y, x) order. Row b P + t goes to
 * row b (P + prefix) + prefix + t of the output; prefix rows are not written.
 *
 * <p>With patchHeight = 0 the left operand is a plain row-major matrix. All arguments but row and
 * column are burnt into a kernel, which then holds one of the two forms.
 */
final class PatchGather {
  private PatchGather() {}

  /** Where row {@code row} starts: a row of x, or the corner of a patch in its image. */
  static int rowStart(int row, int k, int patchHeight, int patchWidth, int height, int width) {
    int start = row * k;
    if (patchHeight > 0) {
      int across = width / patchWidth;
      int patches = height / patchHeight * across;
      int image = row / patches;
      int inImage = row - image * patches;
      int down = inImage / across;
      start =
          image * (k / patchHeight / patchWidth) * height * width
              + down * patchHeight * width
              + (inImage - down * across) * patchWidth;
    }
    return start;
  }

  /** How far column {@code column} lies from the start of its row. */
  static int columnOffset(int column, int patchHeight, int patchWidth, int height, int width) {
    int offset = column;
    if (patchHeight > 0) {
      int channel = column / (patchHeight * patchWidth);
      int inPatch = column - channel * patchHeight * patchWidth;
      int down = inPatch / patchWidth;
      offset = (channel * height + down) * width + inPatch - down * patchWidth;
    }
    return offset;
  }

  /** The row of y that row {@code row} of the product goes to. */
  static int outputRow(
      int row, int patchHeight, int patchWidth, int height, int width, int prefix) {
    int out = row;
    if (patchHeight > 0) {
      int patches = height / patchHeight * (width / patchWidth);
      out = row + (row / patches + 1) * prefix;
    }
    return out;
  }
}
