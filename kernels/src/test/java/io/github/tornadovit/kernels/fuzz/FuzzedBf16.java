package io.github.tornadovit.kernels.fuzz;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Assertions;

/**
 * Rows become bfloat16 and a tile is multiplied: codes by equality with the rules of {@link Bf16},
 * results within the bound of float32 sums.
 */
final class FuzzedBf16 implements LoopsTarget {

  @Override
  public String name() {
    return "bf16";
  }

  @Override
  public Parameters draw(Random random) {
    return new Parameters()
        .put("rows", random.nextInt(FuzzedInt8.MOST_ROWS))
        .size("depth", random, 800)
        .size("columns", random, 70)
        .flag("bias", random);
  }

  @Override
  public void check(InnerLoops inner, Parameters parameters, ValueSource values) {
    CodedLoops loops = Objects.requireNonNull(inner.bf16(), "no bf16 in these loops");
    int rows = 1 + parameters.get("rows") % loops.tileRows();
    int depth = parameters.get("depth");
    int columns = parameters.get("columns");
    int width = loops.panelColumns();
    float[] left = values.activations(rows, depth);
    float[] right = values.factors(columns, depth);
    int padded = Math.ceilDiv(columns, width) * width;
    float[] bias = parameters.is("bias") ? values.activations(1, padded) : new float[padded];
    values.plant();
    Matrix x = Matrix.of(values, left, depth, 3);
    RowCodes codes = GuardedCodes.of(loops, x, rows);
    x.checkUnchanged("x");
    checkCodes(codes, left, rows, depth);
    CodedPanels panels = loops.pack(Weight.of("w", columns, depth, right));
    byte[] packed = panels.codes().toArray(JAVA_BYTE);
    int[] ends = panels.ends(bias);
    for (int panel = 0; panel * width < columns; panel++) {
      Matrix c = Matrix.of(values, Guard.array(rows * width), width, 5);
      float[] before = c.array().clone();
      loops.multiplyTile(codes, 1, rows, panels, panel, ends, c.rows());
      c.checkGuards("c", before);
      checkTile(c.slice(), rows, panel * width, left, right, columns, depth, bias);
    }
    Assertions.assertArrayEquals(
        packed, panels.codes().toArray(JAVA_BYTE), "the panels were written");
  }

  private static void checkCodes(RowCodes codes, float[] x, int rows, int depth) {
    for (int row = 0; row < rows; row++) {
      int start = (row + 1) * codes.stride();
      for (int k = 0; k < depth; k++) {
        int at = start + k * Short.BYTES;
        short code = codes.codes().get(JAVA_SHORT_UNALIGNED, at);
        if (code != Bf16.code(x[row * depth + k])) {
          Assertions.fail(
              "code %d of row %d: got %04x of %s".formatted(k, row, code, x[row * depth + k]));
        }
      }
    }
  }

  private static void checkTile(
      float[] got,
      int rows,
      int firstColumn,
      float[] left,
      float[] right,
      int columns,
      int depth,
      float[] bias) {
    int width = got.length / rows;
    float[] expected = new float[got.length];
    double[] bounds = new double[got.length];
    for (int i = 0; i < got.length; i++) {
      int column = firstColumn + i % width;
      SumBound sum = new SumBound();
      double exact = column < bias.length ? bias[column] : 0;
      sum.add(exact);
      for (int k = 0; k < depth && column < columns; k++) {
        double a = Bf16.round(left[i / width * depth + k]);
        double b = Bf16.round(right[column * depth + k]);
        exact += a * b;
        sum.add(a, b);
      }
      expected[i] = (float) exact;
      // Subnormal numbers count as zeros, in sums as well.
      boolean free = column >= columns || sum.overflows();
      bounds[i] = free ? SumBound.FREE : sum.error(1, Float.MIN_NORMAL);
    }
    Judgement.check("c", got, expected, bounds, true);
  }
}
