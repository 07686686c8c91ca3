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

/**
 * Code of one tile of a product of coded factors by AMX. The panel's columns are done in two
 * halves: then the sums, two rows of one or two tile registers, and what a step multiplies, as many
 * of either factor, fit the eight registers, and each register that is loaded is multiplied twice.
 *
 * <p>As a C function: {@code void tile(byte *shapes, long aStride, long steps, int *init, long
 * initStride, long width, void *a, void *panel, int *c)}, strides and the width, of a row of the
 * panel and of c, in bytes. Math: {@code c[i, j] = init[j] + sum over k of a[i, k] panel[k, j]}, in
 * ints or floats; a step is {@value Tile#ROW_BYTES} bytes of every row of a. The stride of init is
 * 0. The shapes are those of {@link #shapes}; the registers are released again at the end.
 */
final class AmxTileCode {
  /** Tile registers one above the other in a tile, at most. */
  static final int HEIGHT = 2;

  /** Rows of a whole tile. */
  static final int ROWS = HEIGHT * Tile.ROWS;

  /** Tile registers side by side. */
  private static final int WIDTH = 2;

  private final Assembler out;
  private final Precision precision;
  private final int height;
  private final int panelBytes;

  private AmxTileCode(Assembler out, Precision precision, int height) {
    this.out = out;
    this.precision = precision;
    this.height = height;
    this.panelBytes = out.set().bytes() * out.set().panelVectors();
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
    for (int from = 0; from < panelBytes; from += WIDTH * Tile.ROW_BYTES) {
      columns(from);
    }
    out.releaseTiles();
    out.leave();
  }

  /** The columns that begin at a byte of a panel's row. */
  private void columns(int from) {
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < WIDTH; column++) {
        out.loadTile(sum(row, column), at(RCX, R8, 1, from + column * Tile.ROW_BYTES));
      }
    }
    // The return address lies below the stacked arguments.
    out.load(RDI, at(RSP, 8));
    out.load(R10, at(RSP, 16));
    if (height > 1) {
      out.address(RAX, at(RDI, RSI, 8, 0));
      out.address(RAX, at(RAX, RSI, 8, 0));
    }
    Label again = new Label();
    Label end = new Label();
    out.move(R11, RDX);
    out.test(R11);
    out.jumpIfZero(end);
    out.align(32);
    out.bind(again);
    step(from);
    out.subtract(R11, 1);
    out.jumpIfNotZero(again);
    out.bind(end);
    out.load(R11, at(RSP, 24));
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < WIDTH; column++) {
        int to = row * Tile.ROWS * panelBytes + from + column * Tile.ROW_BYTES;
        out.storeTile(at(R11, R9, 1, to), sum(row, column));
      }
    }
  }

  private void step(int from) {
    for (int column = 0; column < WIDTH; column++) {
      out.loadTile(right(column), at(R10, R9, 1, from + column * Tile.ROW_BYTES));
    }
    for (int row = 0; row < height; row++) {
      Register a = row == 0 ? RDI : RAX;
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
    out.add(R10, Tile.ROWS * panelBytes);
  }
}
