package io.github.tornadovit.kernels.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SelectTokens, MeanTokens and Average. */
class PoolingTest {
  private static final Buffer X = new Buffer("x", 3, 2);
  private static final Buffer POOLED = new Buffer("pooled", 1, 2);
  private static final Buffer TWO = new Buffer("two", 2, 2);
  private static final Buffer SIDE_BY_SIDE = new Buffer("side by side", 1, 4);
  private static final Buffer Y = new Buffer("y", 3, 2);

  @Test
  void referenceComputesTheFormulas() {
    float[] x = {1, 2, 3, 4, 6, 9};
    assertThat(Agreement.reference(program(X, new SelectTokens(X, 1, POOLED)), x))
        .containsExactly(3, 4);
    assertThat(Agreement.reference(program(X, new SelectTokens(X, 1, TWO)), x))
        .containsExactly(3, 4, 6, 9);
    assertThat(Agreement.reference(program(X, new MeanTokens(X, 1, POOLED)), x))
        .containsExactly(4.5f, 6.5f);
    assertThat(Agreement.reference(program(X, new MeanTokens(X, 1, TWO)), x))
        .containsExactly(1, 2, 4.5f, 6.5f);
    assertThat(Agreement.reference(program(X, new MeanTokens(X, 1, SIDE_BY_SIDE)), x))
        .containsExactly(1, 2, 4.5f, 6.5f);
    assertThat(Agreement.reference(program(X, new SelectTokens(X, 0, Y)), x)).containsExactly(x);
    Buffer other = new Buffer("other", 1, 2);
    Buffer mean = new Buffer("mean", 1, 2);
    Program average =
        new Program.Builder(X)
            .then(new SelectTokens(X, 0, POOLED))
            .then(new SelectTokens(X, 2, other))
            .then(new Average(POOLED, other, mean))
            .output(mean)
            .build();
    assertThat(Agreement.reference(average, x)).containsExactly(3.5f, 5.5f);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,5", "17,13", "197,40", "3,600"})
  void agrees(int rows, int width) {
    RandomValues values = new RandomValues(rows + width);
    Buffer x = new Buffer("x", rows, width);
    Buffer pooled = new Buffer("pooled", 1, width);
    Buffer y = new Buffer("y", rows, width);
    Tolerance exact = Tolerance.exact();
    Agreement.check("select", program(x, new SelectTokens(x, rows - 1, pooled)), values, exact);
    Buffer half = new Buffer("half", Math.ceilDiv(rows, 2), width);
    Agreement.check("half", program(x, new SelectTokens(x, rows / 2, half)), values, exact);
    Agreement.check("all", program(x, new SelectTokens(x, 0, y)), values, exact);
    for (int first : new int[] {0, rows / 2, rows - 1}) {
      Program mean = program(x, new MeanTokens(x, first, pooled));
      Agreement.check("mean from " + first, mean, values, Tolerance.reduction(rows));
      Program behind =
          program(x, new MeanTokens(x, first, new Buffer("condensed", 1 + first, width)));
      Agreement.check("mean behind " + first, behind, values, Tolerance.reduction(rows));
      Buffer row = new Buffer("row", 1, Math.min(2, 1 + first) * width);
      Program beside = program(x, new MeanTokens(x, first, row));
      Agreement.check("mean beside " + first, beside, values, Tolerance.reduction(rows));
    }
    Buffer z = new Buffer("z", rows, width);
    Program average =
        new Program.Builder(x)
            .then(new SelectTokens(x, 0, y))
            .then(new Average(x, y, z))
            .output(z)
            .build();
    Agreement.check("average", average, values, exact);
  }

  @Test
  void averageOfLargeValuesDoesNotOverflow() {
    Buffer x = new Buffer("x", 1, 1);
    Buffer y = new Buffer("y", 1, 1);
    float[] largest = {Float.MAX_VALUE};
    Program average = program(x, new Average(x, x, y));
    Agreement.check("largest", average, new RandomValues(0), Tolerance.exact(), 1, largest);
  }

  @Test
  void refuseShapesThatDoNotFit() {
    assertThatThrownBy(() -> new SelectTokens(X, 3, POOLED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 3");
    assertThatThrownBy(() -> new SelectTokens(X, -1, POOLED))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SelectTokens(X, 2, TWO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 2");
    assertThatThrownBy(() -> new MeanTokens(X, 3, POOLED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 3");
    assertThatThrownBy(() -> new MeanTokens(X, 0, Y)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MeanTokens(X, 0, SIDE_BY_SIDE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 0");
    assertThatThrownBy(() -> new MeanTokens(X, 1, new Buffer("odd", 1, 3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MeanTokens(X, 2, new Buffer("wide", 2, 4)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Average(X, POOLED, Y))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Average(X, X, POOLED))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Program program(Buffer x, Operation operation) {
    return new Program.Builder(x).then(operation).output(operation.output()).build();
  }
}
