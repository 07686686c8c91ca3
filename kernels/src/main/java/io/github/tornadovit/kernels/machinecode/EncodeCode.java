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
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;

/**
 * Code that codes a row of activations. For int8, first the row's extremes, then, when the caller
 * knows the scale, the codes. Rounding: {@link io.github.tornadovit.kernels.cpu.Int8}, {@link
 * io.github.tornadovit.kernels.cpu.Bf16}.
 */
final class EncodeCode {
  private static final int LARGEST = 255;

  private final Assembler out;
  private final int bytes;

  EncodeCode(Assembler out) {
    this.out = out;
    this.bytes = out.set().bytes();
  }

  /**
   * {@code void range(float *x, long vectors, float *extremes)}: lane by lane the smallest and
   * largest element and 0, and a sum that is NaN if an element was not finite, else 0; a vector
   * each. At least one vector.
   */
  void range() {
    Vector lo = new Vector(0);
    Vector hi = new Vector(1);
    Vector flaw = new Vector(2);
    Vector none = new Vector(3);
    Vector x = new Vector(4);
    out.clear(lo);
    out.clear(hi);
    out.clear(flaw);
    out.clear(none);
    Label again = new Label();
    out.bind(again);
    out.load(x, at(RDI, 0));
    // The second operand if one is NaN: what there was before.
    out.min(lo, x, lo);
    out.max(hi, x, hi);
    out.multiplyAdd(flaw, x, none);
    next(again, RSI, RDI);
    out.store(at(RDX, 0), lo);
    out.store(at(RDX, bytes), hi);
    out.store(at(RDX, 2 * bytes), flaw);
    out.leave();
  }

  /**
   * {@code void codes(float *x, long vectors, int *code, byte *codes)} with two values at code: the
   * inverse of the scale, a float, and the code of 0. At least one vector.
   */
  void codes(Int8Form form) {
    Vector inverse = new Vector(0);
    Vector zero = new Vector(1);
    Vector x = new Vector(2);
    Vector spare = new Vector(3);
    Vector least = new Vector(4);
    Vector most = new Vector(5);
    out.broadcast(inverse, at(RDX, 0));
    out.broadcast(zero, at(RDX, Integer.BYTES));
    out.clear(least);
    out.load(most, new Constant(LARGEST));
    Label again = new Label();
    out.bind(again);
    out.multiply(x, inverse, at(RDI, 0));
    out.toInts(x, x);
    out.addInts(x, x, zero);
    out.maxInts(x, x, least);
    out.minInts(x, x, most);
    switch (form) {
      case PAIRS -> out.storeAsWords(at(RCX, 0), x, spare);
      case QUADS -> out.storeAsBytes(at(RCX, 0), x, spare);
    }
    out.add(RCX, out.set().lanes() * form.codeBytes());
    next(again, RSI, RDI);
    out.leave();
  }

  /**
   * {@code void bf16(float *x, long vectors, short *codes, long rows, long xStride, long
   * codesStride)}: elements rounded to bfloat16; strides in bytes. At least one vector and row.
   */
  void bf16() {
    Vector spare = new Vector(0);
    Label row = new Label();
    out.bind(row);
    out.move(RAX, RSI);
    out.move(R10, RDI);
    out.move(R11, RDX);
    Label again = new Label();
    out.bind(again);
    out.storeAsBf16(at(R11, 0), at(R10, 0), spare);
    out.add(R11, out.set().lanes() * Short.BYTES);
    next(again, RAX, R10);
    out.address(RDI, at(RDI, R8, 1, 0));
    out.address(RDX, at(RDX, R9, 1, 0));
    out.subtract(RCX, 1);
    out.jumpIfNotZero(row);
    out.leave();
  }

  private void next(Label again, Register count, Register pointer) {
    out.add(pointer, bytes);
    out.subtract(count, 1);
    out.jumpIfNotZero(again);
  }
}
