package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.program.Weight;

/**
 * Calls every function of bf16 once and compares with the definition, in double: see {@link
 * LoopsCheck}.
 */
final class Bf16Check {
  /**
   * Of a float. A sum has less than its products and two more, in whatever order: see {@link Bf16}.
   */
  private static final double ROUNDING = 0x1p-24;

  private Bf16Check() {}

  /** Whether some result is wrong. */
  static boolean isWrong(CodedLoops loops) {
    int width = loops.panelColumns();
    for (Int8Check.Shape shape : Int8Check.SHAPES) {
      int depth = shape.depth();
      int[] counts = shape.rows(loops);
      int most = counts[counts.length - 1];
      float[] w = Int8Check.values(width * depth, 1);
      float[] bias = Int8Check.values(width, 2);
      float[] x = Int8Check.values(most * depth, 3);
      double[] right = new double[most * width];
      double[] sizes = new double[most * width];
      for (int i = 0; i < right.length; i++) {
        right[i] = bias[i % width];
        sizes[i] = Math.abs(bias[i % width]);
        for (int k = 0; k < depth; k++) {
          double factor = Bf16.round(x[i / width * depth + k]);
          double product = factor * Bf16.round(w[i % width * depth + k]);
          right[i] += product;
          sizes[i] += Math.abs(product);
        }
      }
      CodedFactors factors = CodedFactors.of(loops, x, Weight.of("check", width, depth, w));
      for (int rows : counts) {
        float[] c = factors.product(rows, bias);
        for (int i = 0; i < c.length; i++) {
          // False for NaN.
          if (!(Math.abs(c[i] - right[i]) <= (depth + 2) * ROUNDING * sizes[i])) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
