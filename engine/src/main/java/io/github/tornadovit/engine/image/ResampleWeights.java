package io.github.tornadovit.engine.image;

import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import java.util.Arrays;

/**
 * The weights of a resize along one axis: for each output position the first input position it
 * reads, how many it reads, and their weights in fixed point. Computed as Pillow's {@code
 * precompute_coeffs} and {@code normalize_coeffs_8bpc} do, operation by operation in float64, so
 * the integers are the same.
 */
final class ResampleWeights {
  /** Pillow's {@code PRECISION_BITS}: 32 bits less 8 for the pixel and 2 for overshoot. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  /** What a sum begins with, so that {@link #clip} rounds. */
  static final int ROUND = 1 << (PRECISION_BITS - 1);

  /** {@code [out]}: first input position read. */
  final int[] first;

  /** {@code [out]}: input positions read, at most {@code taps}. */
  final int[] count;

  /** Row length of {@code weights}. */
  final int taps;

  /** {@code [out, taps]} row-major, scaled by 2^{@value #PRECISION_BITS}. */
  final int[] weights;

  private ResampleWeights(int[] first, int[] count, int taps, int[] weights) {
    this.first = first;
    this.count = count;
    this.taps = taps;
    this.weights = weights;
  }

  static ResampleWeights of(int in, int out, Resampling resampling) {
    if (resampling == Resampling.NEAREST) {
      return nearest(in, out);
    }
    double scale = (double) in / out;
    double filterScale = Math.max(scale, 1.0);
    double support = support(resampling) * filterScale;
    double inverse = 1.0 / filterScale;
    int taps = Math.addExact(Math.multiplyExact((int) Math.ceil(support), 2), 1);
    int[] first = new int[out];
    int[] count = new int[out];
    int[] weights = new int[Math.multiplyExact(out, taps)];
    double[] row = new double[taps];
    for (int x = 0; x < out; x++) {
      double center = (x + 0.5) * scale;
      int low = Math.max((int) (center - support + 0.5), 0);
      int high = Math.min((int) (center + support + 0.5), in);
      double sum = 0;
      for (int k = 0; k < high - low; k++) {
        row[k] = filter(resampling, (k + low - center + 0.5) * inverse);
        sum += row[k];
      }
      first[x] = low;
      count[x] = high - low;
      for (int k = 0; k < high - low; k++) {
        double weight = sum != 0 ? row[k] / sum : row[k];
        double scaled = weight * (1 << PRECISION_BITS);
        weights[x * taps + k] = (int) (weight < 0 ? -0.5 + scaled : 0.5 + scaled);
      }
    }
    return new ResampleWeights(first, count, taps, weights);
  }

  /**
   * One position each. The running sum is Pillow's ({@code ImagingScaleAffine}): its rounding
   * differs from {@code (x + 0.5) * scale} at some sizes.
   */
  private static ResampleWeights nearest(int in, int out) {
    int[] first = new int[out];
    int[] ones = new int[out];
    int[] weights = new int[out];
    Arrays.fill(ones, 1);
    Arrays.fill(weights, 1 << PRECISION_BITS);
    double step = (double) in / out;
    double position = step * 0.5;
    for (int i = 0; i < out; i++) {
      first[i] = Math.min((int) position, in - 1);
      position += step;
    }
    return new ResampleWeights(first, ones, 1, weights);
  }

  /** Input positions that any output position reads at most: {@link #taps} of these weights. */
  static int taps(int in, int out, Resampling resampling) {
    if (resampling == Resampling.NEAREST) {
      return 1;
    }
    double scale = Math.max((double) in / out, 1.0);
    return (int) Math.min(Math.ceil(support(resampling) * scale) * 2 + 1, Integer.MAX_VALUE);
  }

  /** The input position behind the last that an output position reads. */
  int end(int out) {
    return first[out] + count[out];
  }

  /** A weighted sum that began with {@link #ROUND}, as 8 bits. */
  static byte clip(int sum) {
    return (byte) Math.clamp(sum >> PRECISION_BITS, 0, 255);
  }

  /**
   * Resizes a line.
   *
   * @param source {@code [in * 3]} from {@code offset} on, interleaved RGB
   * @param line receives {@code [out * 3]}
   */
  void along(byte[] source, int offset, byte[] line) {
    for (int x = 0, target = 0; x < first.length; x++, target += 3) {
      int red = ROUND;
      int green = ROUND;
      int blue = ROUND;
      int from = offset + first[x] * 3;
      int weightAt = x * taps;
      int weightEnd = weightAt + count[x];
      for (; weightAt < weightEnd; weightAt++, from += 3) {
        int weight = weights[weightAt];
        red += (source[from] & 0xFF) * weight;
        green += (source[from + 1] & 0xFF) * weight;
        blue += (source[from + 2] & 0xFF) * weight;
      }
      line[target] = clip(red);
      line[target + 1] = clip(green);
      line[target + 2] = clip(blue);
    }
  }

  /** Half the filter's width, in input pixels at scale 1. */
  private static double support(Resampling resampling) {
    return switch (resampling) {
      case BOX -> 0.5;
      case BILINEAR, HAMMING -> 1;
      case BICUBIC -> 2;
      case LANCZOS -> 3;
      case NEAREST -> throw new IllegalArgumentException("nearest has no weights");
    };
  }

  private static double filter(Resampling resampling, double x) {
    return switch (resampling) {
      case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
      case BILINEAR -> Math.abs(x) < 1 ? 1 - Math.abs(x) : 0;
      case HAMMING -> hamming(Math.abs(x));
      case BICUBIC -> bicubic(Math.abs(x));
      case LANCZOS -> -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
      case NEAREST -> throw new IllegalArgumentException("nearest has no weights");
    };
  }

  private static double hamming(double x) {
    if (x == 0) {
      return 1;
    }
    if (x >= 1) {
      return 0;
    }
    double angle = x * Math.PI;
    // Pillow's constants are float32 literals.
    return StrictMath.sin(angle) / angle * (0.54f + 0.46f * StrictMath.cos(angle));
  }

  private static double bicubic(double x) {
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = x * Math.PI;
    return StrictMath.sin(angle) / angle;
  }
}
