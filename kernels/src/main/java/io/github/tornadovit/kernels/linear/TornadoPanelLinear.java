package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.WeightLayout;
import io.github.tornadovit.kernels.launch.WeightSlot;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.collections.VectorFloat16;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * Matrix product with a fused epilogue, for CPU devices of OpenCL: one thread per panel of {@value
 * #COLS} outputs, {@value #ROWS} rows at a time, weights as vectors of 16.
 *
 * <p>Math and shapes as {@link TornadoLinear}, but from vector {@code offset} on {@code w} holds W
 * in panels {@code [ceil(n / 16)][k + 1][16]}: lane {@code j % 16} of vector {@code (j / 16) (k +
 * 1) + q} is {@code W[j,q]}, vector k of a panel its bias, zeros beyond n.
 *
 * <p>Grid: none; TornadoVM shares the panels among the cores.
 *
 * <p>Requires: m, n ≥ 1, k ≥ 16. Not for PTX or CUDA, which have no vectors of 16.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoPanelLinear implements DeviceOperation {
  static final int ROWS = 8;
  static final int COLS = 16;

  private final MatrixProduct product;
  private final WeightSlot<VectorFloat16> weights;

  /** Packs the weights of a product. */
  public TornadoPanelLinear(MatrixProduct product, WeightLayout layout) {
    this.product = product;
    int panel = product.depth() + 1;
    weights =
        layout.vectors(
            product.weightKey("panels"),
            Math.multiplyExact(Math.ceilDiv(product.columns(), COLS), panel),
            values ->
                product.packWeights(
                    (row, column, value) ->
                        values.set((row / COLS * panel + column) * COLS + row % COLS, value),
                    (column, value) ->
                        values.set(
                            (column / COLS * panel + panel - 1) * COLS + column % COLS, value)));
  }

  /**
   * True unless the loop along k is so short that TornadoVM unrolls it, and then fails to compile.
   */
  public static boolean takes(MatrixProduct product) {
    return product.depth() >= 16;
  }

  @Override
  public void record(TaskRecorder recorder) {
    recorder
        .graph()
        .task(
            recorder.parallel(product.kernel() + "_panels"),
            TornadoPanelLinear::linear,
            recorder.array(product.input()),
            weights.array(),
            recorder.array(product.output()),
            weights.offset(),
            product.rows(recorder.batch()),
            product.columns(),
            product.depth(),
            product.epilogue(),
            product.patchHeight(),
            product.patchWidth(),
            product.height(),
            product.width(),
            product.prefix());
  }

  /** The kernel. */
  public static void linear(
      FloatArray x,
      VectorFloat16 w,
      FloatArray y,
      int offset,
      int m,
      int n,
      int k,
      int epilogue,
      int patchHeight,
      int patchWidth,
      int height,
      int width,
      int prefix) {
    for (@Parallel int panel = 0; panel < (n + COLS - 1) / COLS; panel++) {
      int first = offset + panel * (k + 1);
      int col = panel * COLS;
      int lanes = n % COLS == 0 ? COLS : Math.min(n - col, COLS);
      int add = epilogue == TornadoEpilogue.RESIDUAL ? 1 : 0;
      for (int row = 0; row < m; row += ROWS) {
        Float16 s0 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x0 =
            PatchGather.rowStart(
                Math.min(row + 0, m - 1), k, patchHeight, patchWidth, height, width);
        Float16 s1 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x1 =
            PatchGather.rowStart(
                Math.min(row + 1, m - 1), k, patchHeight, patchWidth, height, width);
        Float16 s2 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x2 =
            PatchGather.rowStart(
                Math.min(row + 2, m - 1), k, patchHeight, patchWidth, height, width);
        Float16 s3 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x3 =
            PatchGather.rowStart(
                Math.min(row + 3, m - 1), k, patchHeight, patchWidth, height, width);
        Float16 s4 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x4 =
            PatchGather.rowStart(
                Math.min(row + 4, m - 1), k, patchHeight, patchWidth, height, width);
        Float16 s5 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x5 =
            PatchGather.rowStart(
                Math.min(row + 5, m - 1), k, patchHeight, patchWidth, height, width);
        Float16 s6 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x6 =
            PatchGather.rowStart(
                Math.min(row + 6, m - 1), k, patchHeight, patchWidth, height, width);
        Float16 s7 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x7 =
            PatchGather.rowStart(
                Math.min(row + 7, m - 1), k, patchHeight, patchWidth, height, width);
        for (int kk = 0; kk < k; kk++) {
          int column = PatchGather.columnOffset(kk, patchHeight, patchWidth, height, width);
          Float16 v = w.get(first + kk);
          s0 = Float16.add(s0, Float16.mult(v, x.get(x0 + column)));
          s1 = Float16.add(s1, Float16.mult(v, x.get(x1 + column)));
          s2 = Float16.add(s2, Float16.mult(v, x.get(x2 + column)));
          s3 = Float16.add(s3, Float16.mult(v, x.get(x3 + column)));
          s4 = Float16.add(s4, Float16.mult(v, x.get(x4 + column)));
          s5 = Float16.add(s5, Float16.mult(v, x.get(x5 + column)));
          s6 = Float16.add(s6, Float16.mult(v, x.get(x6 + column)));
          s7 = Float16.add(s7, Float16.mult(v, x.get(x7 + column)));
        }
        Float16 bias = w.get(first + k);
        if (row + 0 < m) {
          int at =
              PatchGather.outputRow(row + 0, patchHeight, patchWidth, height, width, prefix) * n
                  + col;
          storeLow(y, at, Float16.add(s0, bias), lanes, add);
          storeHigh(y, at, Float16.add(s0, bias), lanes, add);
        }
        if (row + 1 < m) {
          int at =
              PatchGather.outputRow(row + 1, patchHeight, patchWidth, height, width, prefix) * n
                  + col;
          storeLow(y, at, Float16.add(s1, bias), lanes, add);
          storeHigh(y, at, Float16.add(s1, bias), lanes, add);
        }
        if (row + 2 < m) {
          int at =
              PatchGather.outputRow(row + 2, patchHeight, patchWidth, height, width, prefix) * n
                  + col;
          storeLow(y, at, Float16.add(s2, bias), lanes, add);
          storeHigh(y, at, Float16.add(s2, bias), lanes, add);
        }
        if (row + 3 < m) {
          int at =
              PatchGather.outputRow(row + 3, patchHeight, patchWidth, height, width, prefix) * n
                  + col;
          storeLow(y, at, Float16.add(s3, bias), lanes, add);
          storeHigh(y, at, Float16.add(s3, bias), lanes, add);
        }
        if (row + 4 < m) {
          int at =
              PatchGather.outputRow(row + 4, patchHeight, patchWidth, height, width, prefix) * n
                  + col;
          storeLow(y, at, Float16.add(s4, bias), lanes, add);
          storeHigh(y, at, Float16.add(s4, bias), lanes, add);
        }
        if (row + 5 < m) {
          int at =
              PatchGather.outputRow(row + 5, patchHeight, patchWidth, height, width, prefix) * n
                  + col;
          storeLow(y, at, Float16.add(s5, bias), lanes, add);
          storeHigh(y, at, Float16.add(s5, bias), lanes, add);
        }
        if (row + 6 < m) {
          int at =
              PatchGather.outputRow(row + 6, patchHeight, patchWidth, height, width, prefix) * n
                  + col;
          storeLow(y, at, Float16.add(s6, bias), lanes, add);
          storeHigh(y, at, Float16.add(s6, bias), lanes, add);
        }
        if (row + 7 < m) {
          int at =
              PatchGather.outputRow(row + 7, patchHeight, patchWidth, height, width, prefix) * n
                  + col;
          storeLow(y, at, Float16.add(s7, bias), lanes, add);
          storeHigh(y, at, Float16.add(s7, bias), lanes, add);
        }
        if (epilogue != TornadoEpilogue.NONE && epilogue != TornadoEpilogue.RESIDUAL) {
          for (int r = row; r < Math.min(row + ROWS, m); r++) {
            for (int c = col; c < Math.min(col + COLS, n); c++) {
              int at = r * n + c;
              y.set(at, TornadoEpilogue.apply(y.get(at), epilogue));
            }
          }
        }
      }
    }
  }

  /** Stores, or adds, the first lanes; in halves, as TornadoVM inlines up to 600 nodes. */
  private static void storeLow(FloatArray y, int at, Float16 sums, int lanes, int add) {
    if (0 < lanes) {
      y.set(at + 0, sums.getS0() + (add > 0 ? y.get(at + 0) : 0f));
    }
    if (1 < lanes) {
      y.set(at + 1, sums.getS1() + (add > 0 ? y.get(at + 1) : 0f));
    }
    if (2 < lanes) {
      y.set(at + 2, sums.getS2() + (add > 0 ? y.get(at + 2) : 0f));
    }
    if (3 < lanes) {
      y.set(at + 3, sums.getS3() + (add > 0 ? y.get(at + 3) : 0f));
    }
    if (4 < lanes) {
      y.set(at + 4, sums.getS4() + (add > 0 ? y.get(at + 4) : 0f));
    }
    if (5 < lanes) {
      y.set(at + 5, sums.getS5() + (add > 0 ? y.get(at + 5) : 0f));
    }
    if (6 < lanes) {
      y.set(at + 6, sums.getS6() + (add > 0 ? y.get(at + 6) : 0f));
    }
    if (7 < lanes) {
      y.set(at + 7, sums.getS7() + (add > 0 ? y.get(at + 7) : 0f));
    }
  }

  private static void storeHigh(FloatArray y, int at, Float16 sums, int lanes, int add) {
    if (8 < lanes) {
      y.set(at + 8, sums.getS8() + (add > 0 ? y.get(at + 8) : 0f));
    }
    if (9 < lanes) {
      y.set(at + 9, sums.getS9() + (add > 0 ? y.get(at + 9) : 0f));
    }
    if (10 < lanes) {
      y.set(at + 10, sums.getS10() + (add > 0 ? y.get(at + 10) : 0f));
    }
    if (11 < lanes) {
      y.set(at + 11, sums.getS11() + (add > 0 ? y.get(at + 11) : 0f));
    }
    if (12 < lanes) {
      y.set(at + 12, sums.getS12() + (add > 0 ? y.get(at + 12) : 0f));
    }
    if (13 < lanes) {
      y.set(at + 13, sums.getS13() + (add > 0 ? y.get(at + 13) : 0f));
    }
    if (14 < lanes) {
      y.set(at + 14, sums.getS14() + (add > 0 ? y.get(at + 14) : 0f));
    }
    if (15 < lanes) {
      y.set(at + 15, sums.getS15() + (add > 0 ? y.get(at + 15) : 0f));
    }
  }
}
