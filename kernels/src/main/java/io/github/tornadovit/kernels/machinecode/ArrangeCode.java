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

import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;

/**
 * Code that brings rows of bfloat16 to the order of a right factor, see {@link
 * io.github.tornadovit.kernels.cpu.Bf16Panels}; AVX-512 alone.
 */
final class ArrangeCode {
  /** Ints of a vector, and rows that are transposed at a time. */
  static final int INTS = 16;

  /** Elements of 128 bits, and such parts of a vector. */
  private static final int PARTS = 4;

  // The elements 0 and 1, 2 and 3, 0 and 2, 1 and 3 of both operands.
  private static final int LOW = 0x44;
  private static final int HIGH = 0xee;
  private static final int EVEN = 0x88;
  private static final int ODD = 0xdd;

  private final Assembler out;
  private final int bytes;

  ArrangeCode(Assembler out) {
    this.out = out;
    this.bytes = out.set().bytes();
  }

  /**
   * {@code void transpose(int *rows, long stride, int *to, long toStride, long blocks)}: {@code
   * to[i, j] = rows[j, i]} of {@value #INTS} rows of so many blocks of {@value #INTS} ints; strides
   * in bytes, at least one block.
   */
  void transpose() {
    Label again = new Label();
    out.bind(again);
    block();
    out.add(RDI, bytes);
    out.address(RDX, at(R11, RCX, PARTS, 0));
    out.subtract(R8, 1);
    out.jumpIfNotZero(again);
    out.leave();
  }

  /** Leaves the last four of the block's places in R11. */
  private void block() {
    out.move(R9, RDI);
    out.address(RAX, at(RSI, RSI, 2, 0));
    Vector first = new Vector(INTS);
    for (int row = 0; row < INTS; row += PARTS) {
      for (int pair = 0; pair < PARTS; pair += 2) {
        out.load(first, row(R9, RSI, pair));
        out.interleaveLow(new Vector(row + pair), first, row(R9, RSI, pair + 1));
        out.interleaveHigh(new Vector(row + pair + 1), first, row(R9, RSI, pair + 1));
      }
      out.address(R9, at(R9, RSI, PARTS, 0));
    }
    // Of four rows each, the columns of one remainder by four.
    for (int row = 0; row < INTS; row += PARTS) {
      for (int half = 0; half < 2; half++) {
        Vector x = new Vector(row + half);
        Vector y = new Vector(row + half + 2);
        out.select(column(2 * half, row), x, y, LOW);
        out.select(column(2 * half + 1, row), x, y, HIGH);
      }
    }
    out.address(R9, at(RDX, RCX, PARTS, 0));
    out.address(R10, at(RDX, RCX, 2 * PARTS, 0));
    out.address(R11, at(R10, RCX, PARTS, 0));
    out.address(RAX, at(RCX, RCX, 2, 0));
    for (int column = 0; column < PARTS; column++) {
      for (int half = 0; half < 2; half++) {
        Vector x = column(column, 2 * half * PARTS);
        Vector y = column(column, (2 * half + 1) * PARTS);
        out.select4(new Vector(half), x, y, EVEN);
        out.select4(new Vector(2 + half), x, y, ODD);
      }
      Vector whole = new Vector(PARTS);
      store(RDX, column, whole, 0, EVEN);
      store(R10, column, whole, 0, ODD);
      store(R9, column, whole, 2, EVEN);
      store(R11, column, whole, 2, ODD);
    }
  }

  private void store(Register to, int column, Vector whole, int from, int which) {
    out.select4(whole, new Vector(from), new Vector(from + 1), which);
    out.store(row(to, RCX, column), whole);
  }

  /** Where four rows' part of the columns that leave this remainder is. */
  private static Vector column(int remainder, int row) {
    return new Vector(INTS + remainder * PARTS + row / PARTS);
  }

  /** One of four rows; three strides are in RAX. */
  private static Address row(Register first, Register stride, int number) {
    return switch (number) {
      case 0 -> at(first, 0);
      case 1 -> at(first, stride, 1, 0);
      case 2 -> at(first, stride, 2, 0);
      default -> at(first, RAX, 1, 0);
    };
  }

  /**
   * {@code void interleave(short *rows, long stride, int *to, long toStride, long pairs, long
   * vectors)}: of two rows each, the elements in pairs, the first row's in the lower half; strides
   * in bytes, at least one pair of rows and one vector of pairs.
   */
  void interleave() {
    Vector even = new Vector(0);
    Vector odd = new Vector(1);
    Label pair = new Label();
    out.bind(pair);
    out.and(RAX, 0);
    out.move(R10, R9);
    Label again = new Label();
    out.bind(again);
    out.address(R11, at(RDI, RSI, 1, 0));
    out.widenWords(even, at(RDI, RAX, 1, 0));
    out.widenWords(odd, at(R11, RAX, 1, 0));
    out.shiftIntsLeft(odd, odd, Short.SIZE);
    out.addInts(even, even, odd);
    out.store(at(RDX, RAX, 2, 0), even);
    out.add(RAX, bytes / 2);
    out.subtract(R10, 1);
    out.jumpIfNotZero(again);
    out.address(RDI, at(RDI, RSI, 2, 0));
    out.add(RDX, RCX);
    out.subtract(R8, 1);
    out.jumpIfNotZero(pair);
    out.leave();
  }
}
