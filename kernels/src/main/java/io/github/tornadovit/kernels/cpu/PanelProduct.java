package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Weight;
import org.jspecify.annotations.Nullable;

/**
 * The matrix product with its epilogue, {@code y = epilogue(a W^T + bias)}, block by block; a task
 * of an operation is one block. What a block has of a panel is finished at once, while it is in the
 * first level cache.
 */
public final class PanelProduct {
  /**
   * Most of the depth that is worked on at once. With it, six rows of a (18 KiB) stay in the first
   * level cache and a panel in the second; 3072 at once is a fifth slower, 384 no faster.
   */
  private static final int LONGEST_CHUNK = 768;

  private final InnerLoops loops;
  private final float[] panels;
  private final int depth;
  private final int columns;
  private final int chunk;
  private final float[] bias;
  private final TileEpilogue epilogue;

  /**
   * A product by a weight.
   *
   * @param device packs the weight, unless it is packed already
   * @param weight W {@code [N, K]}
   * @param bias of N values, or null for zeros
   * @param epilogue of the biased product
   */
  public PanelProduct(CpuDevice device, Weight weight, @Nullable Weight bias, Epilogue epilogue) {
    this.loops = device.loops();
    this.panels = device.panels(weight);
    this.depth = weight.columns();
    this.columns = weight.rows();
    this.chunk = Math.ceilDiv(depth, Math.ceilDiv(depth, LONGEST_CHUNK));
    this.bias = device.paddedVector(bias, columns);
    this.epilogue = TileEpilogue.of(epilogue, device, columns);
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

  /** The tasks of the product for so many rows on so many threads. */
  public Partition partition(int rows, int threads) {
    return Partition.of(rows, chunk, panelCount(), loops.tileRows(), threads);
  }

  /** Elements of scratch that a block of a partition needs. */
  public int scratch(Partition partition) {
    int tile = loops.tileRows() * loops.panelColumns();
    int tiles =
        chunk == depth ? partition.largestRows() / loops.tileRows() : partition.largestBlock();
    return Math.multiplyExact(tiles, tile);
  }

  /**
   * One block: some rows times some panels.
   *
   * <p>Chunk by chunk of the depth, so that the block's part of a stays in the second level cache
   * while all panels pass; the sums so far wait in the scratch, tile after tile.
   *
   * @param a from the first row on
   * @param firstPanel the first panel
   * @param endPanel one past the last panel
   * @param added to the result of a residual branch, laid out as y and maybe y itself; else null
   * @param y from the first row on, its column 0
   * @param scratch {@link #scratch} elements, from index 0 on
   */
  public void run(
      FloatRows a,
      int rows,
      int firstPanel,
      int endPanel,
      float @Nullable [] added,
      FloatRows y,
      float[] scratch) {
    int width = loops.panelColumns();
    int height = loops.tileRows();
    for (int k = 0; k < depth; k += chunk) {
      int length = Math.min(chunk, depth - k);
      boolean last = k + length == depth;
      int tile = 0;
      for (int panel = firstPanel; panel < endPanel; panel++) {
        if (chunk == depth) {
          tile = 0; // No sums wait: every panel has the scratch for itself.
        }
        int top = tile;
        int column = panel * width;
        int start = Panels.START + column * depth + k * width;
        boolean inPlace = last && epilogue.isNone() && column + width <= columns;
        for (int row = 0; row < rows; row += height) {
          FloatRows sums = new FloatRows(scratch, tile, width);
          int ahead = ahead(start, length, Math.ceilDiv(rows - row, height));
          loops.multiplyTile(
              a.from(row, k),
              Math.min(height, rows - row),
              new PanelPart(panels, start, length, ahead),
              k == 0 ? new FloatRows(bias, column, 0) : sums,
              inPlace ? y.from(row, column) : sums);
          tile += height * width;
        }
        if (last && !inPlace) {
          int valid = Math.min(width, columns - column);
          epilogue.store(loops, scratch, top, rows, column, added, y.from(0, column), valid);
        }
      }
    }
  }

  /**
   * What a tile fetches ahead: the next panel is divided among the last tiles of this one.
   *
   * @param start of the panel's chunk
   * @param left tiles left, this one included
   */
  private int ahead(int start, int length, int left) {
    int share = 4 * length;
    int next = start + depth * loops.panelColumns();
    int offset = length * loops.panelColumns() - left * share;
    return offset < 0 || next + offset > panels.length ? start : next + offset;
  }
}
