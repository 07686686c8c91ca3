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

import io.github.tornadovit.kernels.cpu.Polynomials.Exp;
import io.github.tornadovit.kernels.cpu.Polynomials.NormalTail;
import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Constant;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;

/**
 * Code of the loops over rows of whole vectors: activation, softmax, layer normalisation, store.
 * Each method writes one function; its C declaration is in the comment, lengths in vectors.
 */
final class RowCode {
  private static final Constant ONE = Constant.of(1);

  /** All bits but the sign. */
  private static final Constant MAGNITUDE = new Constant(0x7fffffff);

  /** Above the stack's end, where a function that calls none may write: the red zone. */
  private static final int RED_ZONE = -64;

  private final Assembler out;
  private final int bytes;

  RowCode(Assembler out) {
    this.out = out;
    this.bytes = out.set().bytes();
  }

  /**
   * {@code void gelu(float *x, long vectors)}, vectors at least 1; in place, see {@link
   * NormalTail}.
   */
  void gelu() {
    Vector x = new Vector(0);
    Vector a = new Vector(1);
    Vector p = new Vector(2);
    Vector one = new Vector(3);
    out.load(one, ONE);
    Label again = new Label();
    out.bind(again);
    out.load(x, at(RDI, 0));
    out.and(a, x, MAGNITUDE);
    out.load(p, Constant.of(NormalTail.C8));
    out.timesPlus(p, a, Constant.of(NormalTail.C7));
    out.timesPlus(p, a, Constant.of(NormalTail.C6));
    out.timesPlus(p, a, Constant.of(NormalTail.C5));
    out.timesPlus(p, a, Constant.of(NormalTail.C4));
    out.timesPlus(p, a, Constant.of(NormalTail.C3));
    out.timesPlus(p, a, Constant.of(NormalTail.C2));
    out.timesPlus(p, a, Constant.of(NormalTail.C1));
    out.timesPlus(p, a, Constant.of(NormalTail.C0));
    out.multiply(p, p, p);
    out.multiply(p, p, p);
    out.multiply(p, p, p);
    out.multiply(p, p, p);
    out.divide(p, one, p);
    out.subtract(a, one, p);
    out.selectBySign(p, x, a, p);
    out.multiply(x, x, p);
    out.store(at(RDI, 0), x);
    next(again, RSI, RDI);
    out.leave();
  }

  /**
   * {@code float softmax(float *x, float *bias, long scored, long padded, float scale, float max)}:
   * scales the first vectors of x, adds the bias, replaces all by {@code exp(x - max)}, max the
   * largest of those and of the argument; returns the sum. At least one padded vector.
   */
  void softmax(boolean biased) {
    Vector scale = new Vector(0);
    Vector max = new Vector(1);
    Vector x = new Vector(2);
    out.broadcast(scale, scale);
    out.broadcast(max, max);
    out.move(R10, RDI);
    Label scores = new Label();
    Label scored = new Label();
    out.test(RDX);
    out.jumpIfZero(scored);
    out.bind(scores);
    out.multiply(x, scale, at(R10, 0));
    if (biased) {
      out.add(x, x, at(RSI, 0));
      out.add(RSI, bytes);
    }
    out.store(at(R10, 0), x);
    // In this order NaN is passed over; it becomes NaN below.
    out.max(max, x, max);
    next(scores, RDX, R10);
    out.bind(scored);
    reduceMax(max);
    exponentials(max);
    out.leave();
  }

  /** {@code x = exp(x - max)}, and the sum to vector 0. */
  private void exponentials(Vector max) {
    Vector sum = new Vector(0);
    Vector x = new Vector(2);
    Exponential exponential = new Exponential();
    out.load(sum, Constant.of(0));
    Label again = new Label();
    out.bind(again);
    out.load(x, at(RDI, 0));
    out.subtract(x, x, max);
    Vector e = exponential.of(x);
    out.store(at(RDI, 0), e);
    out.add(sum, sum, e);
    next(again, RCX, RDI);
    reduceSum(sum);
  }

  /** {@code exp(x)} in vectors 3 to 8, see {@link Exp}; x at most 0 or NaN. */
  private final class Exponential {
    private final Vector lowest = new Vector(6);
    private final Vector log2e = new Vector(7);
    private final Vector round = new Vector(8);

    /** Loads what all vectors need. */
    Exponential() {
      out.load(lowest, Constant.of(Exp.LOWEST));
      out.load(log2e, Constant.of(Exp.LOG2_E));
      out.load(round, Constant.of(Exp.ROUND));
    }

    /** Of a vector, which is overwritten. */
    Vector of(Vector x) {
      Vector t = new Vector(3);
      Vector n = new Vector(4);
      Vector p = new Vector(5);
      // In this order NaN stays.
      out.max(x, lowest, x);
      out.load(t, x);
      out.timesPlus(t, log2e, round);
      out.subtract(n, t, round);
      out.multiplySubtract(x, n, Constant.of(Exp.LN2_HIGH));
      out.multiplySubtract(x, n, Constant.of(Exp.LN2_LOW));
      out.load(p, Constant.of(Exp.C7));
      out.timesPlus(p, x, Constant.of(Exp.C6));
      out.timesPlus(p, x, Constant.of(Exp.C5));
      out.timesPlus(p, x, Constant.of(Exp.C4));
      out.timesPlus(p, x, Constant.of(Exp.C3));
      out.timesPlus(p, x, Constant.of(Exp.C2));
      out.multiply(n, x, x);
      out.add(x, x, ONE);
      out.timesPlus(p, n, x);
      // The low bits of t are n; 2^n is multiplied and not added to the bits, to keep NaN.
      out.shiftIntsLeft(t, t, Exp.EXPONENT_SHIFT);
      out.addInts(t, t, ONE);
      out.multiply(p, p, t);
      return p;
    }
  }

  /**
   * {@code void softmaxBf16(float *x, long xStride, float *bias, long biasStride, short *codes,
   * long codesStride, float *inverses, long vectors, long rows, float scale)}, strides in bytes, at
   * least one vector and row; AVX-512 alone. Of each row {@code x = scale x + bias}, the codes of
   * {@code e = exp(x - the largest x)}, and {@code 1 / the sum of e} in each element of as many
   * floats as a panel is wide, row after row.
   *
   * <p>A row is scaled before the exponentials of the row above it: what waits for its largest
   * element waits behind them.
   */
  void softmaxBf16() {
    Address inverses = at(RSP, 8);
    Address vectors = at(RSP, 16);
    Address rows = at(RSP, 24);
    // Below what the reductions use.
    Address here = at(RSP, RED_ZONE - Long.BYTES);
    Vector sum = new Vector(0);
    Vector next = new Vector(1);
    Vector x = new Vector(2);
    Vector scale = new Vector(9);
    Vector spare = new Vector(10);
    Vector max = new Vector(11);
    // How far in a row of codes, which are half as long as floats.
    Register column = RAX;
    int codeBytes = bytes / 2;
    out.broadcast(scale, sum);
    Exponential exponential = new Exponential();
    scale(scale, next, column, vectors);
    Label row = new Label();
    out.bind(row);
    reduceMax(next);
    out.load(max, next);
    out.store(here, RDI);
    Label last = new Label();
    countDown(rows);
    out.jumpIfZero(last);
    out.add(RDI, RSI);
    out.add(RDX, RCX);
    scale(scale, next, column, vectors);
    out.bind(last);

    out.load(R11, here);
    out.load(sum, Constant.of(0));
    out.and(column, 0);
    out.load(R10, vectors);
    Label again = new Label();
    out.bind(again);
    out.load(x, at(R11, column, 2, 0));
    out.subtract(x, x, max);
    Vector e = exponential.of(x);
    out.storeAsBf16(at(R8, column, 1, 0), e, spare);
    out.add(sum, sum, e);
    next(again, R10, column, codeBytes);
    reduceSum(sum);
    out.load(x, ONE);
    out.divide1(sum, x, sum);
    out.broadcast(sum, sum);
    out.load(R11, inverses);
    int width = out.set().panelVectors() * bytes;
    for (int at = 0; at < width; at += bytes) {
      out.store(at(R11, at), sum);
    }
    out.add(R11, width);
    out.store(inverses, R11);
    out.add(R8, R9);
    out.load(R11, rows);
    out.test(R11);
    out.jumpIfNotZero(row);
    out.leave();
  }

  /** {@code x = scale x + bias} of a row, and the largest lane by lane. */
  private void scale(Vector scale, Vector max, Register column, Address vectors) {
    Vector x = new Vector(2);
    Address place = at(RDI, column, 2, 0);
    out.load(max, Constant.of(Float.NEGATIVE_INFINITY));
    out.and(column, 0);
    out.load(R10, vectors);
    Label again = new Label();
    out.bind(again);
    out.multiply(x, scale, place);
    out.add(x, x, at(RDX, column, 2, 0));
    out.store(place, x);
    // In this order NaN is passed over; it becomes NaN below.
    out.max(max, x, max);
    next(again, R10, column, bytes / 2);
  }

  private void countDown(Address count) {
    out.load(R11, count);
    out.subtract(R11, 1);
    out.store(count, R11);
  }

  /**
   * {@code void normalise(float *x, float *weight, float *bias, float *y, long vectors, float
   * count, float eps)}, vectors at least 1, count the number of floats.
   */
  void normalise() {
    Vector count = new Vector(0);
    Vector eps = new Vector(1);
    Vector mean = new Vector(2);
    Vector inverse = new Vector(3);
    Vector x = new Vector(4);
    Vector factor = new Vector(5);

    out.load(mean, Constant.of(0));
    out.move(R10, RDI);
    out.move(R11, R8);
    Label sums = new Label();
    out.bind(sums);
    out.add(mean, mean, at(R10, 0));
    next(sums, R11, R10);
    reduceSum(mean);
    out.divide1(mean, mean, count);
    out.broadcast(mean, mean);

    out.load(inverse, Constant.of(0));
    out.move(R10, RDI);
    out.move(R11, R8);
    Label squares = new Label();
    out.bind(squares);
    out.load(x, at(R10, 0));
    out.subtract(x, x, mean);
    out.multiplyAdd(inverse, x, x);
    next(squares, R11, R10);
    reduceSum(inverse);
    out.divide1(inverse, inverse, count);
    out.add1(inverse, inverse, eps);
    out.squareRoot1(inverse, inverse);
    out.load(x, ONE);
    out.divide1(inverse, x, inverse);
    out.broadcast(inverse, inverse);

    Label again = new Label();
    out.bind(again);
    out.load(x, at(RDI, 0));
    out.load(factor, at(RSI, 0));
    out.subtract(x, x, mean);
    out.multiply(x, x, inverse);
    out.timesPlus(x, factor, at(RDX, 0));
    out.store(at(RCX, 0), x);
    out.add(RSI, bytes);
    out.add(RDX, bytes);
    out.add(RCX, bytes);
    next(again, R8, RDI);
    out.leave();
  }

  /**
   * {@code void store(float *x, float *scale, long scaleStride, float *y, long yStride, long
   * rows)}, strides in bytes, rows of a panel's width, at least 1: {@code y = [y +] [scale] x}.
   */
  void store(boolean scaled, boolean accumulate) {
    Vector x = new Vector(0);
    int vectors = out.set().panelVectors();
    Label again = new Label();
    out.bind(again);
    for (int vector = 0; vector < vectors; vector++) {
      int at = vector * bytes;
      out.load(x, at(RDI, at));
      if (scaled) {
        out.multiply(x, x, at(RSI, at));
      }
      if (accumulate) {
        out.add(x, x, at(RCX, at));
      }
      out.store(at(RCX, at), x);
    }
    out.add(RSI, RDX);
    out.add(RCX, R8);
    out.add(RDI, vectors * bytes);
    out.subtract(R9, 1);
    out.jumpIfNotZero(again);
    out.leave();
  }

  /** On to the next vector, if the counter says that there is one. */
  private void next(Label again, Register counter, Register pointer) {
    next(again, counter, pointer, bytes);
  }

  private void next(Label again, Register counter, Register pointer, int step) {
    out.add(pointer, step);
    out.subtract(counter, 1);
    out.jumpIfNotZero(again);
  }

  /** The sum of all lanes to the lowest, in one fixed order. */
  private void reduceSum(Vector vector) {
    out.store(at(RSP, RED_ZONE), vector);
    out.load4(vector, at(RSP, RED_ZONE));
    for (int part = 16; part < bytes; part += 16) {
      out.add4(vector, vector, at(RSP, RED_ZONE + part));
    }
    out.store4(at(RSP, RED_ZONE), vector);
    for (int lane = 1; lane < 4; lane++) {
      out.add1(vector, vector, at(RSP, RED_ZONE + lane * Float.BYTES));
    }
  }

  /** The largest lane to all. */
  private void reduceMax(Vector vector) {
    out.store(at(RSP, RED_ZONE), vector);
    out.load4(vector, at(RSP, RED_ZONE));
    for (int part = 16; part < bytes; part += 16) {
      out.max4(vector, vector, at(RSP, RED_ZONE + part));
    }
    out.store4(at(RSP, RED_ZONE), vector);
    for (int lane = 1; lane < 4; lane++) {
      out.max1(vector, vector, at(RSP, RED_ZONE + lane * Float.BYTES));
    }
    out.broadcast(vector, vector);
  }
}
