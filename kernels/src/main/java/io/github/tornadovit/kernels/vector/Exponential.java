package io.github.tornadovit.kernels.vector;

import static io.github.tornadovit.kernels.vector.VectorWidth.FLOATS;

import io.github.tornadovit.kernels.cpu.Polynomials.Exp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential function of a vector, see {@link Exp}. Zero below {@link Exp#LOWEST}, infinite
 * above {@link Exp#HIGHEST}. NaN gives NaN.
 */
final class Exponential {
  private static final int ONE = 0x3f800000;

  private Exponential() {}

  /** {@code exp(x)} for any x. */
  static FloatVector exp(FloatVector x) {
    VectorMask<Float> high = x.compare(VectorOperators.GT, Exp.HIGHEST);
    return expUpToHighest(x).blend(Float.POSITIVE_INFINITY, high);
  }

  /** {@code exp(x)} for x that is at most {@link Exp#HIGHEST} or NaN. */
  static FloatVector expUpToHighest(FloatVector x) {
    FloatVector round = FloatVector.broadcast(FLOATS, Exp.ROUND);
    FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, Exp.LOG2_E), round);
    FloatVector n = shifted.sub(round);
    FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -Exp.LN2_HIGH), x);
    r = n.fma(FloatVector.broadcast(FLOATS, -Exp.LN2_LOW), r);
    FloatVector p = FloatVector.broadcast(FLOATS, Exp.C7);
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C6));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C5));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C4));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C3));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C2));
    p = p.fma(r.mul(r), r.add(1f));
    // The low bits of shifted are n; 2^n is multiplied and not added to the bits, to keep NaN.
    IntVector bits =
        shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT).add(ONE);
    VectorMask<Float> low = x.compare(VectorOperators.LT, Exp.LOWEST);
    return p.mul(bits.reinterpretAsFloats()).blend(0f, low);
  }
}
