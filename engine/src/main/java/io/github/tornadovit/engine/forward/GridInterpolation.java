package io.github.tornadovit.engine.forward;

import io.github.tornadovit.weights.config.VisionConfig.Extent;

/**
 * Vectors on a grid, brought to another grid as {@code torch.nn.functional.interpolate} does it
 * with {@code align_corners=False} and without antialiasing, in float32.
 *
 * <p>Output {@code i} of an axis lies at {@code x = (i + 0.5) in / out - 0.5} of the input. Both
 * axes are weighed alike; what lies outside takes the value at the border. A grid of the same size
 * comes back bit for bit.
 *
 * <p>Multiply-adds are fused where compilers fuse torch's: an unfused {@code x} alone costs 5e-6.
 */
final class GridInterpolation {
  /** Torch's; Pillow's is -0.5. */
  private static final float CUBIC_A = -0.75f;

  private final int taps;
  private final AxisWeights weights;

  private GridInterpolation(int taps, AxisWeights weights) {
    this.taps = taps;
    this.weights = weights;
  }

  /** Four points a side (Keys 1981), {@code mode="bicubic"}. */
  static GridInterpolation bicubic() {
    return new GridInterpolation(4, GridInterpolation::cubic);
  }

  /** Two points a side, {@code mode="bilinear"}. */
  static GridInterpolation bilinear() {
    return new GridInterpolation(2, GridInterpolation::linear);
  }

  /** Writes the weights of the points around {@code x}; returns the first point, maybe outside. */
  private interface AxisWeights {
    int at(float x, float[] weights);
  }

  private static int cubic(float x, float[] weights) {
    int floor = (int) Math.floor(x);
    float t = x - floor;
    weights[0] = outer(t + 1);
    weights[1] = inner(t);
    weights[2] = inner(1 - t);
    weights[3] = outer(1 - t + 1);
    return floor - 1;
  }

  private static float inner(float x) {
    return Math.fma(Math.fma(CUBIC_A + 2, x, -(CUBIC_A + 3)) * x, x, 1);
  }

  private static float outer(float x) {
    float square = Math.fma(Math.fma(CUBIC_A, x, -5 * CUBIC_A), x, 8 * CUBIC_A);
    return Math.fma(square, x, -4 * CUBIC_A);
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
    float scale = (float) in / out;
    float[] weight = new float[taps];
    for (int i = 0; i < out; i++) {
      int first = weights.at(Math.fma(scale, i + 0.5f, -0.5f), weight);
      for (int tap = 0; tap < taps; tap++) {
        int point = from + Math.clamp(first + tap, 0, in - 1) * length;
        for (int j = 0; j < length; j++) {
          target[to + i * length + j] += weight[tap] * source[point + j];
        }
      }
    }
  }
}
