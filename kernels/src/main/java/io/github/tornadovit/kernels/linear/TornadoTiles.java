package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.Effort;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PerTarget;
import io.github.tornadovit.kernels.launch.Row8;
import io.github.tornadovit.kernels.launch.Tile;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix product in tiles with a fused epilogue.
 *
 * <p>Math: {@code y[i,j] = epilogue(sum_q x[i,q] W[j,q] + bias[j])}, or {@code y[i,j] = added[i,j]
 * + …} for {@link TornadoEpilogue#RESIDUAL}, where y may be added itself.
 *
 * <p>Shapes: {@code x [m, k], y [m, n]} f32 row-major; from {@code w[offset]} on {@code [paddedK,
 * paddedN]} = W transposed, zeros in the padding, paddedK = k rounded up to {@value #STEP}, paddedN
 * = n rounded up to {@value Padding#COLUMNS}, then {@code bias [paddedN]}; {@code added [m, n]}, or
 * any array where nothing is added. In parts of k, y is {@code [parts, m, n]}, their sums, and
 * {@link TornadoParts} does the rest.
 *
 * <p>Grid: ceil(n / columns) by ceil(m / rows) by parts groups of columns²/64 threads a slice;
 * {@link TornadoLinear#TILES} has the tiles. With l = columns / 8, a thread of l by l owns rows/l
 * by 8 outputs: rows 4 ty + {0..3} and 4 l + 4 ty + {0..3}, columns likewise by tx. Four neighbours
 * in a row are what lets ptxas merge local-memory loads into LDS.128; strides and offsets in local
 * memory are therefore multiples of 4. Local memory: columns/4·(columns + 4) floats a slice =
 * 4,352, 16,896 or, in four slices of 64, 17,408 bytes. Barriers: 2 per step of l columns of k,
 * which the slices go through side by side, and 2 for every second row of a thread at the end.
 *
 * <p>Cost: 2·m·n·k flops; reads (1/rows + 1/columns) (m·n·k) floats from L2. The next step's rows/l
 * + 8 values a thread are in flight during the products of this one.
 *
 * <p>Requires: m, n, k ≥ 1; all products of two sizes below 2^31; as many steps in each slice.
 *
 * <p>Precision: f32 sums, those of slices added in order: the same bits in every run.
 *
 * <p>Bounds: the last row of groups starts at m - rows, and stores only the rows that no other
 * group owns, so no load needs a test; when m &lt; rows they are clamped. All of these tests are on
 * burnt-in constants and vanish where they cannot fail.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoTiles {
  private static final int SMALL_TILE = 64;

  /** Rows of packed weights are padded to a multiple of it: the longest step along k. */
  static final int STEP = 16;

  private TornadoTiles() {}

  /** Whether the slices of a tile share the steps along k evenly. */
  static boolean fits(Tile tile, int k) {
    return tile.cuts(k, tile.columns() / 8);
  }

  static Launch launch(String kernel, Tile tile, int m, int n, int k) {
    int columns = tile.columns();
    int lanes = columns / 8;
    int acrossRows = Math.ceilDiv(m, tile.rows());
    int acrossColumns = Math.ceilDiv(n, columns);
    long read = (long) acrossRows * acrossColumns * (tile.rows() + columns) * k;
    return new Launch(
        kernel + "_" + tile.suffix(),
        acrossColumns,
        acrossRows,
        tile.parts(),
        lanes * lanes * tile.slices(),
        tile.slices() * columns * (columns + 4), // floats of a quarter of it
        new Effort(
            registers(tile),
            tile.steps(k, lanes),
            instructions(tile),
            8 * tile.rows(),
            0,
            250, // two barriers, and the first loads from local memory
            Float.BYTES * (read + (tile.parts() == 1 ? 2L : tile.parts()) * m * n)));
  }

  private static PerTarget registers(Tile tile) {
    return tile.rows() < SMALL_TILE
        ? new PerTarget(96, 90, 72)
        : PerTarget.all(tile.rows() == SMALL_TILE && tile.slices() == 1 ? 146 : 128);
  }

  private static PerTarget instructions(Tile tile) {
    return tile.rows() < SMALL_TILE
        ? new PerTarget(362, 363, 370)
        : tile.rows() == SMALL_TILE
            ? new PerTarget(651, 651, 659)
            : new PerTarget(1228, 1228, 1273);
  }

  /** The kernel. */
  public static void linear(
      KernelContext context,
      IntArray launches,
      FloatArray x,
      FloatArray w,
      FloatArray added,
      FloatArray y,
      int offset,
      int tile,
      int m,
      int n,
      int k,
      int epilogue) {
    Launches.count(context, launches);
    int columns = Tile.columns(tile);
    int rows = Tile.rows(tile);
    int slices = Tile.slices(tile);
    int parts = Tile.parts(tile);
    int lanes = columns / 8;
    int step = lanes; // of a slice
    int both = step * slices;
    int each = rows / lanes; // rows of a thread: 8 or 4
    int stride = rows + 4;
    int paddedK = Padding.up(k, STEP);
    int end = Padding.up(k, step); // of the steps: a short one ends before the padding
    int paddedN = Padding.columns(n);
    int part = parts == 1 ? 0 : context.groupIdz;
    int length = (end / both + parts - 1) / parts * both; // of a part
    int start = part * length;
    int until = Math.min(start + length, end);
    int slice = slices == 1 ? 0 : context.localIdx / (lanes * lanes);
    int thread = slices == 1 ? context.localIdx : context.localIdx % (lanes * lanes);
    int tx = thread % lanes;
    int ty = thread / lanes;
    int firstRow = context.groupIdy * rows;
    int firstCol = context.groupIdx * columns;
    int baseRow = Math.max(Math.min(firstRow, m - rows), 0);
    int outStride = columns + 4;
    int size = columns / 4 * outStride; // of a slice's part of local memory
    int xOffset = slice * size;
    int wOffset = xOffset + step * stride;

    float[] local =
        context.allocateFloatLocalArray(
            Tile.slices(tile)
                * (Tile.columns(tile) / 4)
                * (Tile.columns(tile) + 4)); // x of a step, then w; at the end, rows of y

    int lane = thread % step;
    int row = baseRow + thread / step;
    int column = slice * step + lane; // of x, in the step of all slices
    int from = start + column;
    int xStore = xOffset + lane * stride + thread / step;
    int wStore = wOffset + thread;
    int wIndex = offset + firstCol + (slice * step + thread / columns) * paddedN + thread % columns;
    int wStep = lanes * lanes / columns * paddedN;
    Row8 p = new Row8(); // this thread's part of the next step of x
    Row8 q = new Row8(); // and of w
    load(p, x, row, k % step == 0 ? from : Math.min(from, k - 1), m, k, rows, lanes);
    q.load(w, start * paddedN + wIndex, wStep);
    Row8 c0 = new Row8(); // the sums, row by row
    Row8 c1 = new Row8();
    Row8 c2 = new Row8();
    Row8 c3 = new Row8();
    Row8 c4 = new Row8();
    Row8 c5 = new Row8();
    Row8 c6 = new Row8();
    Row8 c7 = new Row8();
    for (int first = start; first < until; first += both) {
      context.localBarrier(); // the products of the step before have read local
      local[xStore + 0 * lanes] = within(p.c0, first + column, k, step);
      local[xStore + 1 * lanes] = within(p.c1, first + column, k, step);
      local[xStore + 2 * lanes] = within(p.c2, first + column, k, step);
      local[xStore + 3 * lanes] = within(p.c3, first + column, k, step);
      if (each == 8) {
        local[xStore + 4 * lanes] = within(p.c4, first + column, k, step);
        local[xStore + 5 * lanes] = within(p.c5, first + column, k, step);
        local[xStore + 6 * lanes] = within(p.c6, first + column, k, step);
        local[xStore + 7 * lanes] = within(p.c7, first + column, k, step);
      }
      local[wStore + 0 * lanes * lanes] = q.c0;
      local[wStore + 1 * lanes * lanes] = q.c1;
      local[wStore + 2 * lanes * lanes] = q.c2;
      local[wStore + 3 * lanes * lanes] = q.c3;
      local[wStore + 4 * lanes * lanes] = q.c4;
      local[wStore + 5 * lanes * lanes] = q.c5;
      local[wStore + 6 * lanes * lanes] = q.c6;
      local[wStore + 7 * lanes * lanes] = q.c7;
      context.localBarrier(); // the step is staged
      int next = Math.min(first + both, until - both);
      int at = next + column;
      load(p, x, row, k % step == 0 ? at : Math.min(at, k - 1), m, k, rows, lanes);
      q.load(w, next * paddedN + wIndex, wStep);
      for (int k0 = 0; k0 < step; k0 += 4) {
        for (int u = 0; u < 4; u++) {
          int a = xOffset + (k0 + u) * stride + ty * 4;
          int b = wOffset + (k0 + u) * columns + tx * 4;
          Row8 w8 =
              new Row8(
                  local[b + 0],
                  local[b + 1],
                  local[b + 2],
                  local[b + 3],
                  local[b + 4 * lanes + 0],
                  local[b + 4 * lanes + 1],
                  local[b + 4 * lanes + 2],
                  local[b + 4 * lanes + 3]);
          c0.add(local[a + 0], w8);
          c1.add(local[a + 1], w8);
          c2.add(local[a + 2], w8);
          c3.add(local[a + 3], w8);
          if (each == 8) {
            c4.add(local[a + 4 * lanes + 0], w8);
            c5.add(local[a + 4 * lanes + 1], w8);
            c6.add(local[a + 4 * lanes + 2], w8);
            c7.add(local[a + 4 * lanes + 3], w8);
          }
        }
      }
    }
    // Two of a thread's rows at a time go through local memory, so that stores are contiguous.
    int out = context.localIdx % columns;
    int col = firstCol + out;
    float shift = parts == 1 ? w.get(offset + paddedK * paddedN + col) : 0f;
    int top = xOffset + ty * 2 * outStride + tx * 4;
    for (int pass = 0; pass < each / 2; pass++) {
      context.localBarrier();
      local[top + 0] = pick(pass, c0.c0, c2.c0, c4.c0, c6.c0);
      local[top + 1] = pick(pass, c0.c1, c2.c1, c4.c1, c6.c1);
      local[top + 2] = pick(pass, c0.c2, c2.c2, c4.c2, c6.c2);
      local[top + 3] = pick(pass, c0.c3, c2.c3, c4.c3, c6.c3);
      local[top + 4 * lanes + 0] = pick(pass, c0.c4, c2.c4, c4.c4, c6.c4);
      local[top + 4 * lanes + 1] = pick(pass, c0.c5, c2.c5, c4.c5, c6.c5);
      local[top + 4 * lanes + 2] = pick(pass, c0.c6, c2.c6, c4.c6, c6.c6);
      local[top + 4 * lanes + 3] = pick(pass, c0.c7, c2.c7, c4.c7, c6.c7);
      local[top + outStride + 0] = pick(pass, c1.c0, c3.c0, c5.c0, c7.c0);
      local[top + outStride + 1] = pick(pass, c1.c1, c3.c1, c5.c1, c7.c1);
      local[top + outStride + 2] = pick(pass, c1.c2, c3.c2, c5.c2, c7.c2);
      local[top + outStride + 3] = pick(pass, c1.c3, c3.c3, c5.c3, c7.c3);
      local[top + outStride + 4 * lanes + 0] = pick(pass, c1.c4, c3.c4, c5.c4, c7.c4);
      local[top + outStride + 4 * lanes + 1] = pick(pass, c1.c5, c3.c5, c5.c5, c7.c5);
      local[top + outStride + 4 * lanes + 2] = pick(pass, c1.c6, c3.c6, c5.c6, c7.c6);
      local[top + outStride + 4 * lanes + 3] = pick(pass, c1.c7, c3.c7, c5.c7, c7.c7);
      context.localBarrier();
      for (int r = context.localIdx / columns;
          r < 2 * lanes;
          r += lanes * lanes * slices / columns) {
        int i = baseRow + pass / 2 * 4 * lanes + r / 2 * 4 + pass % 2 * 2 + r % 2;
        if (i >= firstRow && i < m && (n % columns == 0 || col < n)) {
          int at = i * n + col;
          float value = local[r * outStride + out];
          for (int s = 1; s < slices; s++) {
            value += local[s * size + r * outStride + out];
          }
          if (parts == 1) {
            value += shift;
            y.set(at, TornadoEpilogue.finish(value, epilogue, added, at));
          } else {
            y.set(part * m * n + at, value);
          }
        }
      }
    }
  }

  /**
   * Reads four or eight rows of x, lanes apart, at a column; below the last row, that one again.
   */
  private static void load(
      Row8 p, FloatArray x, int row, int column, int m, int k, int rows, int lanes) {
    p.c0 = x.get(index(0, row, column, m, k, rows));
    p.c1 = x.get(index(lanes, row, column, m, k, rows));
    p.c2 = x.get(index(2 * lanes, row, column, m, k, rows));
    p.c3 = x.get(index(3 * lanes, row, column, m, k, rows));
    if (rows == 8 * lanes) {
      p.c4 = x.get(index(4 * lanes, row, column, m, k, rows));
      p.c5 = x.get(index(5 * lanes, row, column, m, k, rows));
      p.c6 = x.get(index(6 * lanes, row, column, m, k, rows));
      p.c7 = x.get(index(7 * lanes, row, column, m, k, rows));
    }
  }

  private static int index(int below, int row, int column, int m, int k, int rows) {
    return m >= rows ? row * k + column + below * k : Math.min(row + below, m - 1) * k + column;
  }

  /** Zero for columns beyond k: an infinity there times the zero of the padded weights is NaN. */
  private static float within(float value, int column, int k, int step) {
    return k % step == 0 || column < k ? value : 0f;
  }

  private static float pick(int pass, float a, float b, float c, float d) {
    return pass == 0 ? a : pass == 1 ? b : pass == 2 ? c : d;
  }
}
