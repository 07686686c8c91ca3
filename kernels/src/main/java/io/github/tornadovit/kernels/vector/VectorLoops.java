package io.github.tornadovit.kernels.vector;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.Int8Loops;
import io.github.tornadovit.kernels.cpu.PortableInt8Loops;
import org.jspecify.annotations.Nullable;

/** {@link InnerLoops} with vectors of {@link VectorWidth}. */
final class VectorLoops implements InnerLoops {
  private final String noMachineCode;
  private final Int8Loops int8 = new PortableInt8Loops(VectorWidth.VECTORS * VectorWidth.LANES);

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
  public Int8Loops int8() {
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
  public void multiplyTile(
      float[] a,
      int aOffset,
      int aStride,
      int rows,
      float[] panels,
      int panelOffset,
      int depth,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride,
      int ahead) {
    if (VectorWidth.VECTORS == 4) {
      Tile6x4.multiply(
          a,
          aOffset,
          aStride,
          rows,
          panels,
          panelOffset,
          depth,
          init,
          initOffset,
          initStride,
          c,
          cOffset,
          cStride);
    } else {
      Tile6x2.multiply(
          a,
          aOffset,
          aStride,
          rows,
          panels,
          panelOffset,
          depth,
          init,
          initOffset,
          initStride,
          c,
          cOffset,
          cStride);
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
      float @Nullable [] scale,
      int scaleOffset,
      int scaleStride,
      boolean accumulate,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int columns) {
    int width = panelColumns();
    for (int i = 0; i < rows; i++) {
      int source = xOffset + i * width;
      int factors = scaleOffset + i * scaleStride;
      VectorRows.store(x, source, scale, factors, accumulate, y, yOffset + i * yStride, columns);
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
