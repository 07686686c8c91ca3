package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;

/**
 * The matrix product of coded factors with its epilogue, {@code y = epilogue(a W^T + bias)}: each
 * row of a becomes codes, unless a lies so; then block by block as {@link PanelProduct} does, but
 * with the whole depth at once, since codes are small. y is float32, or becomes codes too.
 */
public final class CodedProduct {
  private final InnerLoops loops;
  private final CodedLoops coded;
  private final CodedPanels panels;
  private final int depth;
  private final int columns;
  private final int[] ends;
  private final TileEpilogue epilogue;
  private final @Nullable RowCoder results;
  private final RowCoder coder;

  /**
   * A product by a weight.
   *
   * @param matrix W {@code [N, K]}, not in float32
   * @param codes where the codes of a wait
   * @param results what takes y, in bf16; null for float32
   * @see PanelProduct
   */
  public CodedProduct(
      CpuDevice device,
      Matrix matrix,
      @Nullable Weight bias,
      Epilogue epilogue,
      RowCodes codes,
      @Nullable RowCoder results) {
    this.loops = device.loops();
    this.coded = device.coded(matrix.precision());
    this.panels = device.codedPanels(matrix);
    this.depth = matrix.columns();
    this.columns = matrix.rows();
    this.ends = panels.ends(bias == null ? null : device.paddedVector(bias, columns));
    this.epilogue = TileEpilogue.of(epilogue, device, columns);
    this.coder = new RowCoder(coded, panels.factors(), depth, codes);
    this.results = results;
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
    coder.codes().reserve(rows, coded.rowBytes(depth));
  }

  /** Codes some rows of a; all must be done before {@link #run}. */
  public void encode(float[] a, int firstRow, int endRow, float[] scratch) {
    for (int row = firstRow; row < endRow; row++) {
      coder.encode(a, row * depth, row, scratch);
    }
  }

  /**
   * One block: some rows times some panels.
   *
   * @param added to the result of a residual branch, {@code [rows, N]} and maybe y itself; else
   *     null
   * @param y {@code [rows, N]} of all rows; null where they become codes
   */
  public void run(
      int firstRow,
      int endRow,
      int firstPanel,
      int endPanel,
      float @Nullable [] added,
      float @Nullable [] y,
      float[] scratch) {
    int width = coded.panelColumns();
    int rows = endRow - firstRow;
    FloatRows sums = new FloatRows(scratch, 0, width);
    for (int panel = firstPanel; panel < endPanel; panel++) {
      int column = panel * width;
      int valid = Math.min(width, columns - column);
      coded.multiplyRows(coder.codes(), firstRow, rows, panels, panel, ends, sums);
      if (y != null) {
        FloatRows to = new FloatRows(y, firstRow * columns + column, columns);
        epilogue.store(loops, scratch, 0, rows, column, added, to, valid);
      } else if (results != null) {
        epilogue.encode(loops, scratch, rows, results, firstRow, column, valid);
      }
    }
  }
}
