package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;

/**
 * The matrix product of coded factors with its epilogue, {@code y = epilogue(a W^T + bias)}, in two
 * passes: each row of a becomes codes, by {@link Smoothing}'s factors where there are some; then
 * block by block as {@link PanelProduct} does, but with the whole depth at once, since codes are
 * small.
 */
public final class CodedProduct {
  private final InnerLoops loops;
  private final CodedLoops coded;
  private final CodedPanels panels;
  private final int depth;
  private final int columns;
  private final int[] ends;
  private final TileEpilogue epilogue;
  private final RowCodes codes;

  /**
   * A product by a weight.
   *
   * @param matrix W {@code [N, K]}, not in float32
   * @param codes where the codes of a wait, shared by the products of a plan
   * @see PanelProduct
   */
  public CodedProduct(
      CpuDevice device, Matrix matrix, @Nullable Weight bias, Epilogue epilogue, RowCodes codes) {
    this.loops = device.loops();
    this.coded = device.coded(matrix.precision());
    this.panels = device.codedPanels(matrix);
    this.depth = matrix.columns();
    this.columns = matrix.rows();
    this.ends = panels.ends(bias == null ? null : device.paddedVector(bias, columns));
    this.epilogue = TileEpilogue.of(epilogue, device, columns);
    this.codes = codes;
  }

  /** The tasks of the product for so many rows on so many threads. */
  public Partition partition(int rows, int threads) {
    int floats = Math.ceilDiv(coded.rowBytes(depth), Float.BYTES);
    int count = Panels.count(columns, coded.panelColumns());
    return Partition.of(rows, floats, count, coded.tileRows(), threads);
  }

  /** Floats of scratch that a row to code, or a block of a partition, needs. */
  public int scratch(Partition partition) {
    int block = Math.multiplyExact(partition.largestRows(), coded.panelColumns());
    return panels.factors() == null ? block : Math.max(block, depth);
  }

  /** Makes room for the codes of so many rows. */
  public void reserve(int rows) {
    codes.reserve(rows, coded.rowBytes(depth));
  }

  /** Codes some rows of a; all must be done before {@link #run}. */
  public void encode(float[] a, int firstRow, int endRow, float[] scratch) {
    float[] factors = panels.factors();
    for (int row = firstRow; row < endRow; row++) {
      if (factors == null) {
        coded.encode(a, row * depth, depth, codes, row);
      } else {
        Smoothing.apply(factors, a, row * depth, scratch);
        coded.encode(scratch, 0, depth, codes, row);
      }
    }
  }

  /**
   * One block: some rows times some panels.
   *
   * @param added to the result of a residual branch, {@code [rows, N]} and maybe y itself; else
   *     null
   * @param y {@code [rows, N]} of all rows
   */
  public void run(
      int firstRow,
      int endRow,
      int firstPanel,
      int endPanel,
      float @Nullable [] added,
      float[] y,
      float[] scratch) {
    int width = coded.panelColumns();
    int rows = endRow - firstRow;
    for (int panel = firstPanel; panel < endPanel; panel++) {
      int column = panel * width;
      int valid = Math.min(width, columns - column);
      coded.multiplyRows(codes, firstRow, rows, panels, panel, ends, scratch, 0);
      FloatRows to = new FloatRows(y, firstRow * columns + column, columns);
      epilogue.store(loops, scratch, 0, rows, column, added, to, valid);
    }
  }
}
