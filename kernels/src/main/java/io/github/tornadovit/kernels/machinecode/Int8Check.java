package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.PortableInt8Loops;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Calls every int8 function once and compares with plain Java, which must give the same bits: see
 * {@link LoopsCheck}.
 */
final class Int8Check {
  /** Products that reach every part of every loop. */
  static final List<Shape> SHAPES =
      List.of(
          new Shape(64, tile -> IntStream.of(2 * tile + 3)),
          new Shape(117, tile -> IntStream.rangeClosed(1, tile)),
          new Shape(600, tile -> IntStream.of(3, 2 * tile + tile / 2 + 1)));

  /**
   * A depth, and the numbers of rows to be tried for the rows of a tile, the largest last.
   *
   * @param depth 117 is not a multiple of a vector or group, 600 more than is read at once
   */
  record Shape(int depth, IntFunction<IntStream> rowsOfTile) {
    int[] rows(CodedLoops loops) {
      return rowsOfTile.apply(loops.tileRows()).toArray();
    }
  }

  private Int8Check() {}

  /** Whether some result is wrong. */
  static boolean isWrong(CodedLoops loops) {
    int width = loops.panelColumns();
    for (Shape shape : SHAPES) {
      int depth = shape.depth();
      int[] counts = shape.rows(loops);
      int most = counts[counts.length - 1];
      Weight weight = Weight.of("check", width, depth, values(width * depth, 1));
      float[] bias = values(width, 2);
      float[] x = values(most * depth, 3);
      CodedFactors factors = CodedFactors.of(loops, x, weight);
      float[] right = CodedFactors.of(new PortableInt8Loops(width), x, weight).product(most, bias);
      for (int rows : counts) {
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
