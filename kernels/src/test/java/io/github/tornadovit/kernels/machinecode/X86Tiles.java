package io.github.tornadovit.kernels.machinecode;

import java.util.Arrays;

/**
 * The tile registers of AMX and their instructions as Intel's manual defines them, rows of 32-bit
 * elements. What a processor would refuse fails.
 */
final class X86Tiles {
  private static final int PALETTE = 1;
  private static final int COLUMNS_AT = 16;
  private static final int ROWS_AT = 48;
  private static final int SHAPES_BYTES = 64;
  private static final int BYTE = 0xff;

  private final X86Memory memory;

  /** Without rows if it has no shape. */
  private final int[][][] tiles = new int[Tile.COUNT][0][];

  /** Registers without shapes. */
  X86Tiles(X86Memory memory) {
    this.memory = memory;
  }

  /** Whether no register has a shape. */
  boolean areReleased() {
    return Arrays.stream(tiles).allMatch(tile -> tile.length == 0);
  }

  /** {@code tilerelease}. */
  void release() {
    Arrays.fill(tiles, new int[0][]);
  }

  /** {@code ldtilecfg}: the palette, the row to begin with, 16 widths of two bytes, 16 heights. */
  void shape(long address) {
    int[] shapes = new int[SHAPES_BYTES];
    for (int i = 0; i < SHAPES_BYTES; i++) {
      int offset = i % Integer.BYTES;
      shapes[i] = memory.loadInt(address + i - offset) >>> (offset * Byte.SIZE) & BYTE;
    }
    expect(shapes[0] == PALETTE, "palette " + shapes[0]);
    for (int tile = 0; tile < Tile.COUNT; tile++) {
      int bytes = shapes[COLUMNS_AT + 2 * tile] | shapes[COLUMNS_AT + 2 * tile + 1] << Byte.SIZE;
      int rows = shapes[ROWS_AT + tile];
      expect(bytes <= Tile.ROW_BYTES && bytes % Integer.BYTES == 0, "rows of " + bytes + " bytes");
      expect(rows <= Tile.ROWS && (rows == 0) == (bytes == 0), rows + " rows");
      tiles[tile] = new int[rows][bytes / Integer.BYTES];
      shapes[COLUMNS_AT + 2 * tile] = 0;
      shapes[COLUMNS_AT + 2 * tile + 1] = 0;
      shapes[ROWS_AT + tile] = 0;
    }
    shapes[0] = 0;
    expect(Arrays.stream(shapes).allMatch(one -> one == 0), "reserved bytes are not 0");
  }

  /** {@code tileloadd}. */
  void load(int tile, long address, long stride) {
    int[][] rows = shaped(tile);
    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < rows[row].length; column++) {
        rows[row][column] = memory.loadInt(address + row * stride + (long) column * Integer.BYTES);
      }
    }
  }

  /** {@code tilestored}. */
  void store(int tile, long address, long stride) {
    int[][] rows = shaped(tile);
    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < rows[row].length; column++) {
        memory.storeInt(address + row * stride + (long) column * Integer.BYTES, rows[row][column]);
      }
    }
  }

  /** {@code tdpbusd}: x of unsigned, y of signed bytes. */
  void quads(int to, int x, int y) {
    int[][] sums = product(to, x, y);
    for (int m = 0; m < sums.length; m++) {
      for (int k = 0; k < tiles[x][m].length; k++) {
        for (int n = 0; n < sums[m].length; n++) {
          float sum = Float.intBitsToFloat(sums[m][n]);
          float left = Float.intBitsToFloat(tiles[x][m][k]);
          float right = Float.intBitsToFloat(tiles[y][k][n]);
          sums[m][n] = Float.floatToRawIntBits(X86Integers.quads(sum, left, right));
        }
      }
    }
  }

  /**
   * {@code tdpbf16ps}: the even and the odd k each summed from 0 on, then both together, then to
   * the destination; what is subnormal counts as zero before and after each operation.
   */
  void bf16Pairs(int to, int x, int y) {
    int[][] sums = product(to, x, y);
    for (int m = 0; m < sums.length; m++) {
      for (int n = 0; n < sums[m].length; n++) {
        float even = 0;
        float odd = 0;
        for (int k = 0; k < tiles[x][m].length; k++) {
          int left = tiles[x][m][k];
          int right = tiles[y][k][n];
          even = flushed(Math.fma(lower(left), lower(right), even));
          odd = flushed(Math.fma(upper(left), upper(right), odd));
        }
        float sum = flushed(Float.intBitsToFloat(sums[m][n])) + flushed(even + odd);
        sums[m][n] = Float.floatToRawIntBits(flushed(sum));
      }
    }
  }

  private static float lower(int pair) {
    return flushed(Float.intBitsToFloat(pair << Short.SIZE));
  }

  private static float upper(int pair) {
    return flushed(Float.intBitsToFloat(pair & 0xffff_0000));
  }

  private static float flushed(float x) {
    return Math.abs(x) < Float.MIN_NORMAL ? Math.copySign(0, x) : x;
  }

  /** The destination of a product, whose shapes fit. */
  private int[][] product(int to, int x, int y) {
    expect(to != x && to != y && x != y, "a register twice");
    int[][] sums = shaped(to);
    int[][] left = shaped(x);
    int[][] right = shaped(y);
    expect(
        sums.length == left.length
            && sums[0].length == right[0].length
            && left[0].length == right.length,
        "shapes do not fit");
    return sums;
  }

  private int[][] shaped(int tile) {
    expect(tiles[tile].length > 0, "register %d has no shape".formatted(tile));
    return tiles[tile];
  }

  private static void expect(boolean right, String otherwise) {
    if (!right) {
      throw new AssertionError(otherwise);
    }
  }
}
