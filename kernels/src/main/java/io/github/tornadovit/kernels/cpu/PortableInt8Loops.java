package io.github.tornadovit.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.tornadovit.kernels.program.Weight;
import java.util.Arrays;

/** {@link CodedLoops} of {@link Int8} in plain Java, for every JVM. */
public final class PortableInt8Loops implements CodedLoops {
  private static final int ROWS = 4;
  private static final int BYTE = 0xff;

  private final int width;

  /**
   * Loops of a tile's width.
   *
   * @param width columns, at least 1
   */
  public PortableInt8Loops(int width) {
    this.width = width;
  }

  @Override
  public String description() {
    return "plain Java";
  }

  @Override
  public int tileRows() {
    return ROWS;
  }

  @Override
  public int panelColumns() {
    return width;
  }

  @Override
  public int rowBytes(int columns) {
    return columns;
  }

  @Override
  public void encode(float[] x, int offset, int columns, RowCodes to, int row) {
    Int8.RowScale scale = Int8.RowScale.of(x, offset, columns);
    long start = to.start(row);
    for (int k = 0; k < columns; k++) {
      to.codes().set(JAVA_BYTE, start + k, (byte) scale.code(x[offset + k]));
    }
    to.setEnd(row, scale);
  }

  @Override
  public PanelLayout layout() {
    return PanelLayout.ofWhole(width, 1, 1);
  }

  @Override
  public CodedPanels pack(Weight weight) {
    return Int8Panels.pack(weight, layout());
  }

  @Override
  public void multiplyTile(
      RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
    int[] sums = new int[width];
    byte[] right =
        panels.codes().asSlice(panels.start(panel), panels.panelBytes()).toArray(JAVA_BYTE);
    for (int i = 0; i < rows; i++) {
      Arrays.fill(sums, 0);
      long left = a.start(row + i);
      for (int k = 0; k < panels.groups(); k++) {
        int x = a.codes().get(JAVA_BYTE, left + k) & BYTE;
        add(sums, x, right, k * width);
      }
      finish(
          sums, a.ends(), (row + i) * RowCodes.END, ends, panels.ends(panel), c.array(), c.at(i));
    }
  }

  private void add(int[] sums, int x, byte[] panel, int offset) {
    for (int j = 0; j < width; j++) {
      sums[j] += x * panel[offset + j];
    }
  }

  private void finish(
      int[] sums, int[] rows, int row, int[] columns, int column, float[] c, int cOffset) {
    int zero = rows[row];
    float scale = Float.intBitsToFloat(rows[row + 1]);
    for (int j = 0; j < width; j++) {
      float sum = sums[j] - zero * columns[column + j];
      float factor = Float.intBitsToFloat(columns[column + width + j]);
      float bias = Float.intBitsToFloat(columns[column + 2 * width + j]);
      c[cOffset + j] = sum * scale * factor + bias;
    }
  }
}
