package io.github.tornadovit.kernels.vector;

import static io.github.tornadovit.kernels.vector.VectorWidth.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential function of a vector.
 *
 * <p>Math: {@code exp(x) = 2^n exp(r)} with n the integer nearest to {@code x / ln 2}, found by
 * adding and subtracting 1.5 2^23, and the polynomial of Cephes' expf for r. Relative error below
 * 2e-7. Zero below {@value #LOWEST}, where the result would be denormal; infinite above {@value
 * #HIGHEST}, where 2^n overflows. NaN gives NaN.
 */
final class Exponential {
  private static final float LOWEST = -87.3f;
  private static final float HIGHEST = 88.37f;

  private static final float ROUND = 12582912f;
  private static final float LOG2_E = 1.442695f;
  // ln 2 in two parts; the high one has few bits, so that n times it is exact.
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -0.00021219444f;

  private static final int EXPONENT_SHIFT = 23;
  private static final int ONE = 0x3f800000;

  private Exponential() {}

  /** {@code exp(x)} for any x. */
  static FloatVector exp(FloatVector x) {
    VectorMask<Float> high = x.compare(VectorOperators.GT, HIGHEST);
    return expUpToHighest(x).blend(Float.POSITIVE_INFINITY, high);
  }

  /** {@code exp(x)} for x that is at most {@value #HIGHEST} or NaN. */
  static FloatVector expUpToHighest(FloatVector x) {
    FloatVector round = FloatVector.broadcast(FLOATS, ROUND);
    FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, LOG2_E), round);
    FloatVector n = shifted.sub(round);
    FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), x);
    r = n.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
    FloatVector p = FloatVector.broadcast(FLOATS, 0.00019875691f);
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.0013981999f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.008333452f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.041665796f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.16666666f));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
    p = p.fma(r.mul(r), r.add(1f));
    // The low bits of shifted are n; 2^n is multiplied and not added to the bits, to keep NaN.
    IntVector bits =
        shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT).add(ONE);
    VectorMask<Float> low = x.compare(VectorOperators.LT, LOWEST);
    return p.mul(bits.reinterpretAsFloats()).blend(0f, low);
  }
}
