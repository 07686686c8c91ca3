package io.github.tornadovit.engine.image.webp;

import java.util.Arrays;

/**
 * One plane of a VP8 frame, whole macroblocks, with the border that prediction reads: a row of 127
 * above, {@value #RIGHT} samples wider than the plane, and a column of 129 on the left.
 */
final class Vp8Plane {
  private static final int RIGHT = 4;

  final byte[] samples;
  final int stride;

  Vp8Plane(int width, int height) {
    stride = 1 + width + RIGHT;
    samples = new byte[Math.multiplyExact(stride, height + 1)];
    Arrays.fill(samples, 0, stride, (byte) 127);
    for (int y = 0; y < height; y++) {
      samples[index(-1, y)] = (byte) 129;
    }
  }

  /** Where a sample stands; {@code x} and {@code y} from -1. */
  int index(int x, int y) {
    return (y + 1) * stride + x + 1;
  }

  int get(int x, int y) {
    return samples[index(x, y)] & 0xFF;
  }

  /** Fills a square. */
  void fill(int x, int y, int size, int level) {
    for (int row = 0; row < size; row++) {
      int from = index(x, y + row);
      Arrays.fill(samples, from, from + size, (byte) level);
    }
  }

  /**
   * Adds the inverse transform (RFC 6386, section 14.4) of 4x4 coefficients to a square.
   *
   * @param coefficients {@code [16]} from {@code offset} on, row-major
   */
  void addTransform(int x, int y, short[] coefficients, int offset) {
    int[] columns = new int[16];
    for (int i = 0; i < 4; i++) {
      int c0 = coefficients[offset + i];
      int c1 = coefficients[offset + 4 + i];
      int c2 = coefficients[offset + 8 + i];
      int c3 = coefficients[offset + 12 + i];
      int even = c0 + c2;
      int odd = c0 - c2;
      int low = sine(c1) - cosine(c3);
      int high = cosine(c1) + sine(c3);
      columns[i * 4] = even + high;
      columns[i * 4 + 1] = odd + low;
      columns[i * 4 + 2] = odd - low;
      columns[i * 4 + 3] = even - high;
    }
    for (int row = 0; row < 4; row++) {
      int even = columns[row] + 4 + columns[8 + row];
      int odd = columns[row] + 4 - columns[8 + row];
      int low = sine(columns[4 + row]) - cosine(columns[12 + row]);
      int high = cosine(columns[4 + row]) + sine(columns[12 + row]);
      int at = index(x, y + row);
      add(at, even + high);
      add(at + 1, odd + low);
      add(at + 2, odd - low);
      add(at + 3, even - high);
    }
  }

  /** {@code a * sqrt(2) * cos(pi / 8)} in fixed point. */
  private static int cosine(int a) {
    return ((a * 20091) >> 16) + a;
  }

  /** {@code a * sqrt(2) * sin(pi / 8)} in fixed point. */
  private static int sine(int a) {
    return (a * 35468) >> 16;
  }

  private void add(int at, int residual) {
    samples[at] = (byte) Math.clamp((samples[at] & 0xFF) + (residual >> 3), 0, 255);
  }
}
