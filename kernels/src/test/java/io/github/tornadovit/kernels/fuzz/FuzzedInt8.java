package io.github.tornadovit.kernels.fuzz;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.Int8;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Random;
import org.junit.jupiter.api.Assertions;

/**
 * Rows become codes and a tile of int8 is multiplied: codes, ends and results by equality with the
 * rules of {@link Int8}, whatever computes them.
 */
final class FuzzedInt8 implements LoopsTarget {
  /** A multiple of the rows of every kind of tile. */
  static final int MOST_ROWS = 96;

  @Override
  public String name() {
    return "int8";
  }

  @Override
  public Parameters draw(Random random) {
    return new Parameters()
        .put("rows", random.nextInt(MOST_ROWS))
        .size("depth", random, 800)
        .size("columns", random, 70)
        .flag("bias", random);
  }

  @Override
  public void check(InnerLoops inner, Parameters parameters, ValueSource values) {
    CodedLoops loops = inner.int8();
    int rows = 1 + parameters.get("rows") % loops.tileRows();
    int depth = parameters.get("depth");
    int columns = parameters.get("columns");
    int width = loops.panelColumns();
    float[] left = values.activations(rows, depth);
    float[] right = values.factors(columns, depth);
    float[] bias =
        parameters.is("bias") ? values.activations(1, Math.ceilDiv(columns, width) * width) : null;
    values.plant();
    Matrix x = Matrix.of(values, left, depth, 3);
    RowCodes codes = GuardedCodes.of(loops, x, rows);
    x.checkUnchanged("x");
    checkCodes(loops, codes, left, rows, depth);
    CodedPanels panels = loops.pack(Weight.of("w", columns, depth, right));
    byte[] packed = panels.codes().toArray(JAVA_BYTE);
    int[] ends = panels.ends(bias);
    for (int panel = 0; panel * width < columns; panel++) {
      Matrix c = Matrix.of(values, Guard.array(rows * width), width, 5);
      float[] before = c.array().clone();
      loops.multiplyTile(codes, 1, rows, panels, panel, ends, c.rows());
      c.checkGuards("c", before);
      float[] got = c.slice();
      for (int i = 0; i < got.length; i++) {
        int column = panel * width + i % width;
        if (column < columns) {
          float expected =
              product(left, i / width, right, column, depth, bias == null ? 0 : bias[column]);
          require("row " + i / width + ", column " + column, got[i], expected);
        }
      }
    }
    Assertions.assertArrayEquals(
        packed, panels.codes().toArray(JAVA_BYTE), "the panels were written");
  }

  private static void checkCodes(CodedLoops loops, RowCodes codes, float[] x, int rows, int depth) {
    int codeBytes = loops.rowBytes(64) / 64;
    for (int row = 0; row < rows; row++) {
      Int8.RowScale scale = Int8.RowScale.of(x, row * depth, depth);
      int end = (row + 1) * RowCodes.END;
      Assertions.assertEquals(scale.zero(), codes.ends()[end], "zero of row " + row);
      require("scale of row " + row, Float.intBitsToFloat(codes.ends()[end + 1]), scale.scale());
      for (int k = 0; k < depth; k++) {
        int at = (row + 1) * codes.stride() + k * codeBytes;
        int code = codes.codes().get(JAVA_BYTE, at) & 0xff;
        int expected = scale.code(x[row * depth + k]);
        if (code != expected || (codeBytes > 1 && codes.codes().get(JAVA_BYTE, at + 1) != 0)) {
          Assertions.fail(
              "code %d of row %d: got %d, expected %d of %s as %s"
                  .formatted(k, row, code, expected, x[row * depth + k], scale));
        }
      }
    }
  }

  /** As {@link Int8} says it, rounded after each operation. */
  private static float product(float[] x, int row, float[] w, int column, int depth, float bias) {
    Int8.RowScale rowScale = Int8.RowScale.of(x, row * depth, depth);
    Int8.WeightScale weightScale = Int8.WeightScale.of(w, column * depth, depth);
    int sum = 0;
    for (int k = 0; k < depth; k++) {
      int code = rowScale.code(x[row * depth + k]) - rowScale.zero();
      sum += code * weightScale.code(w[column * depth + k]);
    }
    return (float) sum * rowScale.scale() * weightScale.scale() + bias;
  }

  /** The same number to the last bit, or both no number; the sign of a zero is not kept. */
  private static void require(String what, float got, float expected) {
    if (got != expected && !(Float.isNaN(got) && Float.isNaN(expected))) {
      Assertions.fail("%s: got %s, expected %s".formatted(what, got, expected));
    }
  }
}
