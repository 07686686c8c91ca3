package io.github.tornadovit.kernels.launch;

/**
 * What a group of a matrix product owns of the output, and in how many slices along k: each slice
 * of the group's threads sums up a part of k, the parts are added up in order. Slices keep more
 * warps at work where there are few groups.
 *
 * @param rows below 256
 * @param columns below 256
 * @param slices that a step along k is cut into
 */
public record Tile(int rows, int columns, int slices) {
  private static final int BASE = 256;
  private static final int FEW = 8;

  /** All three as one argument of a kernel. */
  public int code() {
    return (slices * BASE + rows) * BASE + columns;
  }

  /** {@link #rows} of a code. */
  public static int rows(int code) {
    return code / BASE % BASE;
  }

  /** {@link #columns} of a code. */
  public static int columns(int code) {
    return code % BASE;
  }

  /** {@link #slices} of a code. */
  public static int slices(int code) {
    return code / (BASE * BASE);
  }

  /** Whether each slice has as many steps of so many columns of k as the others. */
  public boolean slicesEvenly(int k, int step) {
    return Math.ceilDiv(k, step) % slices == 0;
  }

  /** In the names of kernels: {@code tile_64}, {@code tile_32_slices_4}. */
  public String suffix() {
    return "tile_" + rows + (slices == 1 ? "" : "_slices_" + slices);
  }

  /**
   * Of a number of rows: where they are fewer than a tile's, a kernel has tests for that, and where
   * a tile has no more than {@value #FEW}, it is another one for each number.
   */
  public String form(int m) {
    String few = m >= rows ? "" : rows > FEW ? ", few rows" : ", %d of %d rows".formatted(m, rows);
    return "tile %d%s%s".formatted(rows, slices == 1 ? "" : " in %d slices".formatted(slices), few);
  }
}
