package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.program.Epilogue;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Epilogue} as it is applied to finished tiles.
 *
 * @param activation of the sums
 * @param scale per column, padded to whole panels; null for ones
 * @param adds whether y is added to
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record TileEpilogue(Activation activation, float @Nullable [] scale, boolean adds) {

  /** The epilogue of a product of so many columns. */
  static TileEpilogue of(Epilogue epilogue, CpuDevice device, int columns) {
    return switch (epilogue) {
      case Epilogue.Activate(Activation activation) -> new TileEpilogue(activation, null, false);
      case Epilogue.Residual(var scale) ->
          new TileEpilogue(
              Activation.IDENTITY,
              scale == null ? null : device.paddedVector(scale, columns),
              true);
    };
  }

  /** Whether the sums are the result. */
  boolean isNone() {
    return activation == Activation.IDENTITY && !adds;
  }

  /**
   * Applies it to rows of a panel and brings them to their place.
   *
   * @param tiles rows of a panel's width, one after the other; overwritten
   * @param column of y where the panel begins
   * @param y at yOffset the first row and column of the panel
   * @param columns of the panel that y has
   */
  void store(
      InnerLoops loops,
      float[] tiles,
      int offset,
      int rows,
      int column,
      float[] y,
      int yOffset,
      int yStride,
      int columns) {
    if (activation != Activation.IDENTITY) {
      loops.activate(activation, tiles, offset, rows * loops.panelColumns());
    }
    loops.storeRows(tiles, offset, scale, column, 0, adds, y, yOffset, yStride, rows, columns);
  }
}
