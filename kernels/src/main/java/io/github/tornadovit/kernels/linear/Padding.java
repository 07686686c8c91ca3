package io.github.tornadovit.kernels.linear;

/**
 * How far the packed weights of products are padded with zeros, so that steps and tiles are whole.
 * Kernels ask too: there it is a constant.
 */
final class Padding {
  /** Columns of the widest tile. */
  static final int COLUMNS = 128;

  private Padding() {}

  /** Columns of packed weights for n outputs. */
  static int columns(int n) {
    return up(n, COLUMNS);
  }

  /** A size rounded up to a multiple. */
  static int up(int size, int multiple) {
    return (size + multiple - 1) / multiple * multiple;
  }
}
