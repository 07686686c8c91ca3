package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Effort;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.Row8;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix product with a fused epilogue.
 *
 * <p>Math: {@code y[i,j] = epilogue(sum_q x[i,q] W[j,q] + bias[j])}, or {@code y[i,j] = added[i,j]
 * + …} for {@link TornadoEpilogue#RESIDUAL}, where y may be added itself.
 *
 * <p>Shapes: {@code x [m, k], y [m, n]} f32 row-major; from {@code w[offset]} on {@code [paddedK,
 * paddedN]} = W transposed, zeros in the padding, paddedK = k rounded up to {@value #STEP}, paddedN
 * = n rounded up to {@value #LARGE_TILE}, then {@code bias [paddedN]}; {@code added [m, n]}, or any
 * array where nothing is added.
 *
 * <p>Grid: ceil(n / tile) by ceil(m / tile) groups of tile²/64 threads, tile {@value #SMALL_TILE}
 * or {@value #LARGE_TILE}. A thread owns 8 by 8 outputs: rows 4 ty + {0..3} and tile/2 + 4 ty +
 * {0..3}, columns likewise by tx. Four neighbours in a row are what lets ptxas merge local-memory
 * loads into LDS.128; strides and offsets in local memory are therefore multiples of 4. Local
 * memory: tile/4·(tile + 4) floats = 4,352 or 16,896 bytes. Barriers: 2 per step of tile/8 columns
 * of k, 8 at the end.
 *
 * <p>Cost: 2·m·n·k flops; reads (1/tile) (m·n·k)·2 floats from L2. The next step's 8 + 8 values a
 * thread are in flight during the products of this one.
 *
 * <p>Requires: m, n, k ≥ 1; all products of two sizes below 2^31.
 *
 * <p>Bounds: the last row of groups starts at m - tile, and stores only the rows that no other
 * group owns, so no load needs a test; when m &lt; tile rows are clamped. All of these tests are on
 * burnt-in constants and vanish where they cannot fail.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoLinear implements DeviceOperation {
  static final int SMALL_TILE = 64;

  /** Columns of packed weights are padded to a multiple of it. */
  static final int LARGE_TILE = 128;

  /** Rows of packed weights are padded to a multiple of it: the longest step along k. */
  static final int STEP = 16;

  private final String kernel;
  private final Linear linear;
  private final PackedWeight weights;

  /** The kernel of an operation. */
  public TornadoLinear(Linear linear) {
    this("linear", linear);
  }

  /**
   * The kernel of a product that is part of another operation.
   *
   * @param kernel its name in reports
   */
  public TornadoLinear(String kernel, Linear linear) {
    if (linear.matrix().precision() != Precision.F32) {
      throw new BackendException(
          "tornado",
          "no kernel multiplies in %s, which runs on the backend cpu"
              .formatted(linear.matrix().precision().label()));
    }
    this.kernel = kernel;
    this.linear = linear;
    weights = new TransposedWeight(linear.weight(), linear.bias(), linear.scale());
  }

  @Override
  public List<PackedWeight> weights() {
    return List.of(weights);
  }

  @Override
  public List<Launch> launches(int batch, int computeUnits) {
    int m = Math.multiplyExact(batch, linear.input().rows());
    int n = linear.weight().rows();
    int k = linear.weight().columns();
    int tile = tile(m, n, computeUnits);
    boolean large = tile == LARGE_TILE;
    long blocks = (long) Math.ceilDiv(n, tile) * Math.ceilDiv(m, tile);
    return List.of(
        new Launch(
            kernel + "_tile_" + tile,
            Math.ceilDiv(n, tile),
            Math.ceilDiv(m, tile),
            1,
            tile * tile / 64,
            tile * (tile + 4), // floats of a quarter of it
            new Effort(
                large ? 128 : 146,
                Math.ceilDiv(k, tile / 8),
                large ? 1251 : 650,
                8 * tile,
                0,
                250, // two barriers, and the first loads from local memory
                Float.BYTES * (2 * blocks * tile * k + 2L * m * n))));
  }

  @Override
  public void record(TaskRecorder recorder) {
    Place w = recorder.place(weights);
    int m = Math.multiplyExact(recorder.batch(), linear.input().rows());
    int n = linear.weight().rows();
    Buffer added =
        switch (linear.epilogue()) {
          case Epilogue.Activate _ -> linear.output();
          case Epilogue.Residual(Buffer input, _) -> input;
        };
    int tile = tile(m, n, recorder.computeUnits());
    recorder
        .graph()
        .task(
            recorder.next(),
            TornadoLinear::linear,
            recorder.context(),
            recorder.launches(),
            recorder.array(linear.input()),
            w.array(),
            recorder.array(added),
            recorder.array(linear.output()),
            w.offset(),
            tile,
            m,
            n,
            linear.weight().columns(),
            TornadoEpilogue.of(linear.epilogue()));
  }

  /** The large tile where its groups fill the device twice over: it needs fewer loads a product. */
  static int tile(int m, int n, int computeUnits) {
    boolean fills =
        (long) Math.ceilDiv(m, LARGE_TILE) * Math.ceilDiv(n, LARGE_TILE) >= 2L * computeUnits;
    return m >= LARGE_TILE && fills ? LARGE_TILE : SMALL_TILE;
  }

  /**
   * What the number of rows decides of the kernel. Where rows are fewer than a tile, it has tests
   * that it has not elsewhere.
   */
  public static String form(int m, int n, int computeUnits) {
    int tile = tile(m, n, computeUnits);
    return "tile %d%s".formatted(tile, m < tile ? ", few rows" : "");
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
    int lanes = tile / 8;
    int step = tile / 8;
    int stride = tile + 4;
    int paddedK = (k + STEP - 1) / STEP * STEP;
    int end = (k + step - 1) / step * step; // of the steps: a short one ends before the padding
    int paddedN = (n + LARGE_TILE - 1) / LARGE_TILE * LARGE_TILE;
    int thread = context.localIdx;
    int tx = thread % lanes;
    int ty = thread / lanes;
    int firstRow = context.groupIdy * tile;
    int firstCol = context.groupIdx * tile;
    int baseRow = Math.max(Math.min(firstRow, m - tile), 0);
    int wOffset = step * stride;

    float[] local =
        context.allocateFloatLocalArray(
            tile / 4 * (tile + 4)); // x of a step, then w; at the end, rows of y

    int lane = thread % step;
    int row = baseRow + thread / step;
    int xStore = lane * stride + thread / step;
    int wStore = wOffset + thread;
    int wIndex = offset + firstCol + thread / tile * paddedN + thread % tile;
    int wStep = lanes * lanes / tile * paddedN;
    Row8 p = new Row8(); // this thread's part of the next step of x
    Row8 q = new Row8(); // and of w
    load(p, x, row, k % step == 0 ? lane : Math.min(lane, k - 1), m, k, tile);
    q.load(w, wIndex, wStep);
    Row8 c0 = new Row8(); // the sums, row by row
    Row8 c1 = new Row8();
    Row8 c2 = new Row8();
    Row8 c3 = new Row8();
    Row8 c4 = new Row8();
    Row8 c5 = new Row8();
    Row8 c6 = new Row8();
    Row8 c7 = new Row8();
    for (int first = 0; first < end; first += step) {
      context.localBarrier(); // the products of the step before have read local
      local[xStore + 0 * lanes] = within(p.c0, first + lane, k, step);
      local[xStore + 1 * lanes] = within(p.c1, first + lane, k, step);
      local[xStore + 2 * lanes] = within(p.c2, first + lane, k, step);
      local[xStore + 3 * lanes] = within(p.c3, first + lane, k, step);
      local[xStore + 4 * lanes] = within(p.c4, first + lane, k, step);
      local[xStore + 5 * lanes] = within(p.c5, first + lane, k, step);
      local[xStore + 6 * lanes] = within(p.c6, first + lane, k, step);
      local[xStore + 7 * lanes] = within(p.c7, first + lane, k, step);
      local[wStore + 0 * lanes * lanes] = q.c0;
      local[wStore + 1 * lanes * lanes] = q.c1;
      local[wStore + 2 * lanes * lanes] = q.c2;
      local[wStore + 3 * lanes * lanes] = q.c3;
      local[wStore + 4 * lanes * lanes] = q.c4;
      local[wStore + 5 * lanes * lanes] = q.c5;
      local[wStore + 6 * lanes * lanes] = q.c6;
      local[wStore + 7 * lanes * lanes] = q.c7;
      context.localBarrier(); // the step is staged
      int next = Math.min(first + step, end - step);
      load(p, x, row, k % step == 0 ? next + lane : Math.min(next + lane, k - 1), m, k, tile);
      q.load(w, next * paddedN + wIndex, wStep);
      for (int k0 = 0; k0 < step; k0 += 4) {
        for (int u = 0; u < 4; u++) {
          int a = (k0 + u) * stride + ty * 4;
          int b = wOffset + (k0 + u) * tile + tx * 4;
          Row8 columns =
              new Row8(
                  local[b + 0],
                  local[b + 1],
                  local[b + 2],
                  local[b + 3],
                  local[b + 4 * lanes + 0],
                  local[b + 4 * lanes + 1],
                  local[b + 4 * lanes + 2],
                  local[b + 4 * lanes + 3]);
          c0.add(local[a + 0], columns);
          c1.add(local[a + 1], columns);
          c2.add(local[a + 2], columns);
          c3.add(local[a + 3], columns);
          c4.add(local[a + 4 * lanes + 0], columns);
          c5.add(local[a + 4 * lanes + 1], columns);
          c6.add(local[a + 4 * lanes + 2], columns);
          c7.add(local[a + 4 * lanes + 3], columns);
        }
      }
    }
    // Two of a thread's rows at a time go through local memory, so that stores are contiguous.
    int column = thread % tile;
    int col = firstCol + column;
    float shift = w.get(offset + paddedK * paddedN + col);
    int top = ty * 2 * stride + tx * 4;
    for (int pass = 0; pass < 4; pass++) {
      context.localBarrier();
      local[top + 0] = pick(pass, c0.c0, c2.c0, c4.c0, c6.c0);
      local[top + 1] = pick(pass, c0.c1, c2.c1, c4.c1, c6.c1);
      local[top + 2] = pick(pass, c0.c2, c2.c2, c4.c2, c6.c2);
      local[top + 3] = pick(pass, c0.c3, c2.c3, c4.c3, c6.c3);
      local[top + 4 * lanes + 0] = pick(pass, c0.c4, c2.c4, c4.c4, c6.c4);
      local[top + 4 * lanes + 1] = pick(pass, c0.c5, c2.c5, c4.c5, c6.c5);
      local[top + 4 * lanes + 2] = pick(pass, c0.c6, c2.c6, c4.c6, c6.c6);
      local[top + 4 * lanes + 3] = pick(pass, c0.c7, c2.c7, c4.c7, c6.c7);
      local[top + stride + 0] = pick(pass, c1.c0, c3.c0, c5.c0, c7.c0);
      local[top + stride + 1] = pick(pass, c1.c1, c3.c1, c5.c1, c7.c1);
      local[top + stride + 2] = pick(pass, c1.c2, c3.c2, c5.c2, c7.c2);
      local[top + stride + 3] = pick(pass, c1.c3, c3.c3, c5.c3, c7.c3);
      local[top + stride + 4 * lanes + 0] = pick(pass, c1.c4, c3.c4, c5.c4, c7.c4);
      local[top + stride + 4 * lanes + 1] = pick(pass, c1.c5, c3.c5, c5.c5, c7.c5);
      local[top + stride + 4 * lanes + 2] = pick(pass, c1.c6, c3.c6, c5.c6, c7.c6);
      local[top + stride + 4 * lanes + 3] = pick(pass, c1.c7, c3.c7, c5.c7, c7.c7);
      context.localBarrier();
      for (int r = thread / tile; r < 2 * lanes; r += lanes * lanes / tile) {
        int i = baseRow + pass / 2 * 4 * lanes + r / 2 * 4 + pass % 2 * 2 + r % 2;
        if (i >= firstRow && i < m && (n % tile == 0 || col < n)) {
          int at = i * n + col;
          float value = local[r * stride + column] + shift;
          y.set(
              at,
              epilogue == TornadoEpilogue.RESIDUAL
                  ? added.get(at) + value
                  : TornadoEpilogue.apply(value, epilogue));
        }
      }
    }
  }

  /** Reads eight rows of x, tile / 8 apart, at a column; below the last row, that one again. */
  private static void load(Row8 p, FloatArray x, int row, int column, int m, int k, int tile) {
    int lanes = tile / 8;
    p.c0 = x.get(index(0, row, column, m, k, tile));
    p.c1 = x.get(index(lanes, row, column, m, k, tile));
    p.c2 = x.get(index(2 * lanes, row, column, m, k, tile));
    p.c3 = x.get(index(3 * lanes, row, column, m, k, tile));
    p.c4 = x.get(index(4 * lanes, row, column, m, k, tile));
    p.c5 = x.get(index(5 * lanes, row, column, m, k, tile));
    p.c6 = x.get(index(6 * lanes, row, column, m, k, tile));
    p.c7 = x.get(index(7 * lanes, row, column, m, k, tile));
  }

  private static int index(int below, int row, int column, int m, int k, int tile) {
    return m >= tile ? row * k + column + below * k : Math.min(row + below, m - 1) * k + column;
  }

  /** Zero for columns beyond k: an infinity there times the zero of the padded weights is NaN. */
  private static float within(float value, int column, int k, int step) {
    return k % step == 0 || column < k ? value : 0f;
  }

  private static float pick(int pass, float a, float b, float c, float d) {
    return pass == 0 ? a : pass == 1 ? b : pass == 2 ? c : d;
  }
}
