package io.github.tornadovit.engine.image.webp;

import java.util.Arrays;

/**
 * The coefficients of macroblocks from their tokens (RFC 6386, sections 13 and 14.1 to 14.3), in
 * the order of the frame: the context of a token is what stood above and left of it.
 */
final class Vp8Residuals {
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
  private static final int[][] LARGE_CATEGORIES = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };

  private static final int LUMA_AFTER_DC = 0;
  private static final int LUMA_DC = 1;
  private static final int CHROMA = 2;
  private static final int LUMA = 3;

  /** Contexts of a macroblock's side: 4 of luma, 2 of each chroma plane, 1 of luma DC. */
  private static final int SIDE = 9;

  private static final int DC_CONTEXT = 8;

  private final Vp8Header header;
  private final boolean[] above;
  private final boolean[] left = new boolean[SIDE];

  /** {@code [25, 16]}: 16 luma blocks, 4 of each chroma plane, luma DC; row-major. */
  private final short[] coefficients = new short[25 * 16];

  Vp8Residuals(Vp8Header header, int columns) {
    this.header = header;
    this.above = new boolean[Math.multiplyExact(columns, SIDE)];
  }

  /** The coefficients of the macroblock read last: 16 for each of 16 + 4 + 4 blocks. */
  short[] coefficients() {
    return coefficients;
  }

  /** Forgets what stood left, at the start of a row. */
  void startRow() {
    Arrays.fill(left, false);
  }

  /** Passes over a macroblock without tokens. */
  void skip(int column, boolean blockModes) {
    int count = blockModes ? SIDE - 1 : SIDE;
    Arrays.fill(above, column * SIDE, column * SIDE + count, false);
    Arrays.fill(left, 0, count, false);
    Arrays.fill(coefficients, (short) 0);
  }

  /**
   * Reads a macroblock.
   *
   * @param blockModes whether its 4x4 blocks are predicted one by one; else luma DC stands apart
   * @return whether any coefficient is not 0
   */
  boolean read(Vp8BoolReader tokens, int column, int segment, boolean blockModes) {
    Arrays.fill(coefficients, (short) 0);
    int top = column * SIDE;
    int first = 0;
    boolean any = false;
    if (!blockModes) {
      first = 1;
      int last =
          block(tokens, LUMA_DC, top, DC_CONTEXT, DC_CONTEXT, header.steps(segment, 1), 0, 24);
      if (last > 0) {
        any = spreadDc();
      }
    }
    int type = blockModes ? LUMA : LUMA_AFTER_DC;
    for (int i = 0; i < 16; i++) {
      any |= block(tokens, type, top, i % 4, i / 4, header.steps(segment, 0), first, i) > first;
    }
    for (int i = 0; i < 8; i++) {
      int side = 4 + i / 4 * 2;
      int[] steps = header.steps(segment, 2);
      any |= block(tokens, CHROMA, top, side + i % 2, side + i % 4 / 2, steps, 0, 16 + i) > 0;
    }
    return any;
  }

  /** Reads a block and returns the position after its last token; updates the contexts. */
  private int block(
      Vp8BoolReader tokens, int type, int top, int x, int y, int[] steps, int first, int block) {
    int context = (above[top + x] ? 1 : 0) + (left[y] ? 1 : 0);
    int last = tokens(tokens, type, context, steps, first, block * 16);
    above[top + x] = last > first;
    left[y] = last > first;
    return last;
  }

  private int tokens(
      Vp8BoolReader tokens, int type, int startContext, int[] steps, int first, int offset) {
    int context = startContext;
    for (int n = first; n < 16; n++) {
      if (tokens.bit(probability(type, n, context, 0)) == 0) {
        return n;
      }
      while (tokens.bit(probability(type, n, context, 1)) == 0) {
        n++;
        context = 0;
        if (n == 16) {
          return 16;
        }
      }
      int level = 1;
      if (tokens.bit(probability(type, n, context, 2)) != 0) {
        level = largeLevel(tokens, type, n, context);
      }
      context = level == 1 ? 1 : 2;
      int signed = tokens.flag() ? -level : level;
      coefficients[offset + ZIGZAG[n]] = (short) (signed * steps[n > 0 ? 1 : 0]);
    }
    return 16;
  }

  private int probability(int type, int position, int context, int node) {
    return header.tokenProbability(type, BANDS[position], context, node);
  }

  private int largeLevel(Vp8BoolReader tokens, int type, int n, int context) {
    if (tokens.bit(probability(type, n, context, 3)) == 0) {
      if (tokens.bit(probability(type, n, context, 4)) == 0) {
        return 2;
      }
      return 3 + tokens.bit(probability(type, n, context, 5));
    }
    if (tokens.bit(probability(type, n, context, 6)) == 0) {
      if (tokens.bit(probability(type, n, context, 7)) == 0) {
        return 5 + tokens.bit(159);
      }
      int high = tokens.bit(165);
      return 7 + 2 * high + tokens.bit(145);
    }
    int high = tokens.bit(probability(type, n, context, 8));
    int category = 2 * high + tokens.bit(probability(type, n, context, 9 + high));
    int extra = 0;
    for (int chance : LARGE_CATEGORIES[category]) {
      extra = 2 * extra + tokens.bit(chance);
    }
    return 3 + (8 << category) + extra;
  }

  /**
   * The inverse Walsh-Hadamard transform of the luma DC block into the first coefficient of each
   * luma block; returns whether one is not 0.
   */
  private boolean spreadDc() {
    int[] columns = new int[16];
    int from = 24 * 16;
    for (int i = 0; i < 4; i++) {
      int outer = coefficients[from + i] + coefficients[from + 12 + i];
      int inner = coefficients[from + 4 + i] + coefficients[from + 8 + i];
      int innerLess = coefficients[from + 4 + i] - coefficients[from + 8 + i];
      int outerLess = coefficients[from + i] - coefficients[from + 12 + i];
      columns[i] = outer + inner;
      columns[8 + i] = outer - inner;
      columns[4 + i] = outerLess + innerLess;
      columns[12 + i] = outerLess - innerLess;
    }
    boolean any = false;
    for (int i = 0; i < 4; i++) {
      int outer = columns[i * 4] + 3 + columns[i * 4 + 3];
      int inner = columns[i * 4 + 1] + columns[i * 4 + 2];
      int innerLess = columns[i * 4 + 1] - columns[i * 4 + 2];
      int outerLess = columns[i * 4] + 3 - columns[i * 4 + 3];
      int[] row = {outer + inner, outerLess + innerLess, outer - inner, outerLess - innerLess};
      for (int j = 0; j < 4; j++) {
        short dc = (short) (row[j] >> 3);
        coefficients[(i * 4 + j) * 16] = dc;
        any |= dc != 0;
      }
    }
    return any;
  }
}
