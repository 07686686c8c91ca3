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

import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;

/**
 * Code of one tile of a product.
 *
 * <p>As a C function: {@code void tile(float *a, long aStride, float *panel, long depth, float
 * *init, long initStride, float *c, long cStride, float *ahead)}, strides in bytes. Math: {@code
 * c[i, j] = init[i, j] + sum over k of a[i, k] panel[k, j]}, fused multiply-add in the order of k.
 *
 * <p>Registers: {@code rows x vectors} sums, a row of the panel, and the rest for elements of a.
 * Cost per k: {@code rows x vectors} multiply-adds, {@code vectors} loads and {@code rows}
 * broadcasts; seven more instructions per {@value #UNROLLED} k. A prefetch of an address that does
 * not exist does nothing.
 */
final class TileCode {
  /** Rows of a whole tile. */
  static final int ROWS = 6;

  private static final int UNROLLED = 4;
  private static final int CACHE_LINE = 64;

  private final Assembler out;
  private final int rows;
  private final int vectors;
  private final int bytes;

  private TileCode(Assembler out, int rows) {
    this.out = out;
    this.rows = rows;
    this.vectors = out.set().panelVectors();
    this.bytes = out.set().bytes();
  }

  /** Writes the function for so many rows. */
  static void write(Assembler out, int rows) {
    new TileCode(out, rows).function();
  }

  private void function() {
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        out.load(sum(row, vector), at(R8, vector * bytes));
      }
      out.add(R8, R9);
    }
    // Row 3, so that every row is at most two strides from an address.
    out.address(RAX, at(RSI, RSI, 2, 0));
    out.add(RAX, RDI);

    // The return address lies below the stacked arguments.
    out.load(R8, at(RSP, 24));
    out.move(R10, RCX);
    out.shiftRight(R10, Integer.numberOfTrailingZeros(UNROLLED));
    loop(R10, UNROLLED);
    out.move(R10, RCX);
    out.and(R10, UNROLLED - 1);
    loop(R10, 1);

    out.load(R10, at(RSP, 8));
    out.load(R11, at(RSP, 16));
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        out.store(at(R10, vector * bytes), sum(row, vector));
      }
      out.add(R10, R11);
    }
    out.leave();
  }

  /** Does {@code steps} steps of k as often as the counter says. */
  private void loop(Register counter, int steps) {
    Label again = new Label();
    Label end = new Label();
    out.test(counter);
    out.jumpIfZero(end);
    out.align(32);
    out.bind(again);
    for (int step = 0; step < steps; step++) {
      step(step);
    }
    if (steps == UNROLLED) {
      out.prefetch(at(R8, 0));
      out.add(R8, CACHE_LINE);
    }
    out.add(RDI, steps * Float.BYTES);
    out.add(RAX, steps * Float.BYTES);
    out.add(RDX, steps * vectors * bytes);
    out.subtract(counter, 1);
    out.jumpIfNotZero(again);
    out.bind(end);
  }

  private void step(int step) {
    for (int vector = 0; vector < vectors; vector++) {
      out.load(panel(vector), at(RDX, (step * vectors + vector) * bytes));
    }
    for (int row = 0; row < rows; row++) {
      out.broadcast(left(row), element(row, step * Float.BYTES));
      for (int vector = 0; vector < vectors; vector++) {
        out.multiplyAdd(sum(row, vector), left(row), panel(vector));
      }
    }
  }

  private static Address element(int row, int displacement) {
    Register base = row < 3 ? RDI : RAX;
    return switch (row % 3) {
      case 0 -> at(base, displacement);
      case 1 -> at(base, RSI, 1, displacement);
      default -> at(base, RSI, 2, displacement);
    };
  }

  private Vector sum(int row, int vector) {
    return new Vector(row * vectors + vector);
  }

  private Vector panel(int vector) {
    return new Vector(rows * vectors + vector);
  }

  /** Where an element of a row goes: the registers that are left, in turn. */
  private Vector left(int row) {
    int first = (rows + 1) * vectors;
    return new Vector(first + row % (out.set().registers() - first));
  }
}
