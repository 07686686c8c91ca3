package io.github.tornadovit.kernels.cpu;

/**
 * The rules of int8, float32 arithmetic as IEEE 754 defines it, so that every implementation gives
 * the same integers and the same results.
 *
 * <p>A row x of K activations: {@code lo = min(0, min x)}, {@code hi = max(0, max x)}, {@code range
 * = hi - lo}, {@code scale = range / 255}, {@code inverse = 255 / range}, {@code zero = round(-lo *
 * inverse)}, {@code code = clamp(round(x * inverse) + zero, 0, 255)}; round is to the nearest, ties
 * to even. 0 is code {@code zero} exactly.
 *
 * <p>A row w of K weights, one output: {@code scale = max |w| / 127}, {@code code = round(w * (127
 * / max |w|))}, from -127 to 127.
 *
 * <p>A product: {@code sum = sum over k of x code * w code}, and {@code y = ((float) (sum - zero *
 * sum of w codes) * x scale) * w scale + bias}, the integers exact, the rest rounded after each
 * operation.
 *
 * <p>A row whose range is below {@value #SMALLEST_RANGE} counts as zeros. A row that is not finite,
 * or whose range is not, has the scale NaN and codes of 0, so that its results are NaN: of
 * activations the row of results, of weights the column, and no others.
 *
 * <p>Where something is known of the columns of x, x and w here are those of {@link Smoothing}.
 *
 * <p>Source: Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference, sections 2.1 to 2.3; scales per row and channel, found at run
 * time, as ONNX Runtime's and PyTorch's dynamic quantisation have them.
 */
public final class Int8 {
  /** Below it, 255 / range would be infinite. */
  static final float SMALLEST_RANGE = 0x1p-100f;

  private static final int LARGEST_ACTIVATION = 255;
  private static final int LARGEST_WEIGHT = 127;

  private Int8() {}

  /**
   * How a row of activations is coded.
   *
   * @param scale what one step is worth; 0 for a row of zeros, NaN for one that is not finite
   * @param inverse steps per unit; 0 for those rows
   * @param zero the code of 0
   */
  public record RowScale(float scale, float inverse, int zero) {
    /**
     * From the extremes of a row, both of which include 0.
     *
     * @param finite whether every element is
     */
    public static RowScale of(float lo, float hi, boolean finite) {
      float range = hi - lo;
      if (!finite || !(range <= Float.MAX_VALUE)) {
        return new RowScale(Float.NaN, 0, 0);
      }
      if (range < SMALLEST_RANGE) {
        return new RowScale(0, 0, 0);
      }
      float inverse = LARGEST_ACTIVATION / range;
      return new RowScale(range / LARGEST_ACTIVATION, inverse, (int) Math.rint(-lo * inverse));
    }

    /** Of a row of elements. */
    public static RowScale of(float[] x, int offset, int count) {
      float lo = 0;
      float hi = 0;
      boolean finite = true;
      for (int i = offset; i < offset + count; i++) {
        lo = Math.min(lo, x[i]);
        hi = Math.max(hi, x[i]);
        finite &= Math.abs(x[i]) <= Float.MAX_VALUE;
      }
      return of(lo, hi, finite);
    }

    /** The code of an element of the row, 0 to 255. */
    public int code(float x) {
      return inverse == 0
          ? 0
          : Math.clamp((int) Math.rint(x * inverse) + (long) zero, 0, LARGEST_ACTIVATION);
    }
  }

  /**
   * How a row of weights, one output, is coded.
   *
   * @param scale what one step is worth; 0 for a row of zeros, NaN for one that is not finite
   * @param inverse steps per unit; 0 for those rows
   */
  public record WeightScale(float scale, float inverse) {
    /** Of a row of weights. */
    public static WeightScale of(float[] w, int offset, int count) {
      float largest = 0;
      for (int i = offset; i < offset + count; i++) {
        largest = Math.max(largest, Math.abs(w[i]));
      }
      if (!(largest <= Float.MAX_VALUE)) {
        return new WeightScale(Float.NaN, 0);
      }
      return largest < SMALLEST_RANGE
          ? new WeightScale(0, 0)
          : new WeightScale(largest / LARGEST_WEIGHT, LARGEST_WEIGHT / largest);
    }

    /** The code of a weight of the row, -127 to 127. */
    public byte code(float w) {
      return inverse == 0 ? 0 : (byte) Math.rint(w * inverse);
    }
  }
}
