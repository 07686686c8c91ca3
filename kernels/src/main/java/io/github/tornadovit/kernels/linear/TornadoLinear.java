package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.WeightLayout;
import io.github.tornadovit.kernels.launch.WeightSlot;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Matrix product with a fused epilogue; with {@code patchHeight > 0} the left operand is gathered
 * from images.
 *
 * <p>Math: {@code y[i,j] = epilogue(sum_q x[i,q] W[j,q] + bias[j])}, or {@code y[i,j] += …} for
 * {@link TornadoEpilogue#RESIDUAL}.
 *
 * <p>Shapes: {@code x [m, k], y [m, n]} f32 row-major; from {@code w[offset]} on {@code [paddedK,
 * paddedN]} = W transposed, zeros in the padding, paddedK = k rounded up to {@value #STEP}, paddedN
 * = n rounded up to {@value #LARGE_TILE}, then {@code bias [paddedN]}. With patches: see {@link
 * PatchGather}.
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

  private final MatrixProduct product;
  private final WeightSlot weights;

  /** Packs the weights of a product. */
  public TornadoLinear(MatrixProduct product, WeightLayout layout) {
    this.product = product;
    int paddedK = Math.ceilDiv(product.depth(), STEP) * STEP;
    int paddedN = Math.ceilDiv(product.columns(), LARGE_TILE) * LARGE_TILE;
    weights =
        layout.floats(
            product.weightKey("transposed"),
            Math.multiplyExact(paddedK + 1, paddedN),
            values ->
                product.packWeights(
                    (row, column, value) -> values.set(column * paddedN + row, value),
                    (column, value) -> values.set(paddedK * paddedN + column, value)));
  }

  @Override
  public void record(TaskRecorder recorder) {
    int m = product.rows(recorder.batch());
    int n = product.columns();
    int tile = product.patchHeight() > 0 ? SMALL_TILE : tile(m, n, recorder.computeUnits());
    recorder
        .graph()
        .task(
            recorder.groups(
                product.kernel() + "_tile_" + tile,
                Math.ceilDiv(n, tile),
                Math.ceilDiv(m, tile),
                1,
                tile * tile / 64),
            TornadoLinear::linear,
            recorder.context(),
            recorder.array(product.input()),
            weights.array(),
            recorder.array(product.output()),
            weights.offset(),
            tile,
            m,
            n,
            product.depth(),
            product.epilogue(),
            product.patchHeight(),
            product.patchWidth(),
            product.height(),
            product.width(),
            product.prefix());
  }

  /**
   * The large tile where its groups fill the device twice over: it needs fewer loads a product. Not
   * for patches, whose addresses cost the registers that let two groups of 256 share a
   * multiprocessor.
   */
  static int tile(int m, int n, int computeUnits) {
    boolean fills =
        (long) Math.ceilDiv(m, LARGE_TILE) * Math.ceilDiv(n, LARGE_TILE) >= 2L * computeUnits;
    return m >= LARGE_TILE && fills ? LARGE_TILE : SMALL_TILE;
  }

  /** The kernel. */
  public static void linear(
      KernelContext context,
      FloatArray x,
      FloatArray w,
      FloatArray y,
      int offset,
      int tile,
      int m,
      int n,
      int k,
      int epilogue,
      int patchHeight,
      int patchWidth,
      int height,
      int width,
      int prefix) {
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
    int loadRow = thread / step;
    int xStore = lane * stride + loadRow;
    int wStore = wOffset + thread;
    int x0 =
        PatchGather.rowStart(
            m >= tile ? baseRow + loadRow + 0 * lanes : Math.min(loadRow + 0 * lanes, m - 1),
            k,
            patchHeight,
            patchWidth,
            height,
            width);
    int x1 =
        PatchGather.rowStart(
            m >= tile ? baseRow + loadRow + 1 * lanes : Math.min(loadRow + 1 * lanes, m - 1),
            k,
            patchHeight,
            patchWidth,
            height,
            width);
    int x2 =
        PatchGather.rowStart(
            m >= tile ? baseRow + loadRow + 2 * lanes : Math.min(loadRow + 2 * lanes, m - 1),
            k,
            patchHeight,
            patchWidth,
            height,
            width);
    int x3 =
        PatchGather.rowStart(
            m >= tile ? baseRow + loadRow + 3 * lanes : Math.min(loadRow + 3 * lanes, m - 1),
            k,
            patchHeight,
            patchWidth,
            height,
            width);
    int x4 =
        PatchGather.rowStart(
            m >= tile ? baseRow + loadRow + 4 * lanes : Math.min(loadRow + 4 * lanes, m - 1),
            k,
            patchHeight,
            patchWidth,
            height,
            width);
    int x5 =
        PatchGather.rowStart(
            m >= tile ? baseRow + loadRow + 5 * lanes : Math.min(loadRow + 5 * lanes, m - 1),
            k,
            patchHeight,
            patchWidth,
            height,
            width);
    int x6 =
        PatchGather.rowStart(
            m >= tile ? baseRow + loadRow + 6 * lanes : Math.min(loadRow + 6 * lanes, m - 1),
            k,
            patchHeight,
            patchWidth,
            height,
            width);
    int x7 =
        PatchGather.rowStart(
            m >= tile ? baseRow + loadRow + 7 * lanes : Math.min(loadRow + 7 * lanes, m - 1),
            k,
            patchHeight,
            patchWidth,
            height,
            width);
    int xk =
        PatchGather.columnOffset(
            k % step == 0 ? lane : Math.min(lane, k - 1), patchHeight, patchWidth, height, width);
    float p0 = x.get(x0 + xk);
    float p1 = x.get((patchHeight == 0 && m >= tile ? x0 + xk + 1 * lanes * k : x1 + xk));
    float p2 = x.get((patchHeight == 0 && m >= tile ? x0 + xk + 2 * lanes * k : x2 + xk));
    float p3 = x.get((patchHeight == 0 && m >= tile ? x0 + xk + 3 * lanes * k : x3 + xk));
    float p4 = x.get((patchHeight == 0 && m >= tile ? x0 + xk + 4 * lanes * k : x4 + xk));
    float p5 = x.get((patchHeight == 0 && m >= tile ? x0 + xk + 5 * lanes * k : x5 + xk));
    float p6 = x.get((patchHeight == 0 && m >= tile ? x0 + xk + 6 * lanes * k : x6 + xk));
    float p7 = x.get((patchHeight == 0 && m >= tile ? x0 + xk + 7 * lanes * k : x7 + xk));
    int wIndex = offset + firstCol + thread / tile * paddedN + thread % tile;
    int wStep = lanes * lanes / tile * paddedN;
    float q0 = w.get(wIndex + 0 * wStep);
    float q1 = w.get(wIndex + 1 * wStep);
    float q2 = w.get(wIndex + 2 * wStep);
    float q3 = w.get(wIndex + 3 * wStep);
    float q4 = w.get(wIndex + 4 * wStep);
    float q5 = w.get(wIndex + 5 * wStep);
    float q6 = w.get(wIndex + 6 * wStep);
    float q7 = w.get(wIndex + 7 * wStep);
    float c00 = 0f;
    float c01 = 0f;
    float c02 = 0f;
    float c03 = 0f;
    float c04 = 0f;
    float c05 = 0f;
    float c06 = 0f;
    float c07 = 0f;
    float c10 = 0f;
    float c11 = 0f;
    float c12 = 0f;
    float c13 = 0f;
    float c14 = 0f;
    float c15 = 0f;
    float c16 = 0f;
    float c17 = 0f;
    float c20 = 0f;
    float c21 = 0f;
    float c22 = 0f;
    float c23 = 0f;
    float c24 = 0f;
    float c25 = 0f;
    float c26 = 0f;
    float c27 = 0f;
    float c30 = 0f;
    float c31 = 0f;
    float c32 = 0f;
    float c33 = 0f;
    float c34 = 0f;
    float c35 = 0f;
    float c36 = 0f;
    float c37 = 0f;
    float c40 = 0f;
    float c41 = 0f;
    float c42 = 0f;
    float c43 = 0f;
    float c44 = 0f;
    float c45 = 0f;
    float c46 = 0f;
    float c47 = 0f;
    float c50 = 0f;
    float c51 = 0f;
    float c52 = 0f;
    float c53 = 0f;
    float c54 = 0f;
    float c55 = 0f;
    float c56 = 0f;
    float c57 = 0f;
    float c60 = 0f;
    float c61 = 0f;
    float c62 = 0f;
    float c63 = 0f;
    float c64 = 0f;
    float c65 = 0f;
    float c66 = 0f;
    float c67 = 0f;
    float c70 = 0f;
    float c71 = 0f;
    float c72 = 0f;
    float c73 = 0f;
    float c74 = 0f;
    float c75 = 0f;
    float c76 = 0f;
    float c77 = 0f;
    for (int first = 0; first < end; first += step) {
      context.localBarrier(); // the products of the step before have read local
      local[xStore + 0 * lanes] = within(p0, first + lane, k, step);
      local[xStore + 1 * lanes] = within(p1, first + lane, k, step);
      local[xStore + 2 * lanes] = within(p2, first + lane, k, step);
      local[xStore + 3 * lanes] = within(p3, first + lane, k, step);
      local[xStore + 4 * lanes] = within(p4, first + lane, k, step);
      local[xStore + 5 * lanes] = within(p5, first + lane, k, step);
      local[xStore + 6 * lanes] = within(p6, first + lane, k, step);
      local[xStore + 7 * lanes] = within(p7, first + lane, k, step);
      local[wStore + 0 * lanes * lanes] = q0;
      local[wStore + 1 * lanes * lanes] = q1;
      local[wStore + 2 * lanes * lanes] = q2;
      local[wStore + 3 * lanes * lanes] = q3;
      local[wStore + 4 * lanes * lanes] = q4;
      local[wStore + 5 * lanes * lanes] = q5;
      local[wStore + 6 * lanes * lanes] = q6;
      local[wStore + 7 * lanes * lanes] = q7;
      context.localBarrier(); // the step is staged
      int next = Math.min(first + step, end - step);
      int nextK =
          PatchGather.columnOffset(
              k % step == 0 ? next + lane : Math.min(next + lane, k - 1),
              patchHeight,
              patchWidth,
              height,
              width);
      p0 = x.get(x0 + nextK);
      p1 = x.get((patchHeight == 0 && m >= tile ? x0 + nextK + 1 * lanes * k : x1 + nextK));
      p2 = x.get((patchHeight == 0 && m >= tile ? x0 + nextK + 2 * lanes * k : x2 + nextK));
      p3 = x.get((patchHeight == 0 && m >= tile ? x0 + nextK + 3 * lanes * k : x3 + nextK));
      p4 = x.get((patchHeight == 0 && m >= tile ? x0 + nextK + 4 * lanes * k : x4 + nextK));
      p5 = x.get((patchHeight == 0 && m >= tile ? x0 + nextK + 5 * lanes * k : x5 + nextK));
      p6 = x.get((patchHeight == 0 && m >= tile ? x0 + nextK + 6 * lanes * k : x6 + nextK));
      p7 = x.get((patchHeight == 0 && m >= tile ? x0 + nextK + 7 * lanes * k : x7 + nextK));
      int nextW = next * paddedN + wIndex;
      q0 = w.get(nextW + 0 * wStep);
      q1 = w.get(nextW + 1 * wStep);
      q2 = w.get(nextW + 2 * wStep);
      q3 = w.get(nextW + 3 * wStep);
      q4 = w.get(nextW + 4 * wStep);
      q5 = w.get(nextW + 5 * wStep);
      q6 = w.get(nextW + 6 * wStep);
      q7 = w.get(nextW + 7 * wStep);
      for (int k0 = 0; k0 < step; k0 += 4) {
        for (int u = 0; u < 4; u++) {
          int kk = k0 + u;
          float a0 = local[kk * stride + ty * 4 + 0];
          float a1 = local[kk * stride + ty * 4 + 1];
          float a2 = local[kk * stride + ty * 4 + 2];
          float a3 = local[kk * stride + ty * 4 + 3];
          float a4 = local[kk * stride + ty * 4 + 4 * lanes + 0];
          float a5 = local[kk * stride + ty * 4 + 4 * lanes + 1];
          float a6 = local[kk * stride + ty * 4 + 4 * lanes + 2];
          float a7 = local[kk * stride + ty * 4 + 4 * lanes + 3];
          float b0 = local[wOffset + kk * tile + tx * 4 + 0];
          float b1 = local[wOffset + kk * tile + tx * 4 + 1];
          float b2 = local[wOffset + kk * tile + tx * 4 + 2];
          float b3 = local[wOffset + kk * tile + tx * 4 + 3];
          float b4 = local[wOffset + kk * tile + tx * 4 + 4 * lanes + 0];
          float b5 = local[wOffset + kk * tile + tx * 4 + 4 * lanes + 1];
          float b6 = local[wOffset + kk * tile + tx * 4 + 4 * lanes + 2];
          float b7 = local[wOffset + kk * tile + tx * 4 + 4 * lanes + 3];
          c00 += a0 * b0;
          c01 += a0 * b1;
          c02 += a0 * b2;
          c03 += a0 * b3;
          c04 += a0 * b4;
          c05 += a0 * b5;
          c06 += a0 * b6;
          c07 += a0 * b7;
          c10 += a1 * b0;
          c11 += a1 * b1;
          c12 += a1 * b2;
          c13 += a1 * b3;
          c14 += a1 * b4;
          c15 += a1 * b5;
          c16 += a1 * b6;
          c17 += a1 * b7;
          c20 += a2 * b0;
          c21 += a2 * b1;
          c22 += a2 * b2;
          c23 += a2 * b3;
          c24 += a2 * b4;
          c25 += a2 * b5;
          c26 += a2 * b6;
          c27 += a2 * b7;
          c30 += a3 * b0;
          c31 += a3 * b1;
          c32 += a3 * b2;
          c33 += a3 * b3;
          c34 += a3 * b4;
          c35 += a3 * b5;
          c36 += a3 * b6;
          c37 += a3 * b7;
          c40 += a4 * b0;
          c41 += a4 * b1;
          c42 += a4 * b2;
          c43 += a4 * b3;
          c44 += a4 * b4;
          c45 += a4 * b5;
          c46 += a4 * b6;
          c47 += a4 * b7;
          c50 += a5 * b0;
          c51 += a5 * b1;
          c52 += a5 * b2;
          c53 += a5 * b3;
          c54 += a5 * b4;
          c55 += a5 * b5;
          c56 += a5 * b6;
          c57 += a5 * b7;
          c60 += a6 * b0;
          c61 += a6 * b1;
          c62 += a6 * b2;
          c63 += a6 * b3;
          c64 += a6 * b4;
          c65 += a6 * b5;
          c66 += a6 * b6;
          c67 += a6 * b7;
          c70 += a7 * b0;
          c71 += a7 * b1;
          c72 += a7 * b2;
          c73 += a7 * b3;
          c74 += a7 * b4;
          c75 += a7 * b5;
          c76 += a7 * b6;
          c77 += a7 * b7;
        }
      }
    }
    int column = thread % tile;
    int col = firstCol + column;
    int outRow = thread / tile;
    float shift = w.get(offset + paddedK * paddedN + col);
    context.localBarrier();
    local[(ty * 2 + 0) * stride + tx * 4 + 0] = c00;
    local[(ty * 2 + 0) * stride + tx * 4 + 1] = c01;
    local[(ty * 2 + 0) * stride + tx * 4 + 2] = c02;
    local[(ty * 2 + 0) * stride + tx * 4 + 3] = c03;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 0] = c04;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 1] = c05;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 2] = c06;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 3] = c07;
    local[(ty * 2 + 1) * stride + tx * 4 + 0] = c10;
    local[(ty * 2 + 1) * stride + tx * 4 + 1] = c11;
    local[(ty * 2 + 1) * stride + tx * 4 + 2] = c12;
    local[(ty * 2 + 1) * stride + tx * 4 + 3] = c13;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 0] = c14;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 1] = c15;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 2] = c16;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 3] = c17;
    context.localBarrier();
    for (int r = outRow; r < 2 * lanes; r += lanes * lanes / tile) {
      int row = baseRow + 0 * 4 * lanes + r / 2 * 4 + 0 + r % 2;
      if (row >= firstRow && row < m && (n % tile == 0 || col < n)) {
        int at =
            PatchGather.outputRow(row, patchHeight, patchWidth, height, width, prefix) * n + col;
        float value = local[r * stride + column] + shift;
        y.set(
            at,
            epilogue == TornadoEpilogue.RESIDUAL
                ? y.get(at) + value
                : TornadoEpilogue.apply(value, epilogue));
      }
    }
    context.localBarrier();
    local[(ty * 2 + 0) * stride + tx * 4 + 0] = c20;
    local[(ty * 2 + 0) * stride + tx * 4 + 1] = c21;
    local[(ty * 2 + 0) * stride + tx * 4 + 2] = c22;
    local[(ty * 2 + 0) * stride + tx * 4 + 3] = c23;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 0] = c24;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 1] = c25;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 2] = c26;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 3] = c27;
    local[(ty * 2 + 1) * stride + tx * 4 + 0] = c30;
    local[(ty * 2 + 1) * stride + tx * 4 + 1] = c31;
    local[(ty * 2 + 1) * stride + tx * 4 + 2] = c32;
    local[(ty * 2 + 1) * stride + tx * 4 + 3] = c33;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 0] = c34;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 1] = c35;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 2] = c36;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 3] = c37;
    context.localBarrier();
    for (int r = outRow; r < 2 * lanes; r += lanes * lanes / tile) {
      int row = baseRow + 0 * 4 * lanes + r / 2 * 4 + 2 + r % 2;
      if (row >= firstRow && row < m && (n % tile == 0 || col < n)) {
        int at =
            PatchGather.outputRow(row, patchHeight, patchWidth, height, width, prefix) * n + col;
        float value = local[r * stride + column] + shift;
        y.set(
            at,
            epilogue == TornadoEpilogue.RESIDUAL
                ? y.get(at) + value
                : TornadoEpilogue.apply(value, epilogue));
      }
    }
    context.localBarrier();
    local[(ty * 2 + 0) * stride + tx * 4 + 0] = c40;
    local[(ty * 2 + 0) * stride + tx * 4 + 1] = c41;
    local[(ty * 2 + 0) * stride + tx * 4 + 2] = c42;
    local[(ty * 2 + 0) * stride + tx * 4 + 3] = c43;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 0] = c44;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 1] = c45;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 2] = c46;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 3] = c47;
    local[(ty * 2 + 1) * stride + tx * 4 + 0] = c50;
    local[(ty * 2 + 1) * stride + tx * 4 + 1] = c51;
    local[(ty * 2 + 1) * stride + tx * 4 + 2] = c52;
    local[(ty * 2 + 1) * stride + tx * 4 + 3] = c53;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 0] = c54;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 1] = c55;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 2] = c56;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 3] = c57;
    context.localBarrier();
    for (int r = outRow; r < 2 * lanes; r += lanes * lanes / tile) {
      int row = baseRow + 1 * 4 * lanes + r / 2 * 4 + 0 + r % 2;
      if (row >= firstRow && row < m && (n % tile == 0 || col < n)) {
        int at =
            PatchGather.outputRow(row, patchHeight, patchWidth, height, width, prefix) * n + col;
        float value = local[r * stride + column] + shift;
        y.set(
            at,
            epilogue == TornadoEpilogue.RESIDUAL
                ? y.get(at) + value
                : TornadoEpilogue.apply(value, epilogue));
      }
    }
    context.localBarrier();
    local[(ty * 2 + 0) * stride + tx * 4 + 0] = c60;
    local[(ty * 2 + 0) * stride + tx * 4 + 1] = c61;
    local[(ty * 2 + 0) * stride + tx * 4 + 2] = c62;
    local[(ty * 2 + 0) * stride + tx * 4 + 3] = c63;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 0] = c64;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 1] = c65;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 2] = c66;
    local[(ty * 2 + 0) * stride + tx * 4 + 4 * lanes + 3] = c67;
    local[(ty * 2 + 1) * stride + tx * 4 + 0] = c70;
    local[(ty * 2 + 1) * stride + tx * 4 + 1] = c71;
    local[(ty * 2 + 1) * stride + tx * 4 + 2] = c72;
    local[(ty * 2 + 1) * stride + tx * 4 + 3] = c73;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 0] = c74;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 1] = c75;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 2] = c76;
    local[(ty * 2 + 1) * stride + tx * 4 + 4 * lanes + 3] = c77;
    context.localBarrier();
    for (int r = outRow; r < 2 * lanes; r += lanes * lanes / tile) {
      int row = baseRow + 1 * 4 * lanes + r / 2 * 4 + 2 + r % 2;
      if (row >= firstRow && row < m && (n % tile == 0 || col < n)) {
        int at =
            PatchGather.outputRow(row, patchHeight, patchWidth, height, width, prefix) * n + col;
        float value = local[r * stride + column] + shift;
        y.set(
            at,
            epilogue == TornadoEpilogue.RESIDUAL
                ? y.get(at) + value
                : TornadoEpilogue.apply(value, epilogue));
      }
    }
  }

  /** Zero for columns beyond k: an infinity there times the zero of the padded weights is NaN. */
  private static float within(float value, int column, int k, int step) {
    return k % step == 0 || column < k ? value : 0f;
  }
}
