package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of bfloat16, in the interpreter, which knows where every byte may be touched. */
class InterpretedBf16Test {
  private static final float GUARD = 12345;

  private final CodedLoops loops =
      new InterpretedBf16Loops(InterpretedRoutines.of(InstructionSet.AVX512));

  @Test
  void passesTheCheckOfTheProcessor() {
    assertThat(Bf16Check.isWrong(loops)).isFalse();
  }

  /** In the order and with the rounding of the rules, bit by bit. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 31, 64, 197})
  void multipliesAsTheRulesSay(int depth) {
    RandomValues values = new RandomValues(depth);
    int width = loops.panelColumns();
    int columns = 2 * width - 3;
    float[] w = values.array(columns * depth);
    float[] bias = values.array(2 * width);
    CodedPanels panels = loops.pack(Weight.of("w", columns, depth, w));
    int[] ends = panels.ends(bias);
    for (int rows = 1; rows <= loops.tileRows(); rows++) {
      float[] x = values.array((rows + 1) * depth);
      RowCodes codes = coded(x, rows + 1, depth);
      for (int panel = 0; panel < 2; panel++) {
        float[] c = new float[rows * width + 2];
        Arrays.fill(c, GUARD);
        loops.multiplyTile(codes, 1, rows, panels, panel, ends, new FloatRows(c, 1, width));
        assertThat(c[0]).isEqualTo(GUARD);
        assertThat(c[c.length - 1]).isEqualTo(GUARD);
        for (int i = 0; i < rows * width; i++) {
          int column = panel * width + i % width;
          if (column < columns) {
            float expected =
                product(x, (1 + i / width) * depth, w, column * depth, depth, bias[column]);
            assertThat(c[1 + i]).as("row %d, column %d", i / width, column).isEqualTo(expected);
          }
        }
      }
    }
  }

  private static float product(float[] x, int row, float[] w, int column, int depth, float bias) {
    float sum = bias;
    for (int k = 0; k < depth; k += 2) {
      if (k + 1 < depth) {
        sum = Math.fma(Bf16.round(x[row + k + 1]), Bf16.round(w[column + k + 1]), sum);
      }
      sum = Math.fma(Bf16.round(x[row + k]), Bf16.round(w[column + k]), sum);
    }
    return sum;
  }

  private RowCodes coded(float[] x, int rows, int depth) {
    RowCodes codes = new RowCodes();
    codes.reserve(rows, loops.rowBytes(depth));
    for (int row = 0; row < rows; row++) {
      loops.encode(x, row * depth, depth, codes, row);
    }
    return codes;
  }

  @Test
  void codesAreThoseOfTheRules() {
    float[] x = new float[67];
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(i * 0x3d3d_3d3d);
    }
    x[3] = Float.NaN;
    x[4] = Float.NEGATIVE_INFINITY;
    x[5] = Float.MAX_VALUE;
    x[6] = -1e-40f;
    RowCodes codes = coded(x, 1, x.length);
    byte[] expected = new byte[loops.rowBytes(x.length)];
    Bf16.encode(x, 0, 0, x.length, MemorySegment.ofArray(expected), 0);
    assertThat(codes.codes().asSlice(0, expected.length).toArray(JAVA_BYTE)).isEqualTo(expected);
  }

  /** A cache line into the rows of codes. */
  private static final int COLUMN = 32;

  /** Rows that lie apart become a part of rows of codes, and nothing else is written. */
  @ParameterizedTest
  @ValueSource(ints = {5, 32, 50})
  void rowsThatLieApartBecomeCodes(int columns) {
    int rows = 3;
    float[] x = new RandomValues(columns).array(7 + rows * 70);
    RowCodes codes = new RowCodes();
    codes.reserve(rows + 2, loops.rowBytes(COLUMN + columns));
    int stride = codes.stride();
    codes.codes().fill((byte) 0x5a);
    loops.encode(new FloatRows(x, 7, 70), rows, columns, codes, 1, COLUMN);
    byte[] expected = new byte[(rows + 2) * stride];
    Arrays.fill(expected, (byte) 0x5a);
    for (int row = 0; row < rows; row++) {
      MemorySegment to = MemorySegment.ofArray(expected);
      long start = (row + 1L) * stride + COLUMN * Short.BYTES;
      Bf16.encode(x, 7 + row * 70, 0, columns, to, start);
    }
    assertThat(codes.codes().asSlice(0, expected.length).toArray(JAVA_BYTE)).isEqualTo(expected);
  }

  /** A row that is not finite spoils its own results and no other's. */
  @Test
  void nanStaysInItsRow() {
    int depth = 20;
    float[] x = new RandomValues(1).array(3 * depth);
    x[depth + 7] = Float.NaN;
    CodedPanels panels = loops.pack(Weight.of("w", 5, depth, new RandomValues(2).array(5 * depth)));
    float[] c = new float[3 * loops.panelColumns()];
    loops.multiplyTile(
        coded(x, 3, depth),
        0,
        3,
        panels,
        0,
        panels.ends(null),
        new FloatRows(c, 0, loops.panelColumns()));
    for (int row = 0; row < 3; row++) {
      assertThat(Float.isNaN(c[row * loops.panelColumns() + 4])).isEqualTo(row == 1);
    }
  }
}
