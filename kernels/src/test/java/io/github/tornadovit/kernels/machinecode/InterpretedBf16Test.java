package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.kernels.cpu.AttentionLoops;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.Bf16Panels;
import io.github.tornadovit.kernels.cpu.CacheLines;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.Panels;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of bfloat16, in the interpreter, which knows where every byte may be touched. */
class InterpretedBf16Test {
  private static final float GUARD = 12345;

  private final CodedLoops loops =
      new InterpretedBf16Loops(InterpretedRoutines.of(InstructionSet.AVX512));
  private final AttentionLoops attention = Objects.requireNonNull(loops.attention());

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

  /** Whatever is left over, panels are those that plain Java makes, and nothing else is written. */
  @ParameterizedTest
  @CsvSource({"1, 32", "15, 32", "16, 64", "33, 64", "197, 64", "50, 80", "18, 72"})
  void panelsAreThoseOfPlainJava(int count, int columns) {
    for (PanelLayout layout : List.of(loops.layout(), loops.layout().inStrips(32, 16))) {
      RowCodes rows = new RowCodes();
      int depth = layout.groups(columns) * 2;
      rows.reserve(count, loops.rowBytes(depth));
      float[] x = new RandomValues(count).array(count * depth);
      loops.encode(new FloatRows(x, 0, depth), count, depth, rows, 0, 0);
      int padded = Panels.padded(count, 2);
      CodedPanels expected = panels(layout, depth, padded);
      CodedPanels transposed = panels(layout, depth, padded);
      Bf16Panels.transpose(rows, 0, count, padded, expected, layout);
      attention.transpose(rows, count, padded, transposed, layout);
      assertThat(bytes(transposed)).isEqualTo(bytes(expected));

      expected = panels(layout, count, columns);
      CodedPanels interleaved = panels(layout, count, columns);
      Bf16Panels.interleave(rows, 0, count, columns, expected, layout);
      attention.interleave(rows, count, columns, interleaved, layout);
      assertThat(bytes(interleaved)).isEqualTo(bytes(expected));
    }
  }

  private static CodedPanels panels(PanelLayout layout, int depth, int columns) {
    int count = Panels.count(columns, layout.width());
    CodedPanels panels =
        CodedPanels.of(CacheLines.room((long) count * layout.panelBytes(depth)), layout, depth);
    panels.codes().fill((byte) 0x5a);
    return panels;
  }

  private static byte[] bytes(CodedPanels panels) {
    return panels.codes().toArray(JAVA_BYTE);
  }

  /** Of each row alone: one that is not finite spoils no other, and what lies between stays. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void numeratorsAreThoseOfTheirRow(int rows) {
    int columns = 2 * AttentionLoops.NUMERATORS;
    int stride = columns + 3;
    int width = loops.panelColumns();
    float[] x = new RandomValues(rows).array(rows * stride);
    x[(rows - 1) * stride + 7] = Float.NaN;
    float[] bias = new float[columns];
    Arrays.fill(bias, columns - 9, columns, Float.NEGATIVE_INFINITY);
    RowCodes codes = new RowCodes();
    codes.reserve(rows, loops.rowBytes(columns) + 1);
    codes.codes().fill((byte) 0x5a);
    float[] inverses = new float[rows * width];
    attention.softmax(
        new FloatRows(x.clone(), 0, stride),
        rows,
        columns,
        2,
        new FloatRows(bias, 0, 0),
        codes,
        new FloatRows(inverses, 0, width));
    for (int row = 0; row < rows; row++) {
      float[] scores = Arrays.copyOfRange(x, row * stride, row * stride + columns - 9);
      double max =
          IntStream.range(0, scores.length)
              .mapToDouble(i -> 2.0 * scores[i])
              .filter(score -> !Double.isNaN(score))
              .max()
              .orElseThrow();
      double sum = 0;
      for (int i = 0; i < columns; i++) {
        long at = codes.start(row) + (long) i * Short.BYTES;
        float code = Bf16.value(codes.codes().get(JAVA_SHORT, at));
        double expected = i < scores.length ? Math.exp(2.0 * scores[i] - max) : 0;
        sum += expected;
        if (row == rows - 1 && i == 7) {
          assertThat(code).isNaN();
        } else {
          assertThat((double) code).isCloseTo(expected, within(expected / 256 + 1e-37));
        }
      }
      float inverse = inverses[row * width + width - 1];
      if (row == rows - 1) {
        assertThat(inverse).isNaN();
      } else {
        assertThat(inverse * sum).isCloseTo(1, within(1e-5));
      }
      byte[] between =
          codes
              .codes()
              .asSlice(codes.start(row) + columns * 2L, codes.stride() - columns * 2L)
              .toArray(JAVA_BYTE);
      assertThat(between).containsOnly((byte) 0x5a);
    }
  }

  @Test
  void softmaxRefusesWhatItsArgumentsDoNotHold() {
    RowCodes codes = new RowCodes();
    codes.reserve(2, loops.rowBytes(32));
    FloatRows x = new FloatRows(new float[64], 0, 32);
    FloatRows inverses = new FloatRows(new float[128], 0, 64);
    assertThatThrownBy(() -> attention.softmax(x, 2, 31, 1, x, codes, inverses))
        .hasMessage("columns is 31, expected a multiple of 32");
    assertThatThrownBy(() -> attention.softmax(x, 3, 32, 1, x, codes, inverses))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> attention.softmax(x, 0, 32, 1, x, codes, inverses))
        .hasMessage("rows is 0, expected at least 1");
    assertThatThrownBy(
            () -> attention.softmax(x, 2, 32, 1, x, codes, new FloatRows(new float[128], 0, 32)))
        .hasMessage("inverses lie 32 apart, expected 64");
  }
}
