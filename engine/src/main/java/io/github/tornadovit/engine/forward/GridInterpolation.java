package io.github.tornadovit.engine.forward;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.Arrays;

/**
 * Vectors on a grid, brought to another grid as {@code torch.nn.functional.interpolate} does it
 * with {@code align_corners=False}, in float32; or by the rule of {@link #geometric}.
 *
 * <p>Of {@code interpolate}, output {@code i} of an axis lies at {@code x = (i + 0.5) in / out -
 * 0.5} of the input. Both axes are weighed alike; what lies outside takes the value at the border.
 * A grid of the same size comes back bit for bit.
 *
 * <p>Multiply-adds are fused where compilers fuse torch's: an unfused {@code x} alone costs 5e-6.
 */
final class GridInterpolation {
  /** Torch's; Pillow's, and torch's with antialiasing, is -0.5. */
  private static final float CUBIC_A = -0.75f;

  private static final float ANTIALIASED_A = -0.5f;

  private final Kernel kernel;

  private GridInterpolation(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Four points a side (Keys 1981), {@code mode="bicubic"}. */
  static GridInterpolation bicubic() {
    return new GridInterpolation(
        (in, out) -> {
          float scale = (float) in / out;
          return new Axis(4, (i, weights) -> cubic(center(i, scale), weights));
        });
  }

  /** Two points a side, {@code mode="bilinear"}. */
  static GridInterpolation bilinear() {
    return new GridInterpolation(
        (in, out) -> {
          float scale = (float) in / out;
          return new Axis(2, (i, weights) -> linear(center(i, scale), weights));
        });
  }

  /**
   * {@code mode="bicubic", antialias=True}: as Pillow resizes images, so that on a smaller grid the
   * kernel is as much wider. Weights beyond the border count for nothing.
   */
  static GridInterpolation antialiasedBicubic() {
    return new GridInterpolation(
        (in, out) -> {
          float scale = (float) in / out;
          float support = scale >= 1 ? 2 * scale : 2;
          return new Axis(
              2 * (int) Math.ceil(support) + 1,
              (i, weights) -> antialiased(i, in, scale, support, weights));
        });
  }

  /**
   * {@code resize_rel_pos_bias_table} of timm 1.0.29, for grids of offsets with that of 0 in the
   * middle: linear between points that lie 1, 1 + q, 1 + q + q^2, … from it, with the q from 1.01
   * to 1.5 by which the last lies where the last output is; beyond them, the value at the border.
   */
  static GridInterpolation geometric() {
    return new GridInterpolation(
        (in, out) -> {
          float[] points = progression(in, out);
          int middle = out / 2;
          return new Axis(2, (i, weights) -> between(points, i - middle, weights));
        });
  }

  private static float[] progression(int in, int out) {
    int half = in / 2;
    int last = out / 2;
    double left = 1.01;
    double right = 1.5;
    double ratio = left;
    while (right - left > 1e-6) {
      ratio = (left + right) / 2;
      if ((1 - Math.pow(ratio, half)) / (1 - ratio) > last) {
        right = ratio;
      } else {
        left = ratio;
      }
    }
    float[] points = new float[2 * half + 1];
    double distance = 1;
    for (int i = 1; i <= half; i++) {
      points[half + i] = (float) distance;
      points[half - i] = (float) -distance;
      distance += Math.pow(ratio, i);
    }
    return points;
  }

  private static int between(float[] points, float x, float[] weights) {
    int right = 0;
    while (right < points.length - 1 && points[right] < x) {
      right++;
    }
    int left = Math.max(right - 1, 0);
    float toLeft = Math.max(x - points[left], 0);
    float toRight = Math.max(points[right] - x, 0);
    weights[1] = toLeft + toRight == 0 ? 1 : toLeft / (toLeft + toRight);
    weights[0] = 1 - weights[1];
    return left == right ? left - 1 : left;
  }

  /** The weights that bring {@code in} points of an axis to {@code out}. */
  private interface Kernel {
    Axis axis(int in, int out);
  }

  /**
   * @param taps how many points make one
   */
  private record Axis(int taps, AxisWeights weights) {}

  /** Writes the weights that make point {@code i}; returns the first point, maybe outside. */
  private interface AxisWeights {
    int of(int i, float[] weights);
  }

  private static float center(int i, float scale) {
    return Math.fma(scale, i + 0.5f, -0.5f);
  }

  private static int cubic(float x, float[] weights) {
    int floor = (int) Math.floor(x);
    float t = x - floor;
    weights[0] = outer(t + 1, CUBIC_A);
    weights[1] = inner(t, CUBIC_A);
    weights[2] = inner(1 - t, CUBIC_A);
    weights[3] = outer(1 - t + 1, CUBIC_A);
    return floor - 1;
  }

  private static int antialiased(int i, int in, float scale, float support, float[] weights) {
    float center = (float) (scale * (i + 0.5));
    float inverse = scale >= 1 ? 1 / scale : 1;
    int first = Math.max((int) (center - support + 0.5), 0);
    int count = Math.clamp(Math.min((int) (center + support + 0.5), in) - first, 0, weights.length);
    Arrays.fill(weights, 0);
    float sum = 0;
    for (int tap = 0; tap < count; tap++) {
      float x = Math.abs((float) ((tap + first - center + 0.5) * inverse));
      weights[tap] = x < 1 ? inner(x, ANTIALIASED_A) : x < 2 ? outer(x, ANTIALIASED_A) : 0;
      sum += weights[tap];
    }
    for (int tap = 0; tap < count; tap++) {
      weights[tap] /= sum;
    }
    return first;
  }

  private static float inner(float x, float a) {
    return Math.fma(Math.fma(a + 2, x, -(a + 3)) * x, x, 1);
  }

  private static float outer(float x, float a) {
    float square = Math.fma(Math.fma(a, x, -5 * a), x, 8 * a);
    return Math.fma(square, x, -4 * a);
  }

  private static int linear(float x, float[] weights) {
    float inside = Math.max(x, 0);
    int floor = (int) inside;
    weights[1] = inside - floor;
    weights[0] = 1 - weights[1];
    return floor;
  }

  /**
   * Interpolates.
   *
   * @param values {@code [from height, from width, D]} from index {@code offset} on
   * @param width D
   * @return {@code [to height, to width, D]}
   */
  float[] apply(float[] values, int offset, Extent from, Extent to, int width) {
    float[] rows = new float[Math.multiplyExact(from.height() * to.width(), width)];
    for (int y = 0; y < from.height(); y++) {
      int source = offset + y * from.width() * width;
      axis(values, source, from.width(), rows, y * to.width() * width, to.width(), width);
    }
    int rowLength = to.width() * width;
    float[] result = new float[Math.multiplyExact(to.height(), rowLength)];
    axis(rows, 0, from.height(), result, 0, to.height(), rowLength);
    return result;
  }

  /** Brings {@code in} vectors of a length to {@code out} of them. */
  private void axis(float[] source, int from, int in, float[] target, int to, int out, int length) {
    Axis axis = kernel.axis(in, out);
    float[] weight = new float[axis.taps()];
    for (int i = 0; i < out; i++) {
      int first = axis.weights().of(i, weight);
      for (int tap = 0; tap < weight.length; tap++) {
        int point = from + Math.clamp(first + tap, 0, in - 1) * length;
        for (int j = 0; j < length; j++) {
          target[to + i * length + j] += weight[tap] * source[point + j];
        }
      }
    }
  }
}
