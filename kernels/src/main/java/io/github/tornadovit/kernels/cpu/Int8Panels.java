package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.program.Weight;

/**
 * Codes a weight by the rules of {@link Int8}. The ends of a column are the sum of its codes, and
 * the bits of its scale.
 */
public final class Int8Panels {
  private static final int ENDS = 2;

  private Int8Panels() {}

  /**
   * Codes the rows of a weight {@code [N, K]}, a byte each.
   *
   * @param width columns of a panel
   * @param group codes of a group
   * @param step the depth is padded to whole steps of so many groups
   */
  public static CodedPanels pack(Weight weight, int width, int group, int step) {
    int groups = Math.ceilDiv(weight.columns(), group * step) * step;
    int panelBytes = Math.multiplyExact(groups * group, width);
    int columns = weight.rows();
    int panels = Panels.count(columns, width);
    byte[] codes =
        new byte[Math.addExact(CodedPanels.START, Math.multiplyExact(panelBytes, panels))];
    int[] ends = new int[ENDS * panels * width];
    float[] rows = new float[Math.min(width, columns) * weight.columns()];
    byte[] row = new byte[weight.columns()];
    for (int panel = 0; panel < panels; panel++) {
      int first = panel * width;
      int count = Math.min(width, columns - first);
      weight.copyRows(first, count, rows, 0);
      for (int j = 0; j < count; j++) {
        Int8.WeightScale scale = Int8.WeightScale.of(rows, j * row.length, row.length);
        int end = ENDS * first + j;
        ends[end] = encode(rows, j * row.length, scale, row);
        ends[end + width] = Float.floatToRawIntBits(scale.scale());
        int start = CodedPanels.START + panel * panelBytes + j * group;
        interleave(row, codes, start, group, width * group);
      }
    }
    return new CodedPanels(codes, groups, panelBytes, width, ends);
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
}
