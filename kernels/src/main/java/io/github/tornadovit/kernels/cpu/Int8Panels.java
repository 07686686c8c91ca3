package io.github.tornadovit.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;

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
   * @param layout of groups of a byte per code
   */
  public static CodedPanels pack(Weight weight, PanelLayout layout) {
    int depth = weight.columns();
    int width = layout.width();
    int panelBytes = layout.panelBytes(depth);
    int columns = weight.rows();
    int panels = Panels.count(columns, width);
    MemorySegment codes = CodedPanels.room(panels, panelBytes);
    byte[] packed = new byte[panelBytes];
    int[] ends = new int[ENDS * panels * width];
    float[] rows = new float[Math.min(width, columns) * depth];
    byte[] row = new byte[depth];
    for (int panel = 0; panel < panels; panel++) {
      int first = panel * width;
      int count = Math.min(width, columns - first);
      weight.copyRows(first, count, rows, 0);
      for (int j = 0; j < count; j++) {
        Int8.WeightScale scale = Int8.WeightScale.of(rows, j * row.length, row.length);
        int end = ENDS * first + j;
        ends[end] = encode(rows, j * row.length, scale, row);
        ends[end + width] = Float.floatToRawIntBits(scale.scale());
        interleave(row, packed, layout.column(j, depth), layout.group(), layout.stride());
      }
      MemorySegment.copy(packed, 0, codes, JAVA_BYTE, (long) panel * panelBytes, panelBytes);
    }
    return new CodedPanels(codes, layout.groups(depth), panelBytes, width, ends);
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
