package io.github.tornadovit.kernels.cpu;

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
    byte[] codes = to.codes();
    int start = row * to.stride();
    for (int k = 0; k < columns; k++) {
      codes[start + k] = (byte) scale.code(x[offset + k]);
    }
    to.setEnd(row, scale);
  }

  @Override
  public CodedPanels pack(Weight weight) {
    return Int8Panels.pack(weight, width, 1, 1);
  }

  @Override
  public void multiplyTile(
      RowCodes a,
      int row,
      int rows,
      CodedPanels panels,
      int panel,
      int[] ends,
      float[] c,
      int cOffset) {
    int[] sums = new int[width];
    for (int i = 0; i < rows; i++) {
      Arrays.fill(sums, 0);
      int left = (row + i) * a.stride();
      for (int k = 0; k < panels.groups(); k++) {
        add(sums, a.codes()[left + k] & BYTE, panels.codes(), panels.start(panel) + k * width);
      }
      finish(
          sums,
          a.ends(),
          (row + i) * RowCodes.END,
          ends,
          panels.ends(panel),
          c,
          cOffset + i * width);
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
