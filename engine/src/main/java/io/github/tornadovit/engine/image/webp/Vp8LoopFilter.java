package io.github.tornadovit.engine.image.webp;

/** The loop filter of VP8 (RFC 6386, section 15), run over a frame that is otherwise complete. */
final class Vp8LoopFilter {
  private final Vp8Plane plane;
  private final boolean simple;

  /** Of the difference across the edge. */
  private int edgeLimit;

  /** Of the differences between neighbours on either side. */
  private int innerLimit;

  /** Above it an edge counts as one of the picture and is filtered little. */
  private int varianceLimit;

  Vp8LoopFilter(Vp8Plane plane, boolean simple) {
    this.plane = plane;
    this.simple = simple;
  }

  /**
   * Filters the edges of a macroblock.
   *
   * @param size side of a macroblock in this plane, 16 or 8 samples
   * @param level 1 to 63
   * @param inside whether the edges within the macroblock are filtered too
   */
  void filter(int column, int row, int size, int level, int sharpness, boolean inside) {
    innerLimit = level;
    if (sharpness > 0) {
      innerLimit = Math.min(innerLimit >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
    }
    innerLimit = Math.max(innerLimit, 1);
    varianceLimit = level >= 40 ? 2 : level >= 15 ? 1 : 0;
    int inner = 2 * (2 * level + innerLimit) + 1;
    int outer = inner + 8;
    int start = plane.index(column * size, row * size);
    int stride = plane.stride;
    if (column > 0) {
      edge(start, 1, stride, size, outer, true);
    }
    for (int x = 4; inside && x < size; x += 4) {
      edge(start + x, 1, stride, size, inner, false);
    }
    if (row > 0) {
      edge(start, stride, 1, size, outer, true);
    }
    for (int y = 4; inside && y < size; y += 4) {
      edge(start + y * stride, stride, 1, size, inner, false);
    }
  }

  /**
   * Filters along an edge.
   *
   * @param across from one side of the edge to the other, in samples
   * @param along from one sample on the edge to the next
   */
  private void edge(int start, int across, int along, int size, int limit, boolean outer) {
    edgeLimit = limit;
    for (int i = 0, at = start; i < size; i++, at += along) {
      if (simple) {
        if (edgeIsFlat(at, across)) {
          filterTwo(at, across);
        }
      } else if (edgeIsFlat(at, across) && sidesAreFlat(at, across)) {
        if (variance(at, across)) {
          filterTwo(at, across);
        } else if (outer) {
          filterSix(at, across);
        } else {
          filterFour(at, across);
        }
      }
    }
  }

  private int get(int at) {
    return plane.samples[at] & 0xFF;
  }

  private void put(int at, int level) {
    plane.samples[at] = (byte) Math.clamp(level, 0, 255);
  }

  private int difference(int at, int other) {
    return Math.abs(get(at) - get(other));
  }

  private boolean edgeIsFlat(int at, int across) {
    return 4 * difference(at - across, at) + difference(at - 2 * across, at + across) <= edgeLimit;
  }

  private boolean sidesAreFlat(int at, int across) {
    return difference(at - 4 * across, at - 3 * across) <= innerLimit
        && difference(at - 3 * across, at - 2 * across) <= innerLimit
        && difference(at - 2 * across, at - across) <= innerLimit
        && difference(at + 3 * across, at + 2 * across) <= innerLimit
        && difference(at + 2 * across, at + across) <= innerLimit
        && difference(at + across, at) <= innerLimit;
  }

  private boolean variance(int at, int across) {
    return difference(at - 2 * across, at - across) > varianceLimit
        || difference(at + across, at) > varianceLimit;
  }

  private static int signedByte(int value) {
    return Math.clamp(value, -128, 127);
  }

  private static int sixteenth(int value) {
    return Math.clamp(value >> 3, -16, 15);
  }

  /** Changes one sample on either side. */
  private void filterTwo(int at, int across) {
    int p0 = get(at - across);
    int q0 = get(at);
    int a = 3 * (q0 - p0) + signedByte(get(at - 2 * across) - get(at + across));
    put(at - across, p0 + sixteenth(a + 3));
    put(at, q0 - sixteenth(a + 4));
  }

  /** Changes two samples on either side. */
  private void filterFour(int at, int across) {
    int p0 = get(at - across);
    int q0 = get(at);
    int a = 3 * (q0 - p0);
    int a1 = sixteenth(a + 4);
    int a3 = (a1 + 1) >> 1;
    put(at - 2 * across, get(at - 2 * across) + a3);
    put(at - across, p0 + sixteenth(a + 3));
    put(at, q0 - a1);
    put(at + across, get(at + across) - a3);
  }

  /** Changes three samples on either side. */
  private void filterSix(int at, int across) {
    int p1 = get(at - 2 * across);
    int p0 = get(at - across);
    int q0 = get(at);
    int q1 = get(at + across);
    int a = signedByte(3 * (q0 - p0) + signedByte(p1 - q1));
    int a1 = (27 * a + 63) >> 7;
    int a2 = (18 * a + 63) >> 7;
    int a3 = (9 * a + 63) >> 7;
    put(at - 3 * across, get(at - 3 * across) + a3);
    put(at - 2 * across, p1 + a2);
    put(at - across, p0 + a1);
    put(at, q0 - a1);
    put(at + across, q1 - a2);
    put(at + 2 * across, get(at + 2 * across) - a3);
  }
}
