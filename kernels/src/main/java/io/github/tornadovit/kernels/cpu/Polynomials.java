package io.github.tornadovit.kernels.cpu;

/**
 * The coefficients of the approximations that the CPU executions use, lowest power first.
 *
 * <p>They are shared by the scalar and the vector code, so that both give the same values.
 */
public final class Polynomials {
  private Polynomials() {}

  /**
   * p of {@code Q(x) = 1 / p(x)^16}, where {@code Q(x) = erfc(x / sqrt(2)) / 2} is the upper tail
   * of the normal distribution, x from 0 to infinity. Then {@code gelu(x) = x (1 - Q(x))} for x > 0
   * and {@code x Q(-x)} else: the small tail is computed, never a difference that cancels, and an
   * error of p counts at most 16 x Q(x) {@literal <} 2.8 times. Fitted on [0, 6]; {@code
   * src/main/python/fit_gelu.py} derives the best polynomial and holds these coefficients to it: an
   * error of gelu of 6.7e-8, nearly all of it by their rounding to float32. Computed in float32 at
   * most 3.9e-7 everywhere.
   */
  public static final class NormalTail {
    private NormalTail() {}

    public static final float C0 = 1.0442737f;
    public static final float C1 = 0.052076023f;
    public static final float C2 = 0.022071093f;
    public static final float C3 = 0.0034365726f;
    public static final float C4 = 2.6773678e-5f;
    public static final float C5 = 5.4479875e-5f;
    public static final float C6 = 7.2981193e-6f;
    public static final float C7 = -1.0878704e-6f;
    public static final float C8 = 1.5875695e-7f;
  }

  /**
   * {@code exp(x) = 2^n exp(r)}, n the integer nearest to {@code x / ln 2}, found by adding and
   * subtracting 1.5 2^23, and for {@code exp(r) = 1 + r + r^2 p(r)} the polynomial of Cephes' expf.
   * Relative error below 2e-7.
   */
  public static final class Exp {
    private Exp() {}

    public static final float C2 = 0.5f;
    public static final float C3 = 0.16666666f;
    public static final float C4 = 0.041665796f;
    public static final float C5 = 0.008333452f;
    public static final float C6 = 0.0013981999f;
    public static final float C7 = 0.00019875691f;

    /** Below it the result would be denormal. */
    public static final float LOWEST = -87.3f;

    /** Above it 2^n would overflow. */
    public static final float HIGHEST = 88.37f;

    public static final float ROUND = 12582912f;
    public static final float LOG2_E = 1.442695f;

    /** ln 2 in two parts; the high one has few bits, so that n times it is exact. */
    public static final float LN2_HIGH = 0.6933594f;

    public static final float LN2_LOW = -0.00021219444f;

    /** Where the exponent begins in the bits of a float. */
    public static final int EXPONENT_SHIFT = 23;
  }
}
