package io.github.tornadovit.engine.image.webp;

import java.util.Arrays;

/** Intra prediction of VP8 (RFC 6386, section 12), from samples that no filter has touched yet. */
final class Vp8Predictor {
  static final int DC = 0;
  static final int TRUE_MOTION = 1;
  static final int VERTICAL = 2;
  static final int HORIZONTAL = 3;
  private static final int RIGHT_DOWN = 4;
  private static final int VERTICAL_RIGHT = 5;
  private static final int LEFT_DOWN = 6;
  private static final int VERTICAL_LEFT = 7;
  private static final int HORIZONTAL_DOWN = 8;
  private static final int HORIZONTAL_UP = 9;

  /** Where in the edge the corner stands: left samples upwards before it, above ones after. */
  private static final int CORNER = 4;

  private Vp8Predictor() {}

  /**
   * Predicts a square of 16 (luma) or 8 samples (chroma) at a macroblock.
   *
   * @param size its side in samples
   */
  static void predict(Vp8Plane plane, int column, int row, int size, int mode) {
    int x = column * size;
    int y = row * size;
    switch (mode) {
      case DC -> plane.fill(x, y, size, average(plane, column, row, size));
      case TRUE_MOTION -> trueMotion(plane, x, y, size);
      case VERTICAL -> {
        for (int i = 0; i < size; i++) {
          System.arraycopy(
              plane.samples, plane.index(x, y - 1), plane.samples, plane.index(x, y + i), size);
        }
      }
      default -> {
        for (int i = 0; i < size; i++) {
          int from = plane.index(x, y + i);
          Arrays.fill(plane.samples, from, from + size, plane.samples[from - 1]);
        }
      }
    }
  }

  /** The mean of those edges that lie within the picture, 128 if none does. */
  private static int average(Vp8Plane plane, int column, int row, int size) {
    int sum = 0;
    int count = 0;
    for (int i = 0; i < size && row > 0; i++, count++) {
      sum += plane.get(column * size + i, row * size - 1);
    }
    for (int i = 0; i < size && column > 0; i++, count++) {
      sum += plane.get(column * size - 1, row * size + i);
    }
    return count == 0 ? 128 : (sum + count / 2) / count;
  }

  private static void trueMotion(Vp8Plane plane, int x, int y, int size) {
    int corner = plane.get(x - 1, y - 1);
    for (int j = 0; j < size; j++) {
      int left = plane.get(x - 1, y + j) - corner;
      for (int i = 0; i < size; i++) {
        plane.samples[plane.index(x + i, y + j)] =
            (byte) Math.clamp(left + plane.get(x + i, y - 1), 0, 255);
      }
    }
  }

  /**
   * Predicts a 4x4 block.
   *
   * @param aboveRight {@code [4]} the samples above and right of the block
   */
  static void predictBlock(Vp8Plane plane, int x, int y, int mode, int[] aboveRight) {
    int[] edge = new int[13];
    for (int i = 0; i < 4; i++) {
      edge[CORNER - 1 - i] = plane.get(x - 1, y + i);
      edge[CORNER + 1 + i] = plane.get(x + i, y - 1);
      edge[CORNER + 5 + i] = aboveRight[i];
    }
    edge[CORNER] = plane.get(x - 1, y - 1);
    if (mode == TRUE_MOTION) {
      trueMotion(plane, x, y, 4);
      return;
    }
    for (int j = 0; j < 4; j++) {
      for (int i = 0; i < 4; i++) {
        plane.samples[plane.index(x + i, y + j)] = (byte) sample(mode, edge, i, j);
      }
    }
  }

  private static int sample(int mode, int[] edge, int x, int y) {
    return switch (mode) {
      case DC -> blockAverage(edge);
      case VERTICAL -> three(edge, CORNER + 1 + x);
      case HORIZONTAL -> y < 3 ? three(edge, CORNER - 1 - y) : (edge[1] + 3 * edge[0] + 2) >> 2;
      case RIGHT_DOWN -> three(edge, CORNER + x - y);
      case LEFT_DOWN ->
          x + y < 6 ? three(edge, CORNER + 2 + x + y) : (edge[11] + 3 * edge[12] + 2) >> 2;
      case VERTICAL_RIGHT -> verticalRight(edge, x, y);
      case VERTICAL_LEFT -> verticalLeft(edge, x, y);
      case HORIZONTAL_DOWN -> horizontalDown(edge, x, y);
      case HORIZONTAL_UP -> horizontalUp(edge, x, y);
      default -> throw new IllegalArgumentException("mode " + mode);
    };
  }

  private static int blockAverage(int[] edge) {
    int sum = 4;
    for (int i = 0; i < 4; i++) {
      sum += edge[i] + edge[CORNER + 1 + i];
    }
    return sum >> 3;
  }

  /** A weighted mean of three neighbours on the edge. */
  private static int three(int[] edge, int middle) {
    return (edge[middle - 1] + 2 * edge[middle] + edge[middle + 1] + 2) >> 2;
  }

  /** The mean of two neighbours on the edge. */
  private static int two(int[] edge, int first) {
    return (edge[first] + edge[first + 1] + 1) >> 1;
  }

  private static int verticalRight(int[] edge, int x, int y) {
    int along = 2 * x - y;
    if (along < -1) {
      return three(edge, CORNER + 1 + along);
    }
    int at = CORNER + x - y / 2;
    return along == -1 ? three(edge, CORNER) : (y & 1) == 0 ? two(edge, at) : three(edge, at);
  }

  private static int verticalLeft(int[] edge, int x, int y) {
    if (x == 3 && y >= 2) {
      return three(edge, CORNER + 4 + y);
    }
    int at = CORNER + 1 + x + y / 2;
    return (y & 1) == 0 ? two(edge, at) : three(edge, at + 1);
  }

  private static int horizontalDown(int[] edge, int x, int y) {
    int along = 2 * y - x;
    if (along < 0) {
      return three(edge, CORNER - 1 - along);
    }
    int at = CORNER - y + x / 2;
    return (x & 1) == 0 ? two(edge, at - 1) : three(edge, at);
  }

  private static int horizontalUp(int[] edge, int x, int y) {
    int along = x + 2 * y;
    if (along > 5) {
      return edge[0];
    }
    if (along == 5) {
      return (edge[1] + 3 * edge[0] + 2) >> 2;
    }
    int at = CORNER - 1 - y - x / 2;
    return (x & 1) == 0 ? two(edge, at - 1) : three(edge, at - 1);
  }
}
