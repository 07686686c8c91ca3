package io.github.tornadovit.kernels.launch;

/**
 * What a group of a matrix product owns of the output, and how the sums along k are shared: slices
 * of a group's threads take steps in turn, and parts are groups of their own, whose sums another
 * kernel adds up. Both are added up in order. They keep more warps at work where there are few
 * groups.
 *
 * @param rows below 256
 * @param columns below 256
 * @param slices that a step along k is cut into, below 64
 * @param parts that k is cut into
 */
public record Tile(int rows, int columns, int slices, int parts) {
  private static final int BASE = 256;
  private static final int SLICES = 64;
  private static final int FEW = 8;

  /** A tile whose groups go through all of k. */
  public Tile(int rows, int columns, int slices) {
    this(rows, columns, slices, 1);
  }

  /** All of it as one argument of a kernel. */
  public int code() {
    return ((parts * SLICES + slices) * BASE + rows) * BASE + columns;
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
    return code / (BASE * BASE) % SLICES;
  }

  /** {@link #parts} of a code. */
  public static int parts(int code) {
    return code / (BASE * BASE * SLICES);
  }

  /**
   * Whether each slice has as many steps of so many columns of k as the others, and each part some.
   */
  public boolean cuts(int k, int step) {
    int each = Math.ceilDiv(k, step) / slices;
    return Math.ceilDiv(k, step) % slices == 0 && (parts - 1) * steps(k, step) < each;
  }

  /** Steps of so many columns of k that a slice has in the longest part. */
  public int steps(int k, int step) {
    return Math.ceilDiv(Math.ceilDiv(k, step) / slices, parts);
  }

  /** In the names of kernels: {@code tile_64}, {@code tile_32_slices_4_parts_3}. */
  public String suffix() {
    return "tile_"
        + rows
        + (slices == 1 ? "" : "_slices_" + slices)
        + (parts == 1 ? "" : "_parts_" + parts);
  }

  /**
   * Of a number of rows: where they are fewer than a tile's, a kernel has tests for that, and where
   * a tile has no more than {@value #FEW}, it is another one for each number.
   */
  public String form(int m) {
    String few = m >= rows ? "" : rows > FEW ? ", few rows" : ", %d of %d rows".formatted(m, rows);
    return "tile %d%s%s%s"
        .formatted(
            rows,
            slices == 1 ? "" : " in %d slices".formatted(slices),
            parts == 1 ? "" : " and %d parts".formatted(parts),
            few);
  }
}
