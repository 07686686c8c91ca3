package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Epilogue} as it is applied to finished tiles.
 *
 * @param activation of the sums
 * @param scale per column, padded to whole panels; null for ones
 * @param adds whether the result is added to something
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record TileEpilogue(Activation activation, float @Nullable [] scale, boolean adds) {

  /** The epilogue of a product of so many columns. */
  static TileEpilogue of(Epilogue epilogue, CpuDevice device, int columns) {
    return switch (epilogue) {
      case Epilogue.Activate(Activation activation) -> new TileEpilogue(activation, null, false);
      case Epilogue.Residual(_, Weight scale) ->
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
   * @param added to it, at the same places as y and maybe y itself; null where nothing is
   * @param y from the first row and column of the panel on
   * @param columns of the panel that y has
   */
  @SuppressWarnings("ReferenceEquality") // Whether it is the same array is the question.
  void store(
      InnerLoops loops,
      float[] tiles,
      int offset,
      int rows,
      int column,
      float @Nullable [] added,
      FloatRows y,
      int columns) {
    if (added != null && added != y.array()) {
      for (int row = 0; row < rows; row++) {
        int at = y.at(row);
        System.arraycopy(added, at, y.array(), at, columns);
      }
    }
    activate(loops, tiles, offset, rows);
    FloatRows factors = scale == null ? null : new FloatRows(scale, column, 0);
    loops.storeRows(tiles, offset, factors, adds, y, rows, columns);
  }

  /**
   * The same for an epilogue that adds nothing, and rows that become codes.
   *
   * @param tiles from index 0 on; overwritten
   * @param row the first one's number
   */
  void encode(
      InnerLoops loops, float[] tiles, int rows, RowCoder to, int row, int column, int columns) {
    activate(loops, tiles, 0, rows);
    to.encode(new FloatRows(tiles, 0, loops.panelColumns()), rows, row, column, columns);
  }

  private void activate(InnerLoops loops, float[] tiles, int offset, int rows) {
    if (activation != Activation.IDENTITY) {
      loops.activate(activation, tiles, offset, rows * loops.panelColumns());
    }
  }
}
