package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;

/**
 * A weight as the right factor of an int8 product: codes in panels of {@code w} columns, in the
 * order in which a tile reads them, the last panel padded with zeros, and the depth to whole groups
 * of {@code g} codes.
 *
 * <p>{@code code(k, n) = codes[START + (n / w) depth w + (k / g) g w + (n % w) g + k % g]}.
 */
public final class Int8Panels {
  /** Index of the first panel: on a cache line, as {@link Panels#START} is. */
  public static final int START = 48;

  /** Ints per column in {@link #ends}. */
  private static final int END = 3;

  private final byte[] codes;
  private final int depth;
  private final int width;
  private final float[] scales;
  private final int[] sums;

  private Int8Panels(byte[] codes, int depth, int width, float[] scales, int[] sums) {
    this.codes = codes;
    this.depth = depth;
    this.width = width;
    this.scales = scales;
    this.sums = sums;
  }

  /** Codes the rows of a weight {@code [N, K]}. */
  public static Int8Panels pack(Weight weight, int width, int group) {
    int depth = Math.ceilDiv(weight.columns(), group) * group;
    int columns = weight.rows();
    int padded = Panels.padded(columns, width);
    byte[] codes = new byte[Math.addExact(START, Math.multiplyExact(depth, padded))];
    float[] scales = new float[padded];
    int[] sums = new int[padded];
    float[] rows = new float[Math.min(width, columns) * weight.columns()];
    byte[] row = new byte[weight.columns()];
    for (int first = 0; first < columns; first += width) {
      int count = Math.min(width, columns - first);
      weight.copyRows(first, count, rows, 0);
      for (int j = 0; j < count; j++) {
        Int8.WeightScale scale = Int8.WeightScale.of(rows, j * row.length, row.length);
        scales[first + j] = scale.scale();
        sums[first + j] = encode(rows, j * row.length, scale, row);
        interleave(row, codes, START + first * depth + j * group, group, width * group);
      }
    }
    return new Int8Panels(codes, depth, width, scales, sums);
  }

  /** Codes a row; gives the sum of its codes. */
  private static int encode(float[] rows, int offset, Int8.WeightScale scale, byte[] row) {
    int sum = 0;
    for (int k = 0; k < row.length; k++) {
      row[k] = scale.code(rows[offset + k]);
      sum += row[k];
    }
    return sum;
  }

  /** {@code panel[start + (k / group) stride + k % group] = row[k]}. */
  private static void interleave(byte[] row, byte[] panel, int start, int group, int stride) {
    int to = start;
    for (int k = 0; k < row.length; k += group) {
      for (int i = k; i < Math.min(row.length, k + group); i++) {
        panel[to + i - k] = row[i];
      }
      to += stride;
    }
  }

  /** The panels, from {@link #START} on; not a copy. */
  public byte[] codes() {
    return codes;
  }

  /** K, padded to whole groups. */
  public int depth() {
    return depth;
  }

  /** Index in {@link #codes} of a panel. */
  public int start(int panel) {
    return START + panel * width * depth;
  }

  /**
   * What the sums of each column become results with: per panel w sums of codes, the bits of w
   * scales, and of w biases.
   *
   * @param bias of the columns, padded; null for zeros
   */
  public int[] ends(float @Nullable [] bias) {
    int[] ends = new int[END * sums.length];
    for (int n = 0; n < sums.length; n++) {
      int at = ends(n / width) + n % width;
      ends[at] = sums[n];
      ends[at + width] = Float.floatToRawIntBits(scales[n]);
      ends[at + 2 * width] = Float.floatToRawIntBits(bias == null ? 0 : bias[n]);
    }
    return ends;
  }

  /** Index in {@link #ends(float[])} of a panel's. */
  public int ends(int panel) {
    return END * width * panel;
  }

  /** Ints of a panel's ends. */
  public int endsLength() {
    return END * width;
  }
}
