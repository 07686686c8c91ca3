package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.Effort;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.Row8;
import io.github.tornadovit.kernels.launch.Tile;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix product of one to {@value #ROWS} rows, such as class tokens, with a fused epilogue: the
 * weights are read once, by as many groups as there are eighths of columns, and nothing is staged.
 *
 * <p>Math, shapes: those of {@link TornadoTiles}, m ≤ {@value #ROWS}.
 *
 * <p>Grid: ceil(n / {@value #COLUMNS}) groups of {@value #GROUP} threads: {@value #SLICES} slices
 * of k for each column. A thread sums up every {@value #SLICES}nd element of a column of w, times
 * those of each row of x, {@value #STEPS} loads of w in flight; four slices of a warp read whole
 * sectors of 32 bytes. Local memory: 8,192 bytes, the sums of all slices. Barriers: 1.
 *
 * <p>Cost: 2·m·n·k flops; reads n·k floats of w once and m·k of x for every group; bound by memory.
 *
 * <p>Requires: 1 ≤ m ≤ {@value #ROWS}; n, k ≥ 1; all products of two sizes below 2^31.
 *
 * <p>Precision: f32 sums, those of slices added in order: the same bits in every run.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoFewRows {
  static final int ROWS = 8;
  static final int COLUMNS = 8;
  static final int SLICES = 32;
  static final int GROUP = COLUMNS * SLICES;

  /** Elements of a slice in a round. */
  private static final int STEPS = 8;

  static final Tile TILE = new Tile(ROWS, COLUMNS, SLICES);

  private TornadoFewRows() {}

  static Launch launch(String kernel, int m, int n, int k) {
    int groups = Math.ceilDiv(n, COLUMNS);
    return new Launch(
        kernel + "_" + TILE.suffix(),
        groups,
        1,
        1,
        GROUP,
        Float.BYTES * ROWS * GROUP,
        new Effort(
            40,
            Math.ceilDiv(k, SLICES * STEPS) + 1, // the last one adds up the slices
            45 + 49 * m,
            STEPS * m,
            0,
            Effort.MEMORY_LATENCY,
            Float.BYTES * ((long) groups * (COLUMNS + m) * k + 2L * m * n)));
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
      int m,
      int n,
      int k,
      int epilogue) {
    Launches.count(context, launches);
    int paddedK = Padding.up(k, TornadoTiles.STEP);
    int paddedN = Padding.columns(n);
    int thread = context.localIdx;
    int firstCol = context.groupIdx * COLUMNS;
    int wIndex = offset + firstCol + thread % COLUMNS;
    float[] local = context.allocateFloatLocalArray(ROWS * GROUP); // by row, slice and column
    Row8 sums = new Row8(); // of this thread's column, row by row
    for (int first = thread / COLUMNS; first < k; first += SLICES * STEPS) {
      Row8 w8 =
          new Row8(
              load(w, wIndex, first, paddedN, k),
              load(w, wIndex, first + SLICES, paddedN, k),
              load(w, wIndex, first + 2 * SLICES, paddedN, k),
              load(w, wIndex, first + 3 * SLICES, paddedN, k),
              load(w, wIndex, first + 4 * SLICES, paddedN, k),
              load(w, wIndex, first + 5 * SLICES, paddedN, k),
              load(w, wIndex, first + 6 * SLICES, paddedN, k),
              load(w, wIndex, first + 7 * SLICES, paddedN, k));
      sums.c0 += product(x, 0, first, k, w8);
      if (m > 1) sums.c1 += product(x, k, first, k, w8);
      if (m > 2) sums.c2 += product(x, 2 * k, first, k, w8);
      if (m > 3) sums.c3 += product(x, 3 * k, first, k, w8);
      if (m > 4) sums.c4 += product(x, 4 * k, first, k, w8);
      if (m > 5) sums.c5 += product(x, 5 * k, first, k, w8);
      if (m > 6) sums.c6 += product(x, 6 * k, first, k, w8);
      if (m > 7) sums.c7 += product(x, 7 * k, first, k, w8);
    }
    local[thread] = sums.c0;
    if (m > 1) local[GROUP + thread] = sums.c1;
    if (m > 2) local[2 * GROUP + thread] = sums.c2;
    if (m > 3) local[3 * GROUP + thread] = sums.c3;
    if (m > 4) local[4 * GROUP + thread] = sums.c4;
    if (m > 5) local[5 * GROUP + thread] = sums.c5;
    if (m > 6) local[6 * GROUP + thread] = sums.c6;
    if (m > 7) local[7 * GROUP + thread] = sums.c7;
    context.localBarrier(); // the sums of all slices are written
    int row = thread / COLUMNS;
    int column = firstCol + thread % COLUMNS;
    if (row < m && (n % COLUMNS == 0 || column < n)) {
      int from = row * GROUP + thread % COLUMNS;
      float value = local[from];
      for (int slice = 1; slice < SLICES; slice++) {
        value += local[from + slice * COLUMNS];
      }
      value += w.get(offset + paddedK * paddedN + column);
      int at = row * n + column;
      y.set(at, TornadoEpilogue.finish(value, epilogue, added, at));
    }
  }

  /** An element of a column of w; 0 beyond k. */
  private static float load(FloatArray w, int index, int q, int paddedN, int k) {
    return within(w.get(index + clamp(q, k) * paddedN), q, k);
  }

  /** Eight elements of a row of x times those of w. */
  private static float product(FloatArray x, int start, int first, int k, Row8 w8) {
    float sum = element(x, start, first, k) * w8.c0;
    sum += element(x, start, first + SLICES, k) * w8.c1;
    sum += element(x, start, first + 2 * SLICES, k) * w8.c2;
    sum += element(x, start, first + 3 * SLICES, k) * w8.c3;
    sum += element(x, start, first + 4 * SLICES, k) * w8.c4;
    sum += element(x, start, first + 5 * SLICES, k) * w8.c5;
    sum += element(x, start, first + 6 * SLICES, k) * w8.c6;
    return sum + element(x, start, first + 7 * SLICES, k) * w8.c7;
  }

  /** An element of a row of x; 0 beyond k, which an infinity there would not be. */
  private static float element(FloatArray x, int start, int q, int k) {
    return within(x.get(start + clamp(q, k)), q, k);
  }

  private static int clamp(int q, int k) {
    return k % (SLICES * STEPS) == 0 ? q : Math.min(q, k - 1);
  }

  private static float within(float value, int q, int k) {
    return k % (SLICES * STEPS) == 0 || q < k ? value : 0f;
  }
}
