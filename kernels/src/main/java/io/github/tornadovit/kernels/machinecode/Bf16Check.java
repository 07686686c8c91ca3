package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

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
import java.util.Arrays;
import java.util.Objects;

/**
 * Calls every function of bf16 once and compares with the definition, in double: see {@link
 * LoopsCheck}.
 */
final class Bf16Check {
  /**
   * Of a float. A sum has less than its products and two more, in whatever order: see {@link Bf16}.
   */
  private static final double ROUNDING = 0x1p-24;

  /** Of a number as its code, and what the exponential adds. */
  private static final double CODE = 0x1p-8;

  /** The least exponential is a little above the least normal number. */
  private static final double NOTHING = 1e-37;

  private static final double TOLERANCE = 1e-5;

  /** What panels hold before. */
  private static final byte GARBAGE = 0x5a;

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
    return !arranges(loops) || !exponentiates(loops, 1) || !exponentiates(loops, 3);
  }

  /** Whether rows that lie apart are coded, and panels made of them as plain Java makes them. */
  private static boolean arranges(CodedLoops loops) {
    int count = 37;
    int columns = 96;
    int padded = 64;
    AttentionLoops attention = Objects.requireNonNull(loops.attention());
    PanelLayout layout = loops.layout();
    FloatRows x = new FloatRows(Int8Check.values(count * (columns + 1), 4), 0, columns + 1);
    RowCodes rows = new RowCodes();
    rows.reserve(count, loops.rowBytes(columns));
    loops.encode(x, count, columns, rows, 0, 0);
    boolean right = true;
    for (int row = 0; row < count; row++) {
      for (int k = 0; k < columns; k++) {
        long at = rows.start(row) + (long) k * Short.BYTES;
        right &= rows.codes().get(JAVA_SHORT, at) == Bf16.code(x.array()[x.at(row) + k]);
      }
    }
    CodedPanels expected = panels(layout, columns, padded);
    CodedPanels got = panels(layout, columns, padded);
    Bf16Panels.transpose(rows, 0, count, padded, expected, layout);
    attention.transpose(rows, count, padded, got, layout);
    right &= expected.codes().mismatch(got.codes()) < 0;
    expected = panels(layout, padded, columns);
    got = panels(layout, padded, columns);
    Bf16Panels.interleave(rows, 0, count, columns, expected, layout);
    attention.interleave(rows, count, columns, got, layout);
    return right && expected.codes().mismatch(got.codes()) < 0;
  }

  private static CodedPanels panels(PanelLayout layout, int depth, int columns) {
    long bytes = (long) Panels.count(columns, layout.width()) * layout.panelBytes(depth);
    CodedPanels panels = CodedPanels.of(CacheLines.room(bytes), layout, depth);
    panels.codes().fill(GARBAGE);
    return panels;
  }

  /**
   * Whether the softmax of rows is right, scores that count for nothing among them.
   *
   * @param biasRows 1 for the same one for all, or as many as there are rows
   */
  private static boolean exponentiates(CodedLoops loops, int biasRows) {
    int rows = 3;
    int columns = 3 * AttentionLoops.NUMERATORS;
    int count = columns - 5;
    int stride = columns + 16;
    int width = loops.panelColumns();
    float[] x = Int8Check.values(rows * stride, 5);
    float[] bias = Int8Check.values(biasRows * columns, 6);
    for (int row = 0; row < biasRows; row++) {
      Arrays.fill(bias, row * columns + count, (row + 1) * columns, Float.NEGATIVE_INFINITY);
    }
    FloatRows biases = new FloatRows(bias, 0, biasRows == 1 ? 0 : columns);
    float[] inverses = new float[rows * width];
    RowCodes codes = new RowCodes();
    codes.reserve(rows, loops.rowBytes(columns));
    Objects.requireNonNull(loops.attention())
        .softmax(
            new FloatRows(x.clone(), 0, stride),
            rows,
            columns,
            0.5f,
            biases,
            codes,
            new FloatRows(inverses, 0, width));
    boolean right = true;
    for (int row = 0; row < rows; row++) {
      double[] scores = new double[count];
      for (int i = 0; i < count; i++) {
        scores[i] = 0.5 * x[row * stride + i] + bias[biases.at(row) + i];
      }
      double max = Arrays.stream(scores).max().orElseThrow();
      double sum = Arrays.stream(scores).map(score -> Math.exp(score - max)).sum();
      for (int i = 0; i < columns; i++) {
        double expected = i < count ? Math.exp(scores[i] - max) : 0;
        long at = codes.start(row) + (long) i * Short.BYTES;
        float got = Bf16.value(codes.codes().get(JAVA_SHORT, at));
        right &= Math.abs(got - expected) <= CODE * expected + NOTHING;
      }
      for (int j = 0; j < width; j++) {
        right &= Math.abs(inverses[row * width + j] * sum - 1) <= TOLERANCE;
      }
    }
    return right;
  }
}
