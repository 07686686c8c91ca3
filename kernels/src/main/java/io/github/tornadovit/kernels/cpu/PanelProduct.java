package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.weights.config.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The matrix product with its epilogue, {@code y = [y +] [scale *] act(a W^T + bias)}, block by
 * block; a task of an operation is one block. Each tile is finished while it is in the first level
 * cache.
 */
public final class PanelProduct {
  private final InnerLoops loops;
  private final float[] panels;
  private final int depth;
  private final int columns;
  private final float[] bias;
  private final Activation activation;
  private final float @Nullable [] scale;
  private final boolean accumulate;

  /**
   * A product by a weight.
   *
   * @param device packs the weight, unless it is packed already
   * @param weight W {@code [N, K]}
   * @param bias of N values, or null for zeros
   * @param activation of the biased product
   * @param scale of N values, or null for ones
   * @param accumulate whether y is added to
   */
  public PanelProduct(
      CpuDevice device,
      Weight weight,
      @Nullable Weight bias,
      Activation activation,
      @Nullable Weight scale,
      boolean accumulate) {
    this.loops = device.loops();
    this.panels = device.panels(weight);
    this.depth = weight.columns();
    this.columns = weight.rows();
    this.bias = device.paddedVector(bias, columns);
    this.activation = activation;
    this.scale = scale == null ? null : device.paddedVector(scale, columns);
    this.accumulate = accumulate;
  }

  /** K, the length of a row of a. */
  public int depth() {
    return depth;
  }

  /** N, the length of a row of y. */
  public int columns() {
    return columns;
  }

  /** The number of panels. */
  public int panelCount() {
    return Panels.count(columns, loops.panelColumns());
  }

  /** Elements of scratch that {@link #run} needs. */
  public int scratch() {
    return loops.tileRows() * loops.panelColumns();
  }

  /**
   * One block: some rows times some panels.
   *
   * @param aStride elements from one row of a to the next
   * @param firstPanel the first panel
   * @param endPanel one past the last panel
   * @param yOffset where the first row of y begins, its column 0
   * @param yStride elements from one row of y to the next
   * @param tile scratch
   * @param tileOffset where the scratch begins
   */
  public void run(
      float[] a,
      int aOffset,
      int aStride,
      int rows,
      int firstPanel,
      int endPanel,
      float[] y,
      int yOffset,
      int yStride,
      float[] tile,
      int tileOffset) {
    int width = loops.panelColumns();
    int height = loops.tileRows();
    for (int panel = firstPanel; panel < endPanel; panel++) {
      int column = panel * width;
      int start = Panels.START + column * depth;
      int valid = Math.min(width, columns - column);
      for (int row = 0; row < rows; row += height) {
        int tileRows = Math.min(height, rows - row);
        loops.multiplyTile(
            a,
            aOffset + row * aStride,
            aStride,
            tileRows,
            panels,
            start,
            depth,
            bias,
            column,
            0,
            tile,
            tileOffset,
            width);
        if (activation != Activation.IDENTITY) {
          loops.activate(activation, tile, tileOffset, tileRows * width);
        }
        for (int i = 0; i < tileRows; i++) {
          int destination = yOffset + (row + i) * yStride + column;
          loops.store(
              tile, tileOffset + i * width, scale, column, accumulate, y, destination, valid);
        }
      }
    }
  }
}
