package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.PortableInt8Loops;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Arrays;

/**
 * Calls every int8 function once and compares with plain Java, which must give the same bits: see
 * {@link LoopsCheck}.
 */
final class Int8Check {
  /** Deep enough for every part of a loop; the second is not a multiple of a vector or group. */
  private static final int[] DEPTHS = {64, 117};

  private Int8Check() {}

  /** Whether some result is wrong. */
  static boolean isWrong(CodedLoops loops) {
    int width = loops.panelColumns();
    int most = loops.tileRows();
    for (int depth : DEPTHS) {
      Weight weight = Weight.of("check", width, depth, values(width * depth, 1));
      float[] bias = values(width, 2);
      float[] x = values(most * depth, 3);
      CodedFactors factors = CodedFactors.of(loops, x, weight);
      float[] right = CodedFactors.of(new PortableInt8Loops(width), x, weight).product(most, bias);
      for (int rows = 1; rows <= most; rows++) {
        if (!Arrays.equals(factors.product(rows, bias), Arrays.copyOf(right, rows * width))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Values of both signs and any size up to the largest, which stands in every row. */
  static float[] values(int count, int seed) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * Math.sin(i * 1.7 + seed) + (i % 5 == 0 ? 3 : 0));
    }
    return values;
  }
}
