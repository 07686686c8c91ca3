package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.PortableInt8Loops;
import io.github.tornadovit.kernels.cpu.RowCodes;
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
    CodedLoops right = new PortableInt8Loops(width);
    for (int depth : DEPTHS) {
      Weight weight = Weight.of("check", width, depth, values(width * depth, 1));
      float[] bias = values(width, 2);
      for (int rows = 1; rows <= loops.tileRows(); rows++) {
        float[] x = values(rows * depth, 3);
        if (!Arrays.equals(
            product(loops, x, rows, weight, bias), product(right, x, rows, weight, bias))) {
          return true;
        }
      }
    }
    return false;
  }

  private static float[] product(
      CodedLoops loops, float[] x, int rows, Weight weight, float[] bias) {
    int depth = weight.columns();
    CodedPanels panels = loops.pack(weight);
    RowCodes codes = new RowCodes();
    codes.reserve(rows, loops.rowBytes(depth));
    for (int row = 0; row < rows; row++) {
      loops.encode(x, row * depth, depth, codes, row);
    }
    float[] c = new float[rows * loops.panelColumns()];
    for (int row = 0; row < rows; row += loops.tileRows()) {
      int height = Math.min(loops.tileRows(), rows - row);
      loops.multiplyTile(
          codes, row, height, panels, 0, panels.ends(bias), c, row * loops.panelColumns());
    }
    return c;
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
