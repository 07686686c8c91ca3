package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static io.github.tornadovit.kernels.machinecode.Register.R10;
import static io.github.tornadovit.kernels.machinecode.Register.R11;
import static io.github.tornadovit.kernels.machinecode.Register.R8;
import static io.github.tornadovit.kernels.machinecode.Register.R9;
import static io.github.tornadovit.kernels.machinecode.Register.RAX;
import static io.github.tornadovit.kernels.machinecode.Register.RCX;
import static io.github.tornadovit.kernels.machinecode.Register.RDI;
import static io.github.tornadovit.kernels.machinecode.Register.RDX;
import static io.github.tornadovit.kernels.machinecode.Register.RSI;
import static io.github.tornadovit.kernels.machinecode.Register.RSP;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Address;

/**
 * Code of a column of tiles of a product of coded factors by AMX, {@value #COLUMNS} columns wide.
 * The sums, two rows of one or two tile registers, and what a step multiplies, as many of either
 * factor, fit the eight registers, and each register that is loaded is multiplied twice.
 *
 * <p>As a C function: {@code void tiles(byte *shapes, long aStride, long steps, int *init, long
 * initStride, long width, byte *a, byte *strip, int *c, long cStride, long count, byte *ahead)};
 * strides in bytes, {@code width} that of a row of the strip. Math, for {@code count} tiles one
 * below the other: {@code c[i, j] = init[i, j] + sum over k of a[i, k] strip[k, j]}, in ints or
 * floats; a step is {@value Tile#ROW_BYTES} bytes of every row of a. c may be init. The shapes are
 * those of {@link #shapes}; the registers are released again at the end.
 */
final class AmxTileCode {
  /** Tile registers one above the other in a tile, at most. */
  static final int HEIGHT = 2;

  /** Rows of a whole tile. */
  static final int ROWS = HEIGHT * Tile.ROWS;

  /** Tile registers side by side. */
  private static final int WIDTH = 2;

  /** Columns of a tile. */
  static final int COLUMNS = WIDTH * Tile.ROW_BYTES / Integer.BYTES;

  /** Bytes of a row of the strip. */
  static final int STRIP_BYTES = WIDTH * Tile.ROW_BYTES;

  // Above the return address.
  private static final Address A = at(RSP, 8);
  private static final Address STRIP = at(RSP, 16);
  private static final Address C = at(RSP, 24);
  private static final Address C_STRIDE = at(RSP, 32);
  private static final Address COUNT = at(RSP, 40);
  private static final Address AHEAD = at(RSP, 48);

  /** Below the stack's end, where a function that calls none may write. */
  private static final Address INIT = at(RSP, -8);

  /** Cache lines that a step fetches of what comes next: in eight tiles, a strip's part. */
  private static final int LINES_AHEAD = 4;

  private final Assembler out;
  private final Precision precision;
  private final int height;

  private AmxTileCode(Assembler out, Precision precision, int height) {
    this.out = out;
    this.precision = precision;
    this.height = height;
  }

  /**
   * Writes the function.
   *
   * @param precision INT8 or BF16
   * @param height tile registers one above the other
   */
  static void write(Assembler out, Precision precision, int height) {
    new AmxTileCode(out, precision, height).function();
  }

  /** What {@code ldtilecfg} reads, for a tile of so many rows. */
  static byte[] shapes(int rows) {
    byte[] shapes = new byte[64];
    shapes[0] = 1; // The palette: eight registers of 16 rows of 64 bytes at most.
    for (int row = 0; row < Math.ceilDiv(rows, Tile.ROWS); row++) {
      int here = Math.min(Tile.ROWS, rows - row * Tile.ROWS);
      shape(shapes, left(row), here);
      for (int column = 0; column < WIDTH; column++) {
        shape(shapes, sum(row, column), here);
        shape(shapes, right(column), Tile.ROWS);
      }
    }
    return shapes;
  }

  private static void shape(byte[] shapes, Tile tile, int rows) {
    shapes[16 + 2 * tile.number()] = Tile.ROW_BYTES;
    shapes[48 + tile.number()] = (byte) rows;
  }

  private static Tile sum(int row, int column) {
    return new Tile(row * WIDTH + column);
  }

  private static Tile left(int row) {
    return new Tile(HEIGHT * WIDTH + row);
  }

  private static Tile right(int column) {
    return new Tile(HEIGHT * WIDTH + HEIGHT + column);
  }

  private void function() {
    out.shapeTiles(at(RDI, 0));
    out.load(RDI, AHEAD);
    out.store(INIT, RCX);
    Label again = new Label();
    out.bind(again);
    tile();
    out.load(R11, COUNT);
    out.subtract(R11, 1);
    out.store(COUNT, R11);
    out.jumpIfNotZero(again);
    out.releaseTiles();
    out.leave();
  }

  /** One tile; moves the places of a, init and c to the next. */
  private void tile() {
    out.load(R10, INIT);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < WIDTH; column++) {
        out.loadTile(sum(row, column), at(R10, R8, 1, column * Tile.ROW_BYTES));
      }
      next(R10, R8);
    }
    out.store(INIT, R10);
    out.load(RAX, A);
    out.move(RCX, RAX);
    next(RCX, RSI);
    out.load(R10, STRIP);
    Label again = new Label();
    Label end = new Label();
    out.move(R11, RDX);
    out.test(R11);
    out.jumpIfZero(end);
    out.align(32);
    out.bind(again);
    step();
    out.subtract(R11, 1);
    out.jumpIfNotZero(again);
    out.bind(end);
    out.load(R11, C);
    out.load(RCX, C_STRIDE);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < WIDTH; column++) {
        out.storeTile(at(R11, RCX, 1, column * Tile.ROW_BYTES), sum(row, column));
      }
      next(R11, RCX);
    }
    out.store(C, R11);
    out.load(RAX, A);
    for (int row = 0; row < height; row++) {
      next(RAX, RSI);
    }
    out.store(A, RAX);
  }

  /** Moves a place down by a tile register's rows. */
  private void next(Register place, Register stride) {
    out.address(place, at(place, stride, 8, 0));
    out.address(place, at(place, stride, 8, 0));
  }

  private void step() {
    for (int line = 0; line < LINES_AHEAD; line++) {
      out.prefetch(at(RDI, line * Tile.ROW_BYTES));
    }
    out.add(RDI, LINES_AHEAD * Tile.ROW_BYTES);
    for (int column = 0; column < WIDTH; column++) {
      out.loadTile(right(column), at(R10, R9, 1, column * Tile.ROW_BYTES));
    }
    for (int row = 0; row < height; row++) {
      Register a = row == 0 ? RAX : RCX;
      out.loadTile(left(row), at(a, RSI, 1, 0));
      for (int column = 0; column < WIDTH; column++) {
        if (precision == Precision.INT8) {
          out.addQuads(sum(row, column), left(row), right(column));
        } else {
          out.addBf16Pairs(sum(row, column), left(row), right(column));
        }
      }
      out.add(a, Tile.ROW_BYTES);
    }
    out.add(R10, Tile.ROWS * STRIP_BYTES);
  }
}
