package io.github.tornadovit.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.EveryLoops;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Int8} by its formulas, and every implementation by equality with them. */
class Int8LoopsTest {
  private static final float GUARD = 12345;
  private static final int[] DEPTHS = {1, 2, 3, 7, 8, 15, 16, 33, 64, 197};

  static Stream<CodedLoops> everyLoops() {
    return EveryLoops.all().map(InnerLoops::int8);
  }

  @Test
  void aRowIsCodedBetweenItsExtremes() {
    float[] row = {-1, 0, 0.5f, 4.1f};
    Int8.RowScale scale = Int8.RowScale.of(row, 0, row.length);
    assertThat(scale.scale()).isEqualTo(5.1f / 255);
    assertThat(scale.zero()).isEqualTo(50);
    assertThat(codes(scale, row)).containsExactly(0, 50, 75, 255);
  }

  @Test
  void zeroIsExactlyRepresented() {
    for (float lo : new float[] {0, -1e-3f, -0.37f, -500}) {
      Int8.RowScale scale = Int8.RowScale.of(lo, 3.3f, true);
      assertThat(scale.code(0)).isEqualTo(scale.zero());
    }
  }

  @Test
  void rowsOfOneSignReachFromZero() {
    assertThat(Int8.RowScale.of(new float[] {3, 5}, 0, 2).zero()).isZero();
    assertThat(Int8.RowScale.of(new float[] {-3, -5}, 0, 2).zero()).isEqualTo(255);
  }

  @Test
  void rowsThatAreNotFiniteAreNaN() {
    for (float flaw : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThat(Int8.RowScale.of(new float[] {1, flaw, 2}, 0, 3).scale()).isNaN();
      assertThat(Int8.WeightScale.of(new float[] {1, flaw, 2}, 0, 3).scale()).isNaN();
    }
    float[] wide = {Float.MAX_VALUE, -Float.MAX_VALUE};
    assertThat(Int8.RowScale.of(wide, 0, 2).scale()).isNaN();
    float[] widest = {Float.MAX_VALUE, 0};
    assertThat(Int8.RowScale.of(widest, 0, 2).scale()).isEqualTo(Float.MAX_VALUE / 255);
    assertThat(Int8.WeightScale.of(widest, 0, 2).scale()).isEqualTo(Float.MAX_VALUE / 127);
  }

  @Test
  void rowsOfNearlyNothingAreZeros() {
    assertThat(Int8.RowScale.of(new float[] {0, 1e-38f}, 0, 2).scale()).isZero();
    assertThat(Int8.WeightScale.of(new float[2], 0, 2)).isEqualTo(new Int8.WeightScale(0, 0));
  }

  @Test
  void weightsAreSymmetric() {
    float[] row = {-12.7f, 6.3f, 0, 12.66f};
    Int8.WeightScale scale = Int8.WeightScale.of(row, 0, row.length);
    assertThat(scale.scale()).isEqualTo(12.7f / 127);
    assertThat(new byte[] {scale.code(row[0]), scale.code(row[2]), scale.code(row[3])})
        .containsExactly(-127, 0, 127);
  }

  private static int[] codes(Int8.RowScale scale, float... row) {
    int[] codes = new int[row.length];
    Arrays.setAll(codes, i -> scale.code(row[i]));
    return codes;
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void multipliesAsTheFormulaSays(CodedLoops loops) {
    RandomValues values = new RandomValues(1);
    for (int depth : DEPTHS) {
      int columns = 2 * loops.panelColumns() - 3;
      float[] weights = values.array(columns * depth);
      float[] bias = values.array(Panels.padded(columns, loops.panelColumns()));
      Weight weight = Weight.of("w", columns, depth, weights);
      CodedPanels panels = loops.pack(weight);
      int[] ends = panels.ends(bias);
      for (int rows = 1; rows <= loops.tileRows(); rows++) {
        float[] x = values.array((rows + 1) * depth);
        RowCodes codes = encoded(loops, x, rows + 1, depth);
        for (int panel = 0; panel < 2; panel++) {
          float[] c = new float[rows * loops.panelColumns() + 2];
          Arrays.fill(c, GUARD);
          loops.multiplyTile(
              codes, 1, rows, panels, panel, ends, new FloatRows(c, 1, loops.panelColumns()));
          float[] expected = c.clone();
          for (int i = 0; i < rows; i++) {
            int first = panel * loops.panelColumns();
            for (int j = first; j < Math.min(columns, first + loops.panelColumns()); j++) {
              expected[1 + i * loops.panelColumns() + j - first] =
                  product(x, (i + 1) * depth, weights, j * depth, depth, bias[j]);
            }
          }
          assertThat(c)
              .as("%s, depth %d, rows %d, panel %d", loops.description(), depth, rows, panel)
              .isEqualTo(panel == 0 ? expected : withPadding(expected, c, columns, loops));
        }
      }
    }
  }

  /** What lies in a panel behind the last column is not compared, but for the guard. */
  private static float[] withPadding(float[] expected, float[] c, int columns, CodedLoops loops) {
    int width = loops.panelColumns();
    for (int i = 1; i < c.length - 1; i++) {
      if ((i - 1) % width + width >= columns) {
        expected[i] = c[i];
      }
    }
    return expected;
  }

  private static float product(float[] x, int row, float[] w, int column, int depth, float bias) {
    Int8.RowScale rowScale = Int8.RowScale.of(x, row, depth);
    Int8.WeightScale weightScale = Int8.WeightScale.of(w, column, depth);
    int sum = 0;
    for (int k = 0; k < depth; k++) {
      sum += (rowScale.code(x[row + k]) - rowScale.zero()) * weightScale.code(w[column + k]);
    }
    return (float) sum * rowScale.scale() * weightScale.scale() + bias;
  }

  private static RowCodes encoded(CodedLoops loops, float[] x, int rows, int depth) {
    RowCodes codes = new RowCodes();
    codes.reserve(rows, loops.rowBytes(depth));
    for (int row = 0; row < rows; row++) {
      loops.encode(x, row * depth, depth, codes, row);
    }
    return codes;
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void extremesAreCodedAsTheFormulaSays(CodedLoops loops) {
    float[][] rows = {
      new float[64],
      filled(64, 1e-38f),
      filled(64, 3e38f),
      filled(67, Float.MAX_VALUE),
      filled(67, -Float.MAX_VALUE),
      filled(64, Float.NaN),
      filled(64, Float.NEGATIVE_INFINITY),
      outlier(64, 1e4f),
      outlier(64, -1e30f),
      outlier(67, 1e-20f),
      outlier(13, 100),
      endsWith(67, Float.NaN),
      endsWith(67, Float.POSITIVE_INFINITY)
    };
    for (float[] row : rows) {
      Int8.RowScale scale = Int8.RowScale.of(row, 0, row.length);
      RowCodes codes = encoded(loops, row, 1, row.length);
      String what = loops.description() + " " + row[0] + " " + row[row.length - 1];
      assertThat(codes.ends()[0]).as(what).isEqualTo(scale.zero());
      assertThat(codes.ends()[1]).as(what).isEqualTo(Float.floatToRawIntBits(scale.scale()));
      int codeBytes = loops.rowBytes(64) / 64;
      for (int k = 0; k < row.length; k++) {
        assertThat(codes.codes().get(JAVA_BYTE, (long) k * codeBytes) & 0xff)
            .as(what)
            .isEqualTo(scale.code(row[k]));
      }
    }
  }

  private static float[] filled(int length, float value) {
    float[] row = new float[length];
    Arrays.fill(row, value);
    return row;
  }

  private static float[] endsWith(int length, float value) {
    float[] row = new float[length];
    row[length - 1] = value;
    return row;
  }

  private static float[] outlier(int length, float value) {
    float[] row = new RandomValues(3).array(length);
    row[length / 2] = value;
    return row;
  }

  /** 255 * 127 * 2 is beyond 16 bits, where the products of bytes of AVX2 saturate. */
  @ParameterizedTest
  @MethodSource("everyLoops")
  void theLargestCodesDoNotSaturate(CodedLoops loops) {
    int depth = 3072;
    Weight weight = Weight.of("w", 1, depth, filled(depth, 1));
    CodedPanels panels = loops.pack(weight);
    float[] c = new float[loops.panelColumns()];
    RowCodes codes = encoded(loops, filled(depth, 1), 1, depth);
    loops.multiplyTile(codes, 0, 1, panels, 0, panels.ends(null), new FloatRows(c, 0, c.length));
    float sum = 255 * 127 * depth;
    assertThat(c[0]).isEqualTo(sum * (1f / 255) * (1f / 127));
  }
}
