package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;

/**
 * Calls every function of bf16 once and compares with the definition, in double: see {@link
 * LoopsCheck}.
 */
final class Bf16Check {
  /** Deep enough for every part of a loop; the second is not a multiple of a vector or pair. */
  private static final int[] DEPTHS = {64, 117};

  /** Of float sums of so many products. */
  private static final double TOLERANCE = 1e-5;

  private Bf16Check() {}

  /** Whether some result is wrong. */
  static boolean isWrong(CodedLoops loops) {
    int width = loops.panelColumns();
    for (int depth : DEPTHS) {
      float[] w = Int8Check.values(width * depth, 1);
      float[] bias = Int8Check.values(width, 2);
      CodedPanels panels = loops.pack(Weight.of("check", width, depth, w));
      for (int rows = 1; rows <= loops.tileRows(); rows++) {
        float[] x = Int8Check.values(rows * depth, 3);
        RowCodes codes = new RowCodes();
        codes.reserve(rows, loops.rowBytes(depth));
        for (int row = 0; row < rows; row++) {
          loops.encode(x, row * depth, depth, codes, row);
        }
        float[] c = new float[rows * width];
        loops.multiplyTile(codes, 0, rows, panels, 0, panels.ends(bias), c, 0);
        for (int i = 0; i < c.length; i++) {
          if (!isNear(c[i], x, i / width * depth, w, i % width * depth, depth, bias[i % width])) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isNear(
      float result, float[] x, int row, float[] w, int column, int depth, float bias) {
    double sum = bias;
    double size = Math.abs(bias);
    for (int k = 0; k < depth; k++) {
      double product = (double) Bf16.round(x[row + k]) * Bf16.round(w[column + k]);
      sum += product;
      size += Math.abs(product);
    }
    return Math.abs(result - sum) <= TOLERANCE * size;
  }
}
