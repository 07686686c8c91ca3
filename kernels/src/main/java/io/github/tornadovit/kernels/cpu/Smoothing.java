package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.program.ColumnRanges;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Moves part of the range of activations into the weights, so that a few channels that are far
 * larger than the others do not leave them few of the 256 codes of a row: {@code x W^T = (x g) (W /
 * g)^T} with a factor g per column.
 *
 * <p>{@code g_k = sqrt(max over n of |W_nk| / range of x_k)}, divided by the median of all, to the
 * power of two towards 1, from {@code 2^-15} to {@code 2^15}: then neither product rounds, and
 * where no channel is four times as large as most nothing changes.
 *
 * <p>Source: Xiao et al. 2023, SmoothQuant: Accurate and Efficient Post-Training Quantization for
 * Large Language Models, equation 4 with alpha 0.5; the ranges are those of {@link ColumnRanges}
 * instead of calibration images'.
 */
public final class Smoothing {
  private static final int LARGEST_EXPONENT = 15;

  /**
   * Rows of W, spread evenly, whose largest weights stand for all, unless a column has none there.
   */
  private static final int ROWS = 256;

  private Smoothing() {}

  /** The factors g of a matrix in int8; null where all are 1, or nothing is known of x. */
  public static float @Nullable [] factors(Matrix matrix) {
    ColumnRanges inputs = matrix.inputs();
    if (matrix.precision() != Precision.INT8 || inputs == null) {
      return null;
    }
    float[] ranges = inputs.values();
    float[] largest = largest(matrix.weight(), Math.ceilDiv(matrix.rows(), ROWS));
    if (anyZero(largest)) {
      largest = largest(matrix.weight(), 1); // Its weights may be in the rows between.
    }
    double[] exponents = new double[largest.length];
    for (int k = 0; k < exponents.length; k++) {
      exponents[k] = exponent(largest[k], ranges[k]);
    }
    double[] sorted = exponents.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    float[] factors = new float[exponents.length];
    boolean any = false;
    for (int k = 0; k < factors.length; k++) {
      double exponent = Math.clamp(exponents[k] - median, -LARGEST_EXPONENT, LARGEST_EXPONENT);
      factors[k] = Math.scalb(1f, (int) exponent);
      any |= factors[k] != 1;
    }
    return any ? factors : null;
  }

  /** The exponent of g; a column that counts for nothing gives its range to the others. */
  private static double exponent(float weight, float range) {
    if (!(weight <= Float.MAX_VALUE && range <= Float.MAX_VALUE)) {
      return 0; // Not finite: the rules of Int8 say what becomes of it.
    }
    if (weight == 0) {
      return -Float.MAX_EXPONENT;
    }
    return range == 0 ? Float.MAX_EXPONENT : Math.log((double) weight / range) / (2 * Math.log(2));
  }

  private static boolean anyZero(float[] values) {
    boolean any = false;
    for (float value : values) {
      any |= value == 0;
    }
    return any;
  }

  /** The largest size in each column among every {@code step}th row, NaN where there is one. */
  private static float[] largest(Weight weight, int step) {
    int columns = weight.columns();
    float[] largest = new float[columns];
    float[] row = new float[columns];
    for (int n = 0; n < weight.rows(); n += step) {
      weight.copyRows(n, 1, row, 0);
      for (int column = 0; column < columns; column++) {
        largest[column] = Math.max(largest[column], Math.abs(row[column]));
      }
    }
    return largest;
  }

  /** {@code 1 / g}. */
  static float[] inverse(float[] factors) {
    float[] inverse = new float[factors.length];
    for (int k = 0; k < inverse.length; k++) {
      inverse[k] = 1 / factors[k];
    }
    return inverse;
  }

  /** {@code x g} of one row. */
  static void apply(float[] factors, float[] x, int offset, float[] to) {
    // One index for both arrays: the compiler makes vectors of it whatever they are.
    System.arraycopy(x, offset, to, 0, factors.length);
    for (int k = 0; k < factors.length; k++) {
      to[k] *= factors[k];
    }
  }
}
