package io.github.tornadovit.kernels.machinecode;

/**
 * A tile register of AMX: as many rows of as many bytes as the processor was told.
 *
 * @param number from 0 to 7
 */
record Tile(int number) {
  /** As many as there are. */
  static final int COUNT = 8;

  /** Rows of a whole one. */
  static final int ROWS = 16;

  /** Bytes of a whole row. */
  static final int ROW_BYTES = 64;

  /** Bytes of the shapes of all, which {@code ldtilecfg} reads. */
  static final int SHAPE_BYTES = 64;

  Tile {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException("there is no tile register " + number);
    }
  }

  /**
   * Writes its shape, so many whole rows, among those of all.
   *
   * @param at where the {@value #SHAPE_BYTES} bytes begin
   */
  void shape(byte[] shapes, int at, int rows) {
    shapes[at] = 1; // The palette: eight registers of 16 rows of 64 bytes at most.
    shapes[at + 16 + 2 * number] = ROW_BYTES;
    shapes[at + 48 + number] = (byte) rows;
  }
}
