package io.github.tornadovit.kernels.linear;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.collections.VectorFloat16;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * Matrix product with a fused epilogue, for CPU devices of OpenCL: one thread per panel of 16
 * outputs, 8 rows at a time, weights as vectors of 16.
 *
 * <p>Math and shapes as {@link TornadoLinear}, but {@code w} holds W in panels, {@code w[(j / 16) k
 * + q] [j % 16] = W[j,q]}, zeros beyond n.
 *
 * <p>Grid: none; TornadoVM shares the panels among the cores.
 *
 * <p>Requires: m, n, k ≥ 1. Not for PTX or CUDA, which have no vectors of 16.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoPanelLinear {
  private TornadoPanelLinear() {}

  static final int ROWS = 8;
  static final int COLS = 16;

  public static void linear(
      FloatArray x,
      VectorFloat16 w,
      FloatArray bias,
      FloatArray y,
      int m,
      int n,
      int k,
      int epilogue,
      int patch,
      int side,
      int prefix) {
    for (@Parallel int panel = 0; panel < (n + COLS - 1) / COLS; panel++) {
      for (int row = 0; row < m; row += ROWS) {
        Float16 s0 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x0 = TornadoLinear.rowStart(Math.min(row + 0, m - 1), k, patch, side);
        Float16 s1 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x1 = TornadoLinear.rowStart(Math.min(row + 1, m - 1), k, patch, side);
        Float16 s2 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x2 = TornadoLinear.rowStart(Math.min(row + 2, m - 1), k, patch, side);
        Float16 s3 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x3 = TornadoLinear.rowStart(Math.min(row + 3, m - 1), k, patch, side);
        Float16 s4 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x4 = TornadoLinear.rowStart(Math.min(row + 4, m - 1), k, patch, side);
        Float16 s5 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x5 = TornadoLinear.rowStart(Math.min(row + 5, m - 1), k, patch, side);
        Float16 s6 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x6 = TornadoLinear.rowStart(Math.min(row + 6, m - 1), k, patch, side);
        Float16 s7 = new Float16(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        int x7 = TornadoLinear.rowStart(Math.min(row + 7, m - 1), k, patch, side);
        for (int kk = 0; kk < k; kk++) {
          int column = TornadoLinear.columnOffset(kk, patch, side);
          Float16 v = w.get(panel * k + kk);
          s0 = Float16.add(s0, Float16.mult(v, x.get(x0 + column)));
          s1 = Float16.add(s1, Float16.mult(v, x.get(x1 + column)));
          s2 = Float16.add(s2, Float16.mult(v, x.get(x2 + column)));
          s3 = Float16.add(s3, Float16.mult(v, x.get(x3 + column)));
          s4 = Float16.add(s4, Float16.mult(v, x.get(x4 + column)));
          s5 = Float16.add(s5, Float16.mult(v, x.get(x5 + column)));
          s6 = Float16.add(s6, Float16.mult(v, x.get(x6 + column)));
          s7 = Float16.add(s7, Float16.mult(v, x.get(x7 + column)));
        }
        int col = panel * COLS;
        if (row + 0 < m) {
          int at = TornadoLinear.outputRow(row + 0, patch, side, prefix) * n + col;
          if (n % COLS == 0 || col + 0 < n)
            y.set(
                at + 0,
                s0.getS0()
                    + bias.get(col + 0)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 0) : 0f));
          if (n % COLS == 0 || col + 1 < n)
            y.set(
                at + 1,
                s0.getS1()
                    + bias.get(col + 1)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 1) : 0f));
          if (n % COLS == 0 || col + 2 < n)
            y.set(
                at + 2,
                s0.getS2()
                    + bias.get(col + 2)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 2) : 0f));
          if (n % COLS == 0 || col + 3 < n)
            y.set(
                at + 3,
                s0.getS3()
                    + bias.get(col + 3)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 3) : 0f));
          if (n % COLS == 0 || col + 4 < n)
            y.set(
                at + 4,
                s0.getS4()
                    + bias.get(col + 4)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 4) : 0f));
          if (n % COLS == 0 || col + 5 < n)
            y.set(
                at + 5,
                s0.getS5()
                    + bias.get(col + 5)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 5) : 0f));
          if (n % COLS == 0 || col + 6 < n)
            y.set(
                at + 6,
                s0.getS6()
                    + bias.get(col + 6)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 6) : 0f));
          if (n % COLS == 0 || col + 7 < n)
            y.set(
                at + 7,
                s0.getS7()
                    + bias.get(col + 7)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 7) : 0f));
          if (n % COLS == 0 || col + 8 < n)
            y.set(
                at + 8,
                s0.getS8()
                    + bias.get(col + 8)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 8) : 0f));
          if (n % COLS == 0 || col + 9 < n)
            y.set(
                at + 9,
                s0.getS9()
                    + bias.get(col + 9)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 9) : 0f));
          if (n % COLS == 0 || col + 10 < n)
            y.set(
                at + 10,
                s0.getS10()
                    + bias.get(col + 10)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 10) : 0f));
          if (n % COLS == 0 || col + 11 < n)
            y.set(
                at + 11,
                s0.getS11()
                    + bias.get(col + 11)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 11) : 0f));
          if (n % COLS == 0 || col + 12 < n)
            y.set(
                at + 12,
                s0.getS12()
                    + bias.get(col + 12)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 12) : 0f));
          if (n % COLS == 0 || col + 13 < n)
            y.set(
                at + 13,
                s0.getS13()
                    + bias.get(col + 13)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 13) : 0f));
          if (n % COLS == 0 || col + 14 < n)
            y.set(
                at + 14,
                s0.getS14()
                    + bias.get(col + 14)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 14) : 0f));
          if (n % COLS == 0 || col + 15 < n)
            y.set(
                at + 15,
                s0.getS15()
                    + bias.get(col + 15)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 15) : 0f));
        }
        if (row + 1 < m) {
          int at = TornadoLinear.outputRow(row + 1, patch, side, prefix) * n + col;
          if (n % COLS == 0 || col + 0 < n)
            y.set(
                at + 0,
                s1.getS0()
                    + bias.get(col + 0)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 0) : 0f));
          if (n % COLS == 0 || col + 1 < n)
            y.set(
                at + 1,
                s1.getS1()
                    + bias.get(col + 1)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 1) : 0f));
          if (n % COLS == 0 || col + 2 < n)
            y.set(
                at + 2,
                s1.getS2()
                    + bias.get(col + 2)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 2) : 0f));
          if (n % COLS == 0 || col + 3 < n)
            y.set(
                at + 3,
                s1.getS3()
                    + bias.get(col + 3)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 3) : 0f));
          if (n % COLS == 0 || col + 4 < n)
            y.set(
                at + 4,
                s1.getS4()
                    + bias.get(col + 4)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 4) : 0f));
          if (n % COLS == 0 || col + 5 < n)
            y.set(
                at + 5,
                s1.getS5()
                    + bias.get(col + 5)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 5) : 0f));
          if (n % COLS == 0 || col + 6 < n)
            y.set(
                at + 6,
                s1.getS6()
                    + bias.get(col + 6)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 6) : 0f));
          if (n % COLS == 0 || col + 7 < n)
            y.set(
                at + 7,
                s1.getS7()
                    + bias.get(col + 7)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 7) : 0f));
          if (n % COLS == 0 || col + 8 < n)
            y.set(
                at + 8,
                s1.getS8()
                    + bias.get(col + 8)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 8) : 0f));
          if (n % COLS == 0 || col + 9 < n)
            y.set(
                at + 9,
                s1.getS9()
                    + bias.get(col + 9)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 9) : 0f));
          if (n % COLS == 0 || col + 10 < n)
            y.set(
                at + 10,
                s1.getS10()
                    + bias.get(col + 10)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 10) : 0f));
          if (n % COLS == 0 || col + 11 < n)
            y.set(
                at + 11,
                s1.getS11()
                    + bias.get(col + 11)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 11) : 0f));
          if (n % COLS == 0 || col + 12 < n)
            y.set(
                at + 12,
                s1.getS12()
                    + bias.get(col + 12)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 12) : 0f));
          if (n % COLS == 0 || col + 13 < n)
            y.set(
                at + 13,
                s1.getS13()
                    + bias.get(col + 13)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 13) : 0f));
          if (n % COLS == 0 || col + 14 < n)
            y.set(
                at + 14,
                s1.getS14()
                    + bias.get(col + 14)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 14) : 0f));
          if (n % COLS == 0 || col + 15 < n)
            y.set(
                at + 15,
                s1.getS15()
                    + bias.get(col + 15)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 15) : 0f));
        }
        if (row + 2 < m) {
          int at = TornadoLinear.outputRow(row + 2, patch, side, prefix) * n + col;
          if (n % COLS == 0 || col + 0 < n)
            y.set(
                at + 0,
                s2.getS0()
                    + bias.get(col + 0)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 0) : 0f));
          if (n % COLS == 0 || col + 1 < n)
            y.set(
                at + 1,
                s2.getS1()
                    + bias.get(col + 1)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 1) : 0f));
          if (n % COLS == 0 || col + 2 < n)
            y.set(
                at + 2,
                s2.getS2()
                    + bias.get(col + 2)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 2) : 0f));
          if (n % COLS == 0 || col + 3 < n)
            y.set(
                at + 3,
                s2.getS3()
                    + bias.get(col + 3)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 3) : 0f));
          if (n % COLS == 0 || col + 4 < n)
            y.set(
                at + 4,
                s2.getS4()
                    + bias.get(col + 4)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 4) : 0f));
          if (n % COLS == 0 || col + 5 < n)
            y.set(
                at + 5,
                s2.getS5()
                    + bias.get(col + 5)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 5) : 0f));
          if (n % COLS == 0 || col + 6 < n)
            y.set(
                at + 6,
                s2.getS6()
                    + bias.get(col + 6)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 6) : 0f));
          if (n % COLS == 0 || col + 7 < n)
            y.set(
                at + 7,
                s2.getS7()
                    + bias.get(col + 7)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 7) : 0f));
          if (n % COLS == 0 || col + 8 < n)
            y.set(
                at + 8,
                s2.getS8()
                    + bias.get(col + 8)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 8) : 0f));
          if (n % COLS == 0 || col + 9 < n)
            y.set(
                at + 9,
                s2.getS9()
                    + bias.get(col + 9)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 9) : 0f));
          if (n % COLS == 0 || col + 10 < n)
            y.set(
                at + 10,
                s2.getS10()
                    + bias.get(col + 10)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 10) : 0f));
          if (n % COLS == 0 || col + 11 < n)
            y.set(
                at + 11,
                s2.getS11()
                    + bias.get(col + 11)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 11) : 0f));
          if (n % COLS == 0 || col + 12 < n)
            y.set(
                at + 12,
                s2.getS12()
                    + bias.get(col + 12)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 12) : 0f));
          if (n % COLS == 0 || col + 13 < n)
            y.set(
                at + 13,
                s2.getS13()
                    + bias.get(col + 13)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 13) : 0f));
          if (n % COLS == 0 || col + 14 < n)
            y.set(
                at + 14,
                s2.getS14()
                    + bias.get(col + 14)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 14) : 0f));
          if (n % COLS == 0 || col + 15 < n)
            y.set(
                at + 15,
                s2.getS15()
                    + bias.get(col + 15)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 15) : 0f));
        }
        if (row + 3 < m) {
          int at = TornadoLinear.outputRow(row + 3, patch, side, prefix) * n + col;
          if (n % COLS == 0 || col + 0 < n)
            y.set(
                at + 0,
                s3.getS0()
                    + bias.get(col + 0)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 0) : 0f));
          if (n % COLS == 0 || col + 1 < n)
            y.set(
                at + 1,
                s3.getS1()
                    + bias.get(col + 1)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 1) : 0f));
          if (n % COLS == 0 || col + 2 < n)
            y.set(
                at + 2,
                s3.getS2()
                    + bias.get(col + 2)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 2) : 0f));
          if (n % COLS == 0 || col + 3 < n)
            y.set(
                at + 3,
                s3.getS3()
                    + bias.get(col + 3)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 3) : 0f));
          if (n % COLS == 0 || col + 4 < n)
            y.set(
                at + 4,
                s3.getS4()
                    + bias.get(col + 4)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 4) : 0f));
          if (n % COLS == 0 || col + 5 < n)
            y.set(
                at + 5,
                s3.getS5()
                    + bias.get(col + 5)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 5) : 0f));
          if (n % COLS == 0 || col + 6 < n)
            y.set(
                at + 6,
                s3.getS6()
                    + bias.get(col + 6)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 6) : 0f));
          if (n % COLS == 0 || col + 7 < n)
            y.set(
                at + 7,
                s3.getS7()
                    + bias.get(col + 7)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 7) : 0f));
          if (n % COLS == 0 || col + 8 < n)
            y.set(
                at + 8,
                s3.getS8()
                    + bias.get(col + 8)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 8) : 0f));
          if (n % COLS == 0 || col + 9 < n)
            y.set(
                at + 9,
                s3.getS9()
                    + bias.get(col + 9)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 9) : 0f));
          if (n % COLS == 0 || col + 10 < n)
            y.set(
                at + 10,
                s3.getS10()
                    + bias.get(col + 10)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 10) : 0f));
          if (n % COLS == 0 || col + 11 < n)
            y.set(
                at + 11,
                s3.getS11()
                    + bias.get(col + 11)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 11) : 0f));
          if (n % COLS == 0 || col + 12 < n)
            y.set(
                at + 12,
                s3.getS12()
                    + bias.get(col + 12)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 12) : 0f));
          if (n % COLS == 0 || col + 13 < n)
            y.set(
                at + 13,
                s3.getS13()
                    + bias.get(col + 13)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 13) : 0f));
          if (n % COLS == 0 || col + 14 < n)
            y.set(
                at + 14,
                s3.getS14()
                    + bias.get(col + 14)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 14) : 0f));
          if (n % COLS == 0 || col + 15 < n)
            y.set(
                at + 15,
                s3.getS15()
                    + bias.get(col + 15)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 15) : 0f));
        }
        if (row + 4 < m) {
          int at = TornadoLinear.outputRow(row + 4, patch, side, prefix) * n + col;
          if (n % COLS == 0 || col + 0 < n)
            y.set(
                at + 0,
                s4.getS0()
                    + bias.get(col + 0)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 0) : 0f));
          if (n % COLS == 0 || col + 1 < n)
            y.set(
                at + 1,
                s4.getS1()
                    + bias.get(col + 1)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 1) : 0f));
          if (n % COLS == 0 || col + 2 < n)
            y.set(
                at + 2,
                s4.getS2()
                    + bias.get(col + 2)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 2) : 0f));
          if (n % COLS == 0 || col + 3 < n)
            y.set(
                at + 3,
                s4.getS3()
                    + bias.get(col + 3)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 3) : 0f));
          if (n % COLS == 0 || col + 4 < n)
            y.set(
                at + 4,
                s4.getS4()
                    + bias.get(col + 4)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 4) : 0f));
          if (n % COLS == 0 || col + 5 < n)
            y.set(
                at + 5,
                s4.getS5()
                    + bias.get(col + 5)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 5) : 0f));
          if (n % COLS == 0 || col + 6 < n)
            y.set(
                at + 6,
                s4.getS6()
                    + bias.get(col + 6)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 6) : 0f));
          if (n % COLS == 0 || col + 7 < n)
            y.set(
                at + 7,
                s4.getS7()
                    + bias.get(col + 7)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 7) : 0f));
          if (n % COLS == 0 || col + 8 < n)
            y.set(
                at + 8,
                s4.getS8()
                    + bias.get(col + 8)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 8) : 0f));
          if (n % COLS == 0 || col + 9 < n)
            y.set(
                at + 9,
                s4.getS9()
                    + bias.get(col + 9)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 9) : 0f));
          if (n % COLS == 0 || col + 10 < n)
            y.set(
                at + 10,
                s4.getS10()
                    + bias.get(col + 10)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 10) : 0f));
          if (n % COLS == 0 || col + 11 < n)
            y.set(
                at + 11,
                s4.getS11()
                    + bias.get(col + 11)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 11) : 0f));
          if (n % COLS == 0 || col + 12 < n)
            y.set(
                at + 12,
                s4.getS12()
                    + bias.get(col + 12)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 12) : 0f));
          if (n % COLS == 0 || col + 13 < n)
            y.set(
                at + 13,
                s4.getS13()
                    + bias.get(col + 13)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 13) : 0f));
          if (n % COLS == 0 || col + 14 < n)
            y.set(
                at + 14,
                s4.getS14()
                    + bias.get(col + 14)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 14) : 0f));
          if (n % COLS == 0 || col + 15 < n)
            y.set(
                at + 15,
                s4.getS15()
                    + bias.get(col + 15)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 15) : 0f));
        }
        if (row + 5 < m) {
          int at = TornadoLinear.outputRow(row + 5, patch, side, prefix) * n + col;
          if (n % COLS == 0 || col + 0 < n)
            y.set(
                at + 0,
                s5.getS0()
                    + bias.get(col + 0)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 0) : 0f));
          if (n % COLS == 0 || col + 1 < n)
            y.set(
                at + 1,
                s5.getS1()
                    + bias.get(col + 1)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 1) : 0f));
          if (n % COLS == 0 || col + 2 < n)
            y.set(
                at + 2,
                s5.getS2()
                    + bias.get(col + 2)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 2) : 0f));
          if (n % COLS == 0 || col + 3 < n)
            y.set(
                at + 3,
                s5.getS3()
                    + bias.get(col + 3)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 3) : 0f));
          if (n % COLS == 0 || col + 4 < n)
            y.set(
                at + 4,
                s5.getS4()
                    + bias.get(col + 4)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 4) : 0f));
          if (n % COLS == 0 || col + 5 < n)
            y.set(
                at + 5,
                s5.getS5()
                    + bias.get(col + 5)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 5) : 0f));
          if (n % COLS == 0 || col + 6 < n)
            y.set(
                at + 6,
                s5.getS6()
                    + bias.get(col + 6)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 6) : 0f));
          if (n % COLS == 0 || col + 7 < n)
            y.set(
                at + 7,
                s5.getS7()
                    + bias.get(col + 7)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 7) : 0f));
          if (n % COLS == 0 || col + 8 < n)
            y.set(
                at + 8,
                s5.getS8()
                    + bias.get(col + 8)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 8) : 0f));
          if (n % COLS == 0 || col + 9 < n)
            y.set(
                at + 9,
                s5.getS9()
                    + bias.get(col + 9)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 9) : 0f));
          if (n % COLS == 0 || col + 10 < n)
            y.set(
                at + 10,
                s5.getS10()
                    + bias.get(col + 10)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 10) : 0f));
          if (n % COLS == 0 || col + 11 < n)
            y.set(
                at + 11,
                s5.getS11()
                    + bias.get(col + 11)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 11) : 0f));
          if (n % COLS == 0 || col + 12 < n)
            y.set(
                at + 12,
                s5.getS12()
                    + bias.get(col + 12)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 12) : 0f));
          if (n % COLS == 0 || col + 13 < n)
            y.set(
                at + 13,
                s5.getS13()
                    + bias.get(col + 13)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 13) : 0f));
          if (n % COLS == 0 || col + 14 < n)
            y.set(
                at + 14,
                s5.getS14()
                    + bias.get(col + 14)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 14) : 0f));
          if (n % COLS == 0 || col + 15 < n)
            y.set(
                at + 15,
                s5.getS15()
                    + bias.get(col + 15)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 15) : 0f));
        }
        if (row + 6 < m) {
          int at = TornadoLinear.outputRow(row + 6, patch, side, prefix) * n + col;
          if (n % COLS == 0 || col + 0 < n)
            y.set(
                at + 0,
                s6.getS0()
                    + bias.get(col + 0)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 0) : 0f));
          if (n % COLS == 0 || col + 1 < n)
            y.set(
                at + 1,
                s6.getS1()
                    + bias.get(col + 1)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 1) : 0f));
          if (n % COLS == 0 || col + 2 < n)
            y.set(
                at + 2,
                s6.getS2()
                    + bias.get(col + 2)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 2) : 0f));
          if (n % COLS == 0 || col + 3 < n)
            y.set(
                at + 3,
                s6.getS3()
                    + bias.get(col + 3)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 3) : 0f));
          if (n % COLS == 0 || col + 4 < n)
            y.set(
                at + 4,
                s6.getS4()
                    + bias.get(col + 4)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 4) : 0f));
          if (n % COLS == 0 || col + 5 < n)
            y.set(
                at + 5,
                s6.getS5()
                    + bias.get(col + 5)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 5) : 0f));
          if (n % COLS == 0 || col + 6 < n)
            y.set(
                at + 6,
                s6.getS6()
                    + bias.get(col + 6)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 6) : 0f));
          if (n % COLS == 0 || col + 7 < n)
            y.set(
                at + 7,
                s6.getS7()
                    + bias.get(col + 7)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 7) : 0f));
          if (n % COLS == 0 || col + 8 < n)
            y.set(
                at + 8,
                s6.getS8()
                    + bias.get(col + 8)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 8) : 0f));
          if (n % COLS == 0 || col + 9 < n)
            y.set(
                at + 9,
                s6.getS9()
                    + bias.get(col + 9)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 9) : 0f));
          if (n % COLS == 0 || col + 10 < n)
            y.set(
                at + 10,
                s6.getS10()
                    + bias.get(col + 10)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 10) : 0f));
          if (n % COLS == 0 || col + 11 < n)
            y.set(
                at + 11,
                s6.getS11()
                    + bias.get(col + 11)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 11) : 0f));
          if (n % COLS == 0 || col + 12 < n)
            y.set(
                at + 12,
                s6.getS12()
                    + bias.get(col + 12)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 12) : 0f));
          if (n % COLS == 0 || col + 13 < n)
            y.set(
                at + 13,
                s6.getS13()
                    + bias.get(col + 13)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 13) : 0f));
          if (n % COLS == 0 || col + 14 < n)
            y.set(
                at + 14,
                s6.getS14()
                    + bias.get(col + 14)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 14) : 0f));
          if (n % COLS == 0 || col + 15 < n)
            y.set(
                at + 15,
                s6.getS15()
                    + bias.get(col + 15)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 15) : 0f));
        }
        if (row + 7 < m) {
          int at = TornadoLinear.outputRow(row + 7, patch, side, prefix) * n + col;
          if (n % COLS == 0 || col + 0 < n)
            y.set(
                at + 0,
                s7.getS0()
                    + bias.get(col + 0)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 0) : 0f));
          if (n % COLS == 0 || col + 1 < n)
            y.set(
                at + 1,
                s7.getS1()
                    + bias.get(col + 1)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 1) : 0f));
          if (n % COLS == 0 || col + 2 < n)
            y.set(
                at + 2,
                s7.getS2()
                    + bias.get(col + 2)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 2) : 0f));
          if (n % COLS == 0 || col + 3 < n)
            y.set(
                at + 3,
                s7.getS3()
                    + bias.get(col + 3)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 3) : 0f));
          if (n % COLS == 0 || col + 4 < n)
            y.set(
                at + 4,
                s7.getS4()
                    + bias.get(col + 4)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 4) : 0f));
          if (n % COLS == 0 || col + 5 < n)
            y.set(
                at + 5,
                s7.getS5()
                    + bias.get(col + 5)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 5) : 0f));
          if (n % COLS == 0 || col + 6 < n)
            y.set(
                at + 6,
                s7.getS6()
                    + bias.get(col + 6)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 6) : 0f));
          if (n % COLS == 0 || col + 7 < n)
            y.set(
                at + 7,
                s7.getS7()
                    + bias.get(col + 7)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 7) : 0f));
          if (n % COLS == 0 || col + 8 < n)
            y.set(
                at + 8,
                s7.getS8()
                    + bias.get(col + 8)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 8) : 0f));
          if (n % COLS == 0 || col + 9 < n)
            y.set(
                at + 9,
                s7.getS9()
                    + bias.get(col + 9)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 9) : 0f));
          if (n % COLS == 0 || col + 10 < n)
            y.set(
                at + 10,
                s7.getS10()
                    + bias.get(col + 10)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 10) : 0f));
          if (n % COLS == 0 || col + 11 < n)
            y.set(
                at + 11,
                s7.getS11()
                    + bias.get(col + 11)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 11) : 0f));
          if (n % COLS == 0 || col + 12 < n)
            y.set(
                at + 12,
                s7.getS12()
                    + bias.get(col + 12)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 12) : 0f));
          if (n % COLS == 0 || col + 13 < n)
            y.set(
                at + 13,
                s7.getS13()
                    + bias.get(col + 13)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 13) : 0f));
          if (n % COLS == 0 || col + 14 < n)
            y.set(
                at + 14,
                s7.getS14()
                    + bias.get(col + 14)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 14) : 0f));
          if (n % COLS == 0 || col + 15 < n)
            y.set(
                at + 15,
                s7.getS15()
                    + bias.get(col + 15)
                    + (epilogue == TornadoEpilogue.RESIDUAL ? y.get(at + 15) : 0f));
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
}
