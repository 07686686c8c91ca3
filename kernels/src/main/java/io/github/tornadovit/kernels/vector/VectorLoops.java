package io.github.tornadovit.kernels.vector;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import io.github.tornadovit.kernels.cpu.PortableInt8Loops;
import org.jspecify.annotations.Nullable;

/** {@link InnerLoops} with vectors of {@link VectorWidth}. */
final class VectorLoops implements InnerLoops {
  private final String noMachineCode;
  private final CodedLoops int8 = new PortableInt8Loops(VectorWidth.VECTORS * VectorWidth.LANES);

  /**
   * The loops, which have no state.
   *
   * @param noMachineCode why these and not machine code, or empty
   */
  VectorLoops(String noMachineCode) {
    this.noMachineCode = noMachineCode;
  }

  @Override
  public String description() {
    String vectors = VectorWidth.BITS + "-bit vectors";
    return noMachineCode.isEmpty() ? vectors : vectors + ", no machine code: " + noMachineCode;
  }

  @Override
  public CodedLoops int8() {
    return int8;
  }

  @Override
  public int tileRows() {
    return VectorWidth.VECTORS == 4 ? Tile6x4.ROWS : Tile6x2.ROWS;
  }

  @Override
  public int panelColumns() {
    return VectorWidth.VECTORS * VectorWidth.LANES;
  }

  @Override
  public void multiplyTile(FloatRows a, int rows, PanelPart panel, FloatRows init, FloatRows c) {
    if (VectorWidth.VECTORS == 4) {
      Tile6x4.multiply(a, rows, panel, init, c);
    } else {
      Tile6x2.multiply(a, rows, panel, init, c);
    }
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    VectorActivations.apply(activation, x, offset, count);
  }

  @Override
  public void storeRows(
      float[] x,
      int xOffset,
      @Nullable FloatRows scale,
      boolean accumulate,
      FloatRows y,
      int rows,
      int columns) {
    int width = panelColumns();
    for (int i = 0; i < rows; i++) {
      FloatRows factors = scale == null ? null : scale.from(i, 0);
      VectorRows.store(x, xOffset + i * width, factors, accumulate, y.from(i, 0), columns);
    }
  }

  @Override
  public float exponentials(
      float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset) {
    return VectorRows.exponentials(x, offset, count, scale, bias, biasOffset);
  }

  @Override
  public void normalise(
      float[] x,
      int xOffset,
      float[] weight,
      float[] bias,
      float eps,
      float[] y,
      int yOffset,
      int count) {
    VectorRows.normalise(x, xOffset, weight, bias, eps, y, yOffset, count);
  }
}
