package io.github.tornadovit.kernels.cpu;

/**
 * The tasks of a product: rows split into blocks that stay in a core's cache, and panels split into
 * groups until there are enough tasks for all threads.
 *
 * @param rows rows in all
 * @param tileRows rows of a tile; blocks are whole tiles
 * @param rowBlocks number of row blocks
 * @param panels panels in all
 * @param panelGroups number of panel groups
 */
public record Partition(int rows, int tileRows, int rowBlocks, int panels, int panelGroups) {
  /**
   * Bytes of the left factor in a block. It may be larger than the second level cache: its rows
   * come one after the other and are fetched ahead, while a panel that is read for few rows makes a
   * core wait for memory.
   */
  private static final int BLOCK_BYTES = 640 << 10;

  /** Rows of a block, unless there are fewer: an image of 224 pixels is one block. */
  private static final int BLOCK_ROWS = 197;

  /** Tasks per thread: enough that threads of unequal speed end together. */
  private static final int TASKS_PER_THREAD = 8;

  /** Splits {@code rows x depth} times {@code panels} for so many threads. */
  public static Partition of(int rows, int depth, int panels, int tileRows, int threads) {
    int tiles = Math.ceilDiv(rows, tileRows);
    long rowsOfBytes = BLOCK_BYTES / (4L * depth);
    int tilesPerBlock = (int) Math.max(Math.ceilDiv(BLOCK_ROWS, tileRows), rowsOfBytes / tileRows);
    int rowBlocks = Math.ceilDiv(tiles, tilesPerBlock);
    int wanted = threads == 1 ? 1 : threads * TASKS_PER_THREAD;
    int panelGroups = Math.clamp(Math.ceilDiv(wanted, rowBlocks), 1, panels);
    return new Partition(rows, tileRows, rowBlocks, panels, panelGroups);
  }

  /** Rows of the largest block, rounded up to whole tiles. */
  public int largestRows() {
    return Math.ceilDiv(Math.ceilDiv(rows, tileRows), rowBlocks) * tileRows;
  }

  /** Tiles of the largest task. */
  public int largestBlock() {
    return largestRows() / tileRows * Math.ceilDiv(panels, panelGroups);
  }

  /** The number of tasks. */
  public int tasks() {
    return rowBlocks * panelGroups;
  }

  /** The first row of a task; the first of the task after the last block is the number of rows. */
  public int firstRow(int task) {
    return firstRowOfBlock(task / panelGroups);
  }

  /** One past the last row of a task. */
  public int endRow(int task) {
    return firstRowOfBlock(task / panelGroups + 1);
  }

  /** The first panel of a task. */
  public int firstPanel(int task) {
    return (int) ((long) (task % panelGroups) * panels / panelGroups);
  }

  /** One past the last panel of a task. */
  public int endPanel(int task) {
    return (int) ((long) (task % panelGroups + 1) * panels / panelGroups);
  }

  private int firstRowOfBlock(int block) {
    long tiles = Math.ceilDiv(rows, tileRows);
    return (int) Math.min(rows, tiles * block / rowBlocks * tileRows);
  }
}
