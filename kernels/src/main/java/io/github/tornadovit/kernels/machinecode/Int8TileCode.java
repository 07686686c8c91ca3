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
 * Code of one tile of an int8 product and of its way back to floats.
 *
 * <p>As a C function: {@code void tile(byte *a, long aStride, byte *panel, long groups, int
 * *rowEnds, int *columnEnds, float *c, byte *ahead)}, the stride in bytes; c is contiguous. Math:
 * {@link io.github.tornadovit.kernels.cpu.Int8}.
 *
 * <p>Registers: {@code rows x vectors} sums of 32 bits, a group of the panel, and at least two
 * more. Cost per group of {@link Int8Form#PAIRS}: {@code rows x vectors} products and as many
 * additions, {@code vectors} loads that widen, {@code rows} broadcasts.
 */
final class Int8TileCode {
  private static final int UNROLLED = 4;
  private static final int CACHE_LINE = 64;

  /** Bytes of a group of a row of a. */
  private static final int GROUP = 4;

  private final Assembler out;
  private final Int8Form form;
  private final int rows;
  private final int vectors;
  private final int bytes;

  private Int8TileCode(Assembler out, Int8Form form, int rows) {
    this.out = out;
    this.form = form;
    this.rows = rows;
    this.vectors = out.set().panelVectors();
    this.bytes = out.set().bytes();
  }

  /** Writes the function for so many rows. */
  static void write(Assembler out, Int8Form form, int rows) {
    new Int8TileCode(out, form, rows).function();
  }

  private void function() {
    for (int sum = 0; sum < rows * vectors; sum++) {
      out.clear(new Vector(sum));
    }
    // Row 3, so that every row is at most two strides from an address.
    out.address(RAX, at(RSI, RSI, 2, 0));
    out.add(RAX, RDI);
    // The return address lies below the stacked arguments.
    out.load(R11, at(RSP, 16));
    out.move(R10, RCX);
    out.shiftRight(R10, Integer.numberOfTrailingZeros(UNROLLED));
    loop(R10, UNROLLED);
    out.move(R10, RCX);
    out.and(R10, UNROLLED - 1);
    loop(R10, 1);
    out.load(R10, at(RSP, 8));
    for (int row = 0; row < rows; row++) {
      finish(row);
    }
    out.leave();
  }

  /** Does {@code steps} groups as often as the counter says. */
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
      out.prefetch(at(R11, 0));
      out.add(R11, CACHE_LINE);
    }
    out.add(RDI, steps * GROUP);
    out.add(RAX, steps * GROUP);
    out.add(RDX, steps * vectors * panelBytes());
    out.subtract(counter, 1);
    out.jumpIfNotZero(again);
    out.bind(end);
  }

  /** Bytes of the panel that become one vector. */
  private int panelBytes() {
    return bytes / form.codeBytes();
  }

  private void step(int step) {
    for (int vector = 0; vector < vectors; vector++) {
      Address from = at(RDX, (step * vectors + vector) * panelBytes());
      switch (form) {
        case QUADS -> out.load(panel(vector), from);
        case PAIRS -> out.widenBytes(panel(vector), from);
      }
    }
    for (int row = 0; row < rows; row++) {
      out.broadcast(left(row), element(row, step * GROUP));
      for (int vector = 0; vector < vectors; vector++) {
        switch (form) {
          case QUADS -> out.addQuads(sum(row, vector), left(row), panel(vector));
          case PAIRS -> {
            out.multiplyPairs(product(), left(row), panel(vector));
            out.addInts(sum(row, vector), sum(row, vector), product());
          }
        }
      }
    }
  }

  /** A row of sums to floats, and to its place. The panel's registers are free by now. */
  private void finish(int row) {
    Vector zero = panel(0);
    Vector scale = panel(1);
    Vector correction = product();
    out.broadcast(zero, at(R8, row * 2 * Integer.BYTES));
    out.broadcast(scale, at(R8, row * 2 * Integer.BYTES + Integer.BYTES));
    for (int vector = 0; vector < vectors; vector++) {
      Vector sum = sum(row, vector);
      out.multiplyInts(correction, zero, at(R9, vector * bytes));
      out.subtractInts(sum, sum, correction);
      out.toFloats(sum, sum);
      out.multiply(sum, sum, scale);
      out.multiply(sum, sum, at(R9, (vectors + vector) * bytes));
      out.add(sum, sum, at(R9, (2 * vectors + vector) * bytes));
      out.store(at(R10, (row * vectors + vector) * bytes), sum);
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

  /** Where a product waits to be added. */
  private Vector product() {
    return new Vector((rows + 1) * vectors);
  }

  /** Where a group of a row goes: the registers that are left, in turn. */
  private Vector left(int row) {
    int first = (rows + 1) * vectors + 1;
    return new Vector(first + row % (out.set().registers() - first));
  }
}
