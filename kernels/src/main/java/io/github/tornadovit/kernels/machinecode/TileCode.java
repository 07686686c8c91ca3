package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static io.github.tornadovit.kernels.machinecode.Register.R10;
import static io.github.tornadovit.kernels.machinecode.Register.R11;
import static io.github.tornadovit.kernels.machinecode.Register.RAX;
import static io.github.tornadovit.kernels.machinecode.Register.RCX;
import static io.github.tornadovit.kernels.machinecode.Register.RDI;
import static io.github.tornadovit.kernels.machinecode.Register.RDX;
import static io.github.tornadovit.kernels.machinecode.Register.RSI;

import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;

/**
 * Code of one tile of a product, whatever its factors are: {@code rows x vectors} sums of 32 bits
 * in registers, to which each step adds what four bytes of every row of a and as many of every
 * column of the panel give.
 *
 * <p>All begin as a C function {@code void tile(void *a, long aStride, void *panel, long steps,
 * ...)}, the stride in bytes. A prefetch of an address that does not exist does nothing.
 *
 * <p>Cost per step: {@code vectors} loads of the panel and {@code rows} broadcasts besides the
 * arithmetic; seven more instructions per {@value #UNROLLED} steps.
 */
abstract sealed class TileCode permits FloatTileCode, Int8TileCode {
  /** Rows of a whole tile. */
  static final int ROWS = 6;

  /** Bytes of a row of a that a step takes. */
  static final int STEP_BYTES = 4;

  private static final int UNROLLED = 4;
  private static final int CACHE_LINE = 64;

  final Assembler out;
  final int rows;
  final int vectors;
  final int bytes;

  TileCode(Assembler out, int rows) {
    this.out = out;
    this.rows = rows;
    this.vectors = out.set().panelVectors();
    this.bytes = out.set().bytes();
  }

  /** Bytes of the panel that become one vector. */
  abstract int panelBytes();

  /** Loads a vector of the panel. */
  abstract void loadPanel(Vector to, Address from);

  /** {@code sum(row, v) += left(row) * panel(v)} for all v; left(row) is free thereafter. */
  abstract void multiplyAdd(int row);

  /** Registers behind the panel's that {@link #multiplyAdd} needs. */
  abstract int spares();

  /**
   * All steps.
   *
   * @param ahead where the address of what will be read soon is on the stack
   */
  final void steps(Address ahead) {
    // Row 3, so that every row is at most two strides from an address.
    out.address(RAX, at(RSI, RSI, 2, 0));
    out.add(RAX, RDI);
    out.load(R11, ahead);
    out.move(R10, RCX);
    out.shiftRight(R10, Integer.numberOfTrailingZeros(UNROLLED));
    loop(UNROLLED);
    out.move(R10, RCX);
    out.and(R10, UNROLLED - 1);
    loop(1);
  }

  /** Does {@code steps} steps as often as R10 says. */
  private void loop(int steps) {
    Label again = new Label();
    Label end = new Label();
    out.test(R10);
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
    out.add(RDI, steps * STEP_BYTES);
    out.add(RAX, steps * STEP_BYTES);
    out.add(RDX, steps * vectors * panelBytes());
    out.subtract(R10, 1);
    out.jumpIfNotZero(again);
    out.bind(end);
  }

  private void step(int step) {
    for (int vector = 0; vector < vectors; vector++) {
      loadPanel(panel(vector), at(RDX, (step * vectors + vector) * panelBytes()));
    }
    for (int row = 0; row < rows; row++) {
      out.broadcast(left(row), element(row, step * STEP_BYTES));
      multiplyAdd(row);
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

  final Vector sum(int row, int vector) {
    return new Vector(row * vectors + vector);
  }

  final Vector panel(int vector) {
    return new Vector(rows * vectors + vector);
  }

  /** One of the registers that {@link #multiplyAdd} may use. */
  final Vector spare(int number) {
    return new Vector((rows + 1) * vectors + number);
  }

  /** Where four bytes of a row go: the registers that are left, in turn. */
  final Vector left(int row) {
    int first = (rows + 1) * vectors + spares();
    return new Vector(first + row % (out.set().registers() - first));
  }
}
