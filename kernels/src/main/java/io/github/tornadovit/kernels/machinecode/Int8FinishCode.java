package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static io.github.tornadovit.kernels.machinecode.Register.R8;
import static io.github.tornadovit.kernels.machinecode.Register.RCX;
import static io.github.tornadovit.kernels.machinecode.Register.RDI;
import static io.github.tornadovit.kernels.machinecode.Register.RDX;
import static io.github.tornadovit.kernels.machinecode.Register.RSI;

import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;

/** Code by which int8 sums become results, see {@link io.github.tornadovit.kernels.cpu.Int8}. */
final class Int8FinishCode {
  /** Bytes of what is known of a row. */
  static final int ROW_END = RowCodes.END * Integer.BYTES;

  private Int8FinishCode() {}

  /**
   * Writes {@code void finish(int *c, int *rowEnds, int *columnEnds, long rows, long stride)}: rows
   * of a panel's width, at least one, so many bytes apart, in place, ints before and floats then.
   */
  static void write(Assembler out) {
    int vectors = out.set().panelVectors();
    int bytes = out.set().bytes();
    Label again = new Label();
    out.bind(again);
    for (int vector = 0; vector < vectors; vector++) {
      out.load(new Vector(vector), at(RDI, vector * bytes));
    }
    row(out, 0, vectors, at(RSI, 0), at(RDX, 0), at(RDI, 0));
    out.add(RSI, ROW_END);
    out.add(RDI, R8);
    out.subtract(RCX, 1);
    out.jumpIfNotZero(again);
    out.leave();
  }

  /**
   * Writes what is to be done with a row of sums.
   *
   * @param sums the first register of them
   * @param spares the first of three registers to use
   */
  static void row(
      Assembler out, int sums, int spares, Address rowEnd, Address columnEnds, Address to) {
    int vectors = out.set().panelVectors();
    int bytes = out.set().bytes();
    Vector zero = new Vector(spares);
    Vector scale = new Vector(spares + 1);
    Vector correction = new Vector(spares + 2);
    out.broadcast(zero, rowEnd);
    out.broadcast(scale, rowEnd.plus(Integer.BYTES));
    for (int vector = 0; vector < vectors; vector++) {
      Vector sum = new Vector(sums + vector);
      out.multiplyInts(correction, zero, columnEnds.plus(vector * bytes));
      out.subtractInts(sum, sum, correction);
      out.toFloats(sum, sum);
      out.multiply(sum, sum, scale);
      out.multiply(sum, sum, columnEnds.plus((vectors + vector) * bytes));
      out.add(sum, sum, columnEnds.plus((2 * vectors + vector) * bytes));
      out.store(to.plus(vector * bytes), sum);
    }
  }
}
