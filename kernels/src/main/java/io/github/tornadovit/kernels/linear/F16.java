package io.github.tornadovit.kernels.linear;

/**
 * The rules of f16: both factors of a product are rounded to float16, IEEE 754's binary16, to the
 * nearest, ties to even; subnormal numbers stay. A number beyond {@value #MAX} is infinite as a
 * factor, and what it is multiplied with infinite or NaN, which an answer shows.
 *
 * <p>A product: the rounded factors are multiplied exactly and summed in float32, 16 products at a
 * time; the bias, the layer scale and the rest of the epilogue are float32.
 *
 * <p>Source: PTX ISA, {@code mma.sync.m16n8k16} and {@code cvt.rn.f16.f32}.
 */
final class F16 {
  /** The largest number. */
  static final float MAX = 65504;

  private F16() {}

  /** The bits that a number is rounded to, in the lower 16. */
  static int code(float x) {
    return Float.floatToFloat16(x) & 0xffff;
  }

  /** A number rounded. */
  static float round(float x) {
    return Float.float16ToFloat(Float.floatToFloat16(x));
  }
}
