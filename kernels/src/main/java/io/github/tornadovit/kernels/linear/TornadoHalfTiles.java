package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.Effort;
import io.github.tornadovit.kernels.launch.Halves;
import io.github.tornadovit.kernels.launch.Ints8;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PerTarget;
import io.github.tornadovit.kernels.launch.Tile;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix product of float16 factors in tiles on tensor cores, with a fused float32 epilogue.
 *
 * <p>Math: {@code y[i,j] = epilogue(scale[j] sum_q f16(x[i,q]) f16(W[j,q]) + bias[j])}, sums in
 * float32; {@code y[i,j] = added[i,j] + …} for {@link TornadoEpilogue#RESIDUAL}, where y may be
 * added itself.
 *
 * <p>Shapes: {@code x [m, k]} float16, {@code y [m, n]} f32, or float16 where a product alone reads
 * it, row-major; w as {@link HalfWeight} packs it, paddedK = k rounded up to {@value #STEP},
 * paddedN = n to 128; {@code scale [n], bias [n]} f32; {@code sums [slices, m rounded up to 16,
 * paddedN]} f32, of this kernel alone; {@code added [m, n]}, or any array where nothing is added.
 *
 * <p>Grid: ceil(n / tile) by ceil(m / tile) groups of tile²/64 threads a slice; {@link
 * TornadoHalfLinear#TILES}. A warp owns 32 by 64 outputs: 2 by 8 fragments of {@code mma.m16n8k16},
 * each spelled out, as TornadoVM keeps one in registers only as a local variable. Local memory:
 * tile²/2 bytes = 2,048 or 8,192 a slice for either factor of a step of tile/4 columns of k, in
 * blocks of 16 by 16 and 16 by 8 as {@code ldmatrix} reads them, and tile² floats for the sums of
 * slices. Barriers: 2 per step; with slices one more, and one for each.
 *
 * <p>Cost: 2·m·n·k flops; reads (1/tile) (m·n·k) halves of x and as many of w from L2, and the sums
 * once more. The next step's 8 + 8 pairs a thread are in flight during the products of this one.
 *
 * <p>Requires: an NVIDIA device of compute capability 8.0 or later through TornadoVM's PTX or CUDA;
 * m, n, k ≥ 1; all products of two sizes below 2^31. {@code new HalfFloat} is converted by those
 * back ends where it is given an element of an array of floats or goes to an array of halves, and
 * taken for bits elsewhere; an array of halves can be read by halves alone, two loads for a pair.
 *
 * <p>Bounds: {@code mmaStore} tests none, so sums are padded and blocks of 16 rows below the last
 * are not stored; rows of x are clamped, columns beyond k zero. TornadoVM's fragments cannot be
 * read in Java and {@code mmaStore} reaches device memory alone: so each thread reads back the sums
 * that it has stored, which needs no barrier between groups.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoHalfTiles {
  /** Rows of packed weights are padded to a multiple of it: the longest step along k. */
  static final int STEP = 32;

  /** Rows of a fragment of sums. */
  static final int FRAGMENT = 16;

  /** Added to the kind of an epilogue, which is less, if the output lies as float16. */
  private static final int TO_HALVES = 16;

  private TornadoHalfTiles() {}

  /** A tile and an epilogue as one argument: TornadoVM takes kernels of 15 at most. */
  static int form(Tile tile, int epilogue, boolean toHalves) {
    return tile.code() * (2 * TO_HALVES) + (toHalves ? TO_HALVES : 0) + epilogue;
  }

  /** Whether the slices of a tile share the steps along k evenly. */
  static boolean fits(Tile tile, int k) {
    return tile.cuts(k, tile.columns() / 4);
  }

  static Launch launch(Tile tile, int epilogue, boolean toHalves, int m, int n, int k) {
    int edge = tile.columns();
    long blocks = (long) Math.ceilDiv(n, edge) * Math.ceilDiv(m, edge);
    long factors = blocks * edge * k * (Short.BYTES + Short.BYTES);
    int slices = tile.slices();
    return new Launch(
        "linear_f16_" + tile.suffix(),
        Math.ceilDiv(n, edge),
        Math.ceilDiv(m, edge),
        1,
        slices * edge * edge / 64,
        edge * edge * slices // bytes of a step of both factors
            + Float.BYTES * sharedSums(edge, slices),
        new Effort(
            PerTarget.all(128),
            // Storing the sums of a slice and reading them takes as long as some steps.
            Math.ceilDiv(k, edge / 4) / slices + 3 * (slices - 1) / slices,
            instructions(tile, epilogue, toHalves),
            0,
            edge / 4,
            500, // two barriers, and one fragment after the other
            factors
                // sums there and back, added, y
                + ((1L + 2L * slices) * Float.BYTES + Halves.bytes(toHalves)) * m * n));
  }

  private static PerTarget instructions(Tile tile, int epilogue, boolean toHalves) {
    if (tile.columns() < Padding.COLUMNS) {
      return tile.slices() == 1 ? new PerTarget(203, 203, 191) : new PerTarget(203, 234, 265);
    }
    return new PerTarget(
        229, toHalves ? 229 : 267, epilogue == TornadoEpilogue.RESIDUAL ? 320 : 258);
  }

  /** Floats of local memory in which slices add up their sums. */
  private static int sharedSums(int edge, int slices) {
    return (slices - 1) * edge * edge / 3 + 1;
  }

  /** The kernel. */
  public static void linear(
      KernelContext context,
      IntArray launches,
      HalfFloatArray x,
      IntArray w,
      FloatArray vectors,
      FloatArray added,
      FloatArray sums,
      FloatArray y,
      HalfFloatArray halves,
      int offset,
      int scale,
      int form,
      int m,
      int n,
      int k) {
    Launches.count(context, launches);
    int code = form / (2 * TO_HALVES);
    int epilogue = form % (2 * TO_HALVES);
    int tile = Tile.columns(code);
    int slices = Tile.slices(code);
    int step = tile / 4; // of a slice
    int both = step * slices;
    int pairs = step / 2;
    int rows = tile / 8; // of x that the threads read at a time
    int threads = tile * tile / 64;
    int paddedN = Padding.columns(n);
    int end = Padding.up(k, step);
    int slice = slices == 1 ? 0 : context.localIdx / threads;
    int thread = slices == 1 ? context.localIdx : context.localIdx % threads;
    int firstRow = context.groupIdy * tile;
    int firstCol = context.groupIdx * tile;

    int[] xs = context.allocateIntLocalArray(slices * tile * step / 2);
    int[] ws = context.allocateIntLocalArray(slices * tile * step / 2);
    float[] total = context.allocateFloatLocalArray(sharedSums(tile, slices));

    int pair = thread % pairs;
    int row = firstRow + thread / pairs;
    int own = slice * tile * step / 2; // of this slice, in ints
    int column = slice * step + 2 * pair;
    int xStore = own + pair / 8 * tile * 8 + thread / pairs * 8 + pair % 8;
    int wStore = own + thread;
    int wIndex = offset + slice * step / 16 * paddedN * 8 + firstCol * 8 + thread % (tile * 8);
    Ints8 p = new Ints8(); // this thread's pairs of the next step of x
    Ints8 q = new Ints8(); // and of w
    load(p, x, row, column, m, k, tile);
    load(q, w, wIndex, tile, paddedN);
    int warp = thread / 32;
    int xBlocks = warp % (tile / 32) * 1024; // bytes before this warp's
    int wBlocks = warp / (tile / 32) * 2048;
    float[] c00 = context.mmaFragment(0f);
    float[] c01 = context.mmaFragment(0f);
    float[] c02 = context.mmaFragment(0f);
    float[] c03 = context.mmaFragment(0f);
    float[] c04 = context.mmaFragment(0f);
    float[] c05 = context.mmaFragment(0f);
    float[] c06 = context.mmaFragment(0f);
    float[] c07 = context.mmaFragment(0f);
    float[] c10 = context.mmaFragment(0f);
    float[] c11 = context.mmaFragment(0f);
    float[] c12 = context.mmaFragment(0f);
    float[] c13 = context.mmaFragment(0f);
    float[] c14 = context.mmaFragment(0f);
    float[] c15 = context.mmaFragment(0f);
    float[] c16 = context.mmaFragment(0f);
    float[] c17 = context.mmaFragment(0f);
    for (int first = 0; first < end; first += both) {
      context.localBarrier(); // the products of the step before have read local memory
      xs[xStore + 0 * rows * 8] = p.c0;
      xs[xStore + 1 * rows * 8] = p.c1;
      xs[xStore + 2 * rows * 8] = p.c2;
      xs[xStore + 3 * rows * 8] = p.c3;
      xs[xStore + 4 * rows * 8] = p.c4;
      xs[xStore + 5 * rows * 8] = p.c5;
      xs[xStore + 6 * rows * 8] = p.c6;
      xs[xStore + 7 * rows * 8] = p.c7;
      ws[wStore + 0 * threads] = q.c0;
      ws[wStore + 1 * threads] = q.c1;
      ws[wStore + 2 * threads] = q.c2;
      ws[wStore + 3 * threads] = q.c3;
      ws[wStore + 4 * threads] = q.c4;
      ws[wStore + 5 * threads] = q.c5;
      ws[wStore + 6 * threads] = q.c6;
      ws[wStore + 7 * threads] = q.c7;
      context.localBarrier(); // the step is staged
      int next = Math.min(first + both, end - both);
      load(p, x, row, next + column, m, k, tile);
      load(q, w, next / 16 * paddedN * 8 + wIndex, tile, paddedN);
      for (int part = 0; part < step / 16; part++) {
        int a = own * 4 + part * tile * 32 + xBlocks;
        int b = own * 4 + part * tile * 32 + wBlocks;
        HalfFloat[] a0 = context.mmaLoadA(xs, 16, a);
        HalfFloat[] a1 = context.mmaLoadA(xs, 16, a + 512);
        HalfFloat[] b0 = context.mmaLoadB(ws, 16, b + 0);
        HalfFloat[] b1 = context.mmaLoadB(ws, 16, b + 256);
        HalfFloat[] b2 = context.mmaLoadB(ws, 16, b + 512);
        HalfFloat[] b3 = context.mmaLoadB(ws, 16, b + 768);
        HalfFloat[] b4 = context.mmaLoadB(ws, 16, b + 1024);
        HalfFloat[] b5 = context.mmaLoadB(ws, 16, b + 1280);
        HalfFloat[] b6 = context.mmaLoadB(ws, 16, b + 1536);
        HalfFloat[] b7 = context.mmaLoadB(ws, 16, b + 1792);
        c00 = context.mma(a0, b0, c00, MMAShape.M16N8K16);
        c01 = context.mma(a0, b1, c01, MMAShape.M16N8K16);
        c02 = context.mma(a0, b2, c02, MMAShape.M16N8K16);
        c03 = context.mma(a0, b3, c03, MMAShape.M16N8K16);
        c04 = context.mma(a0, b4, c04, MMAShape.M16N8K16);
        c05 = context.mma(a0, b5, c05, MMAShape.M16N8K16);
        c06 = context.mma(a0, b6, c06, MMAShape.M16N8K16);
        c07 = context.mma(a0, b7, c07, MMAShape.M16N8K16);
        c10 = context.mma(a1, b0, c10, MMAShape.M16N8K16);
        c11 = context.mma(a1, b1, c11, MMAShape.M16N8K16);
        c12 = context.mma(a1, b2, c12, MMAShape.M16N8K16);
        c13 = context.mma(a1, b3, c13, MMAShape.M16N8K16);
        c14 = context.mma(a1, b4, c14, MMAShape.M16N8K16);
        c15 = context.mma(a1, b5, c15, MMAShape.M16N8K16);
        c16 = context.mma(a1, b6, c16, MMAShape.M16N8K16);
        c17 = context.mma(a1, b7, c17, MMAShape.M16N8K16);
      }
    }
    int top = firstRow + xBlocks / 32;
    int left = firstCol + wBlocks / 32;
    int lane = thread % 32;
    int ofSlice = slice * Padding.up(m, FRAGMENT); // rows of sums before its own
    int to = top + ofSlice;
    if (top < m) {
      context.mmaStore(c00, sums, to, left + 0, paddedN);
      context.mmaStore(c01, sums, to, left + 8, paddedN);
      context.mmaStore(c02, sums, to, left + 16, paddedN);
      context.mmaStore(c03, sums, to, left + 24, paddedN);
      context.mmaStore(c04, sums, to, left + 32, paddedN);
      context.mmaStore(c05, sums, to, left + 40, paddedN);
      context.mmaStore(c06, sums, to, left + 48, paddedN);
      context.mmaStore(c07, sums, to, left + 56, paddedN);
    }
    if (top + 16 < m) {
      context.mmaStore(c10, sums, to + 16, left + 0, paddedN);
      context.mmaStore(c11, sums, to + 16, left + 8, paddedN);
      context.mmaStore(c12, sums, to + 16, left + 16, paddedN);
      context.mmaStore(c13, sums, to + 16, left + 24, paddedN);
      context.mmaStore(c14, sums, to + 16, left + 32, paddedN);
      context.mmaStore(c15, sums, to + 16, left + 40, paddedN);
      context.mmaStore(c16, sums, to + 16, left + 48, paddedN);
      context.mmaStore(c17, sums, to + 16, left + 56, paddedN);
    }
    context.localBarrier(); // for the compiler, which knows of no store that it would wait for
    for (int s = 0; s < slices && slices > 1; s++) {
      if (slice == s) {
        for (int down = 0; down < 4; down++) {
          int i = top + down * 8 + lane / 4;
          for (int across = 0; across < 16; across++) {
            int j = left + across / 2 * 8 + lane % 4 * 2 + across % 2;
            int at = (i - firstRow) * tile + j - firstCol;
            if (i < m) {
              float sum = sums.get((ofSlice + i) * paddedN + j);
              total[at] = s == 0 ? sum : total[at] + sum;
            }
          }
        }
      }
      context.localBarrier(); // the next slice adds
    }
    if (slices == 1) {
      for (int down = 0; down < 4; down++) {
        int i = top + down * 8 + lane / 4;
        for (int across = 0; across < 16; across++) {
          int j = left + across / 2 * 8 + lane % 4 * 2 + across % 2;
          if (i < m && (n % tile == 0 || j < n)) {
            float sum = sums.get(i * paddedN + j);
            store(y, halves, added, vectors, scale, sum, i * n + j, j, n, epilogue);
          }
        }
      }
    } else {
      for (int at = context.localIdx; at < tile * tile; at += threads * slices) {
        int i = firstRow + at / tile;
        int j = firstCol + at % tile;
        if (i < m && (n % tile == 0 || j < n)) {
          store(y, halves, added, vectors, scale, total[at], i * n + j, j, n, epilogue);
        }
      }
    }
  }

  private static void store(
      FloatArray y,
      HalfFloatArray halves,
      FloatArray added,
      FloatArray vectors,
      int scale,
      float sum,
      int at,
      int column,
      int n,
      int epilogue) {
    float value = sum * vectors.get(scale + column) + vectors.get(scale + n + column);
    Halves.store(
        y,
        halves,
        at,
        TornadoEpilogue.finish(value, epilogue % TO_HALVES, added, at),
        epilogue / TO_HALVES);
  }

  /** Reads pairs of neighbours of eight rows of x, tile / 8 apart, from a column on. */
  private static void load(Ints8 p, HalfFloatArray x, int row, int column, int m, int k, int tile) {
    int rows = tile / 8;
    boolean inside = k % (tile / 4) == 0; // No step goes beyond k.
    int low = inside ? column : Math.min(column, k - 1);
    int high = inside ? column + 1 : Math.min(column + 1, k - 1);
    int kept = inside || column + 1 < k ? -1 : column < k ? 0xffff : 0;
    p.c0 = kept & pair(x, row + 0 * rows, low, high, m, k);
    p.c1 = kept & pair(x, row + 1 * rows, low, high, m, k);
    p.c2 = kept & pair(x, row + 2 * rows, low, high, m, k);
    p.c3 = kept & pair(x, row + 3 * rows, low, high, m, k);
    p.c4 = kept & pair(x, row + 4 * rows, low, high, m, k);
    p.c5 = kept & pair(x, row + 5 * rows, low, high, m, k);
    p.c6 = kept & pair(x, row + 6 * rows, low, high, m, k);
    p.c7 = kept & pair(x, row + 7 * rows, low, high, m, k);
  }

  /** Two elements of a row of x; of the last row where there are no more. */
  private static int pair(HalfFloatArray x, int row, int low, int high, int m, int k) {
    int start = Math.min(row, m - 1) * k;
    return (x.get(start + low).getHalfFloatValue() & 0xffff)
        | ((x.get(start + high).getHalfFloatValue() & 0xffff) << 16);
  }

  /** Reads eight pairs of w: a step has tile / 8 blocks side by side for every 16 of k. */
  private static void load(Ints8 q, IntArray w, int at, int tile, int paddedN) {
    int threads = tile * tile / 64;
    q.c0 = w.get(at + index(0 * threads, tile, paddedN));
    q.c1 = w.get(at + index(1 * threads, tile, paddedN));
    q.c2 = w.get(at + index(2 * threads, tile, paddedN));
    q.c3 = w.get(at + index(3 * threads, tile, paddedN));
    q.c4 = w.get(at + index(4 * threads, tile, paddedN));
    q.c5 = w.get(at + index(5 * threads, tile, paddedN));
    q.c6 = w.get(at + index(6 * threads, tile, paddedN));
    q.c7 = w.get(at + index(7 * threads, tile, paddedN));
  }

  private static int index(int pair, int tile, int paddedN) {
    return pair / (tile * 8) * paddedN * 8 + pair % (tile * 8);
  }
}
