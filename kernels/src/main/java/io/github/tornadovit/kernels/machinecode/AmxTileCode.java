package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static io.github.tornadovit.kernels.machinecode.Register.R10;
import static io.github.tornadovit.kernels.machinecode.Register.R11;
import static io.github.tornadovit.kernels.machinecode.Register.R8;
import static io.github.tornadovit.kernels.machinecode.Register.R9;
import static io.github.tornadovit.kernels.machinecode.Register.RAX;
import static io.github.tornadovit.kernels.machinecode.Register.RCX;
import static io.github.tornadovit.kernels.machinecode.Register.RDI;
import static io.github.tornadovit.kernels.machinecode.Register.RDX;
import static io.github.tornadovit.kernels.machinecode.Register.RSI;
import static io.github.tornadovit.kernels.machinecode.Register.RSP;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.machinecode.Encoding.Label;
import io.github.tornadovit.kernels.machinecode.Operand.Address;

/**
 * Code of some rows of a product of coded factors by AMX, panel by panel in strips of {@value
 * #COLUMNS} columns. The sums of a tile, two rows of one or two tile registers, and what a step
 * multiplies, as many of either factor, fit the eight registers, and each register that is loaded
 * is multiplied twice.
 *
 * <p>As a C function: {@code void tiles(byte *shapes, long aStride, long steps, int *init, int
 * *sums, long width, byte *a, byte *strip, int *c, long cStride, long whole, long tall, long low,
 * long chunks, long strips)}; strides in bytes, {@code width} that of a row of a strip and of sums.
 * Math, for each row of tiles one below the other: {@code c[i, j] = init[j] + sum over k of a[i, k]
 * strip[k, j]}, in ints or floats; a step is {@value Tile#ROW_BYTES} bytes of every row of a. The
 * depth is {@code chunks} times {@value #CHUNK} steps and then {@code steps}, 1 to {@value #CHUNK}:
 * each chunk is done for all rows before the next one, because then what it reads of a strip, 16
 * KB, stays in the first level cache; the other order gives half of what the tiles can multiply.
 * Between chunks sums wait in {@code sums}, one row after the other.
 *
 * <p>There are {@code whole} tiles of {@value #ROWS} rows and then a partial one of two registers
 * ({@code tall} is 1), of one ({@code low} is 1), or none; the shapes are those of {@link #shapes}.
 * The registers are released again at the end.
 */
final class AmxTileCode {
  /** Tile registers one above the other in a tile, at most. */
  static final int HEIGHT = 2;

  /** Rows of a whole tile. */
  static final int ROWS = HEIGHT * Tile.ROWS;

  /** Tile registers side by side. */
  private static final int WIDTH = 2;

  /** Columns of a tile. */
  static final int COLUMNS = WIDTH * Tile.ROW_BYTES / Integer.BYTES;

  /** Bytes of a row of the strip. */
  static final int STRIP_BYTES = WIDTH * Tile.ROW_BYTES;

  /** Steps that are done for all rows before the next ones. */
  static final int CHUNK = 8;

  /** Bytes of a step of a strip. */
  private static final int STEP_BYTES = Tile.ROWS * STRIP_BYTES;

  // Above the return address.
  private static final Address A = at(RSP, 8);
  private static final Address STRIP = at(RSP, 16);
  private static final Address C = at(RSP, 24);
  private static final Address C_STRIDE = at(RSP, 32);
  private static final Address WHOLE = at(RSP, 40);
  private static final Address TALL = at(RSP, 48);
  private static final Address LOW = at(RSP, 56);
  private static final Address CHUNKS = at(RSP, 64);
  private static final Address STRIPS = at(RSP, 72);

  // Below the stack's end, where a function that calls none may write.
  private static final Address SHAPES = at(RSP, -8);
  private static final Address SUMS = at(RSP, -16);
  private static final Address INIT = at(RSP, -24);
  private static final Address LAST = at(RSP, -32);
  private static final Address CHUNKS_LEFT = at(RSP, -40);
  private static final Address TILES_LEFT = at(RSP, -48);

  /** Where a chunk begins in the rows of a. */
  private static final Address LEFT = at(RSP, -56);

  // Where the next tile is.
  private static final Address NEXT_A = at(RSP, -64);
  private static final Address NEXT_INIT = at(RSP, -72);
  private static final Address NEXT_C = at(RSP, -80);

  /** Bytes from one row of tiles' results to the next. */
  private static final Address SINK_STRIDE = at(RSP, -88);

  /** Cache lines that a step fetches of what comes next: in eight tiles, a strip's part. */
  private static final int LINES_AHEAD = 4;

  private final Assembler out;
  private final Precision precision;

  private AmxTileCode(Assembler out, Precision precision) {
    this.out = out;
    this.precision = precision;
  }

  /**
   * Writes the function.
   *
   * @param precision INT8 or BF16
   */
  static void write(Assembler out, Precision precision) {
    new AmxTileCode(out, precision).function();
  }

  /** What {@code ldtilecfg} reads: for whole tiles, and for one of so many rows. */
  static byte[] shapes(int rows) {
    byte[] shapes = new byte[2 * Tile.SHAPE_BYTES];
    shape(shapes, 0, ROWS);
    shape(shapes, Tile.SHAPE_BYTES, rows);
    return shapes;
  }

  private static void shape(byte[] shapes, int at, int rows) {
    for (int row = 0; row < Math.ceilDiv(rows, Tile.ROWS); row++) {
      int here = Math.min(Tile.ROWS, rows - row * Tile.ROWS);
      left(row).shape(shapes, at, here);
      for (int column = 0; column < WIDTH; column++) {
        sum(row, column).shape(shapes, at, here);
        right(column).shape(shapes, at, Tile.ROWS);
      }
    }
  }

  private static Tile sum(int row, int column) {
    return new Tile(row * WIDTH + column);
  }

  private static Tile left(int row) {
    return new Tile(HEIGHT * WIDTH + row);
  }

  private static Tile right(int column) {
    return new Tile(HEIGHT * WIDTH + HEIGHT + column);
  }

  private void function() {
    out.store(SHAPES, RDI);
    out.store(LAST, RDX);
    out.store(INIT, RCX);
    out.store(SUMS, R8);
    Label again = new Label();
    out.bind(again);
    strip();
    addTo(INIT, STRIP_BYTES);
    addTo(C, STRIP_BYTES);
    countDown(STRIPS, again);
    out.releaseTiles();
    out.leave();
  }

  /** All rows of a strip; moves the place of the strip to the next. */
  private void strip() {
    copy(LEFT, A);
    out.load(RCX, INIT);
    out.and(R8, 0); // The stride of init: one row for all.
    Label last = new Label();
    out.load(R11, CHUNKS);
    out.test(R11);
    out.jumpIfZero(last);
    out.store(CHUNKS_LEFT, R11);
    Label again = new Label();
    out.bind(again);
    out.load(R11, SUMS);
    out.store(NEXT_C, R11);
    out.store(SINK_STRIDE, R9);
    out.and(RDX, 0);
    out.add(RDX, CHUNK);
    chunk();
    addTo(LEFT, CHUNK * Tile.ROW_BYTES);
    out.load(RCX, SUMS);
    out.move(R8, R9);
    countDown(CHUNKS_LEFT, again);
    out.bind(last);
    copy(NEXT_C, C);
    copy(SINK_STRIDE, C_STRIDE);
    out.load(RDX, LAST);
    chunk();
  }

  /**
   * Some steps of all rows; moves the place of the strip behind them.
   *
   * <p>Holds the steps in RDX, the first row that sums begin with in RCX, from each to the next in
   * R8.
   */
  private void chunk() {
    out.store(NEXT_INIT, RCX);
    copy(NEXT_A, LEFT);
    out.load(RDI, STRIP);
    out.add(RDI, CHUNK * STEP_BYTES);
    tiles(WHOLE, HEIGHT, 0);
    tiles(TALL, HEIGHT, Tile.SHAPE_BYTES);
    tiles(LOW, 1, Tile.SHAPE_BYTES);
    out.store(STRIP, R10);
  }

  /** As many tiles as an argument says, of one shape. */
  private void tiles(Address count, int height, int shape) {
    Label end = new Label();
    out.load(R11, count);
    out.test(R11);
    out.jumpIfZero(end);
    out.store(TILES_LEFT, R11);
    out.load(R11, SHAPES);
    out.shapeTiles(at(R11, shape));
    Label again = new Label();
    out.bind(again);
    tile(height);
    countDown(TILES_LEFT, again);
    out.bind(end);
  }

  /** One tile; moves the places of a, init and c to the next. */
  private void tile(int height) {
    out.load(R10, NEXT_INIT);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < WIDTH; column++) {
        out.loadTile(sum(row, column), at(R10, R8, 1, column * Tile.ROW_BYTES));
      }
      next(R10, R8);
    }
    out.store(NEXT_INIT, R10);
    out.load(RAX, NEXT_A);
    out.move(RCX, RAX);
    next(RCX, RSI);
    out.load(R10, STRIP);
    Label again = new Label();
    out.move(R11, RDX);
    out.align(32);
    out.bind(again);
    step(height);
    out.subtract(R11, 1);
    out.jumpIfNotZero(again);
    out.load(R11, NEXT_C);
    out.load(RCX, SINK_STRIDE);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < WIDTH; column++) {
        out.storeTile(at(R11, RCX, 1, column * Tile.ROW_BYTES), sum(row, column));
      }
      next(R11, RCX);
    }
    out.store(NEXT_C, R11);
    out.load(RAX, NEXT_A);
    for (int row = 0; row < height; row++) {
      next(RAX, RSI);
    }
    out.store(NEXT_A, RAX);
  }

  private void copy(Address to, Address from) {
    out.load(R11, from);
    out.store(to, R11);
  }

  private void addTo(Address place, int bytes) {
    out.load(R11, place);
    out.add(R11, bytes);
    out.store(place, R11);
  }

  private void countDown(Address count, Label again) {
    out.load(R11, count);
    out.subtract(R11, 1);
    out.store(count, R11);
    out.jumpIfNotZero(again);
  }

  /** Moves a place down by a tile register's rows. */
  private void next(Register place, Register stride) {
    out.address(place, at(place, stride, 8, 0));
    out.address(place, at(place, stride, 8, 0));
  }

  private void step(int height) {
    for (int line = 0; line < LINES_AHEAD; line++) {
      out.prefetch(at(RDI, line * Tile.ROW_BYTES));
    }
    out.add(RDI, LINES_AHEAD * Tile.ROW_BYTES);
    for (int column = 0; column < WIDTH; column++) {
      out.loadTile(right(column), at(R10, R9, 1, column * Tile.ROW_BYTES));
    }
    for (int row = 0; row < height; row++) {
      Register a = row == 0 ? RAX : RCX;
      out.loadTile(left(row), at(a, RSI, 1, 0));
      for (int column = 0; column < WIDTH; column++) {
        if (precision == Precision.INT8) {
          out.addQuads(sum(row, column), left(row), right(column));
        } else {
          out.addBf16Pairs(sum(row, column), left(row), right(column));
        }
      }
      out.add(a, Tile.ROW_BYTES);
    }
    out.add(R10, STEP_BYTES);
  }
}
