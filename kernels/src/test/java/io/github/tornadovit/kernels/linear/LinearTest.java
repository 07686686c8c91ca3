package io.github.tornadovit.kernels.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearTest {

  @Test
  void referenceComputesTheFormula() {
    Buffer x = new Buffer("x", 2, 3);
    Buffer y = new Buffer("y", 2, 2);
    Weight w = Weight.of("w", 2, 3, new float[] {1, 2, 3, -1, 0, 1});
    Weight bias = Weight.of("b", 1, 2, new float[] {10, 20});
    Program program = program(x, y, Linear.of(x, w, bias, y));
    // Row (1, 0, 2): 1 + 6 + 10 and -1 + 2 + 20; row (0, 1, -1): 2 - 3 + 10 and -1 + 20.
    assertThat(Agreement.reference(program, 1, 0, 2, 0, 1, -1)).containsExactly(17, 21, 9, 19);
  }

  @Test
  void referenceScalesThenAdds() {
    Buffer x = new Buffer("x", 1, 1);
    Buffer y = new Buffer("y", 1, 2);
    Buffer before = new Buffer("before", 1, 2);
    Weight ones = Weight.of("ones", 2, 1, new float[] {1, 1});
    Weight w = Weight.of("w", 2, 1, new float[] {3, -3});
    Weight bias = Weight.of("b", 1, 2, new float[] {1, 1});
    Weight scale = Weight.of("s", 1, 2, new float[] {10, 10});
    Program program =
        new Program.Builder(x)
            .then(Linear.of(x, ones, null, before))
            .then(Linear.residual(before, x, w, bias, scale, y))
            .output(y)
            .build();
    // 2 + 10 (6 + 1) and 2 + 10 (-6 + 1).
    assertThat(Agreement.reference(program, 2)).containsExactly(72, -48);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "1,7,5",
    "7,1,7",
    "7,5,1",
    "5,13,13",
    "13,96,7",
    "6,7,96",
    "13,13,97",
    "12,64,64",
    "17,33,40",
    "3,24,24",
    "70,24,5",
    "1,96,1000",
  })
  void agreesOnOddShapes(int rows, int k, int n) {
    RandomValues values = new RandomValues(31 * rows + 7 * k + n);
    for (Epilogue epilogue :
        List.of(Epilogue.NONE, residual(rows, n, null), residual(rows, n, values.vector(n)))) {
      for (Weight bias : Arrays.asList(null, values.vector(n))) {
        Program program = program(rows, values.weight(n, k), bias, epilogue, values);
        String what = "bias %s, %s".formatted(bias, epilogue);
        Agreement.check(what, program, values, Tolerance.reduction(k).times(2));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"197,192,96", "577,64,80", "50,768,48", "3,3072,40"})
  void agreesOnShapesOfModels(int rows, int k, int n) {
    RandomValues values = new RandomValues(rows + k + n);
    Weight w = values.weight(n, k);
    Program program = program(rows, w, values.vector(n), residual(rows, n, null), values);
    Agreement.checkOne("linear", program, values, Tolerance.reduction(k).times(2));
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithEveryActivation(Activation activation) {
    RandomValues values = new RandomValues(2);
    Program program =
        program(
            9, values.weight(37, 11), values.vector(37), new Epilogue.Activate(activation), values);
    Agreement.check(
        activation.toString(),
        program,
        values,
        Tolerance.reduction(11).plus(new Tolerance(1e-6, 0)));
  }

  @Test
  void keepsNanAndInfinityInTheirRows() {
    RandomValues values = new RandomValues(5);
    Program program =
        program(
            8, Weight.of("w", 3, 2, new float[] {1, 1, 1, -1, -1, 1}), null, Epilogue.NONE, values);
    float[] x = values.array(16);
    x[2] = Float.NaN;
    x[7] = Float.POSITIVE_INFINITY;
    x[12] = Float.NEGATIVE_INFINITY;
    Agreement.check("non-finite", program, values, Tolerance.reduction(2), 1, x);
  }

  /** Depths that fill some steps of kernels and half of the next: nothing behind a row is read. */
  @ParameterizedTest
  @ValueSource(ints = {8, 24, 40})
  void keepsNanInItsRowWhereStepsAreNotFull(int k) {
    RandomValues values = new RandomValues(k);
    Weight w = values.weight(5, k);
    Program program = program(3, w, null, Epilogue.NONE, values);
    float[] x = values.array(3 * k);
    x[k] = Float.NaN;
    Agreement.check("NaN in row 1", program, values, Tolerance.reduction(k), 1, x);
  }

  @Test
  void reluKeepsNan() {
    RandomValues values = new RandomValues(6);
    Weight one = Weight.of("w", 1, 1, new float[] {1});
    Program program = program(3, one, null, new Epilogue.Activate(Activation.RELU), values);
    float[] x = {Float.NaN, -1, 2};
    Agreement.check("relu", program, values, Tolerance.exact(), 1, x);
  }

  @Test
  void geluOfMinusInfinityIsNan() {
    RandomValues values = new RandomValues(7);
    Weight one = Weight.of("w", 1, 1, new float[] {1});
    Program program = program(3, one, null, new Epilogue.Activate(Activation.GELU), values);
    float[] x = {Float.NEGATIVE_INFINITY, -1e30f, 1e30f};
    Agreement.check("gelu", program, values, new Tolerance(1e-6, 1e-6), 1, x);
  }

  @Test
  void whatIsAddedStaysWhereItIsReadAgain() {
    RandomValues values = new RandomValues(8);
    Buffer x = new Buffer("x", 70, 33);
    Buffer added = new Buffer("added", 70, 41);
    Buffer y = new Buffer("y", 70, 41);
    Program program =
        new Program.Builder(x)
            .then(Linear.of(x, values.weight(41, 33), null, added))
            .then(Linear.residual(added, x, values.weight(41, 33), null, values.vector(41), y))
            .output(added)
            .output(y)
            .build();
    Agreement.check("not in place", program, values, Tolerance.reduction(66));
  }

  @Test
  void refusesShapesThatDoNotFit() {
    Buffer x = new Buffer("x", 2, 3);
    Buffer y = new Buffer("y", 2, 4);
    RandomValues values = new RandomValues(1);
    Weight w = values.weight(4, 3);
    assertThatThrownBy(() -> Linear.of(x, values.weight(4, 2), null, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[4, 2]");
    assertThatThrownBy(() -> Linear.of(x, w, null, new Buffer("z", 2, 5)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Linear.of(x, w, null, new Buffer("z", 3, 4)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Linear.of(x, w, values.vector(3), y))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Linear.residual(y, x, w, null, values.vector(3), new Buffer("z", 2, 4)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Linear.residual(x, x, w, null, null, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'x' [2, 3] is added");
    assertThatThrownBy(() -> Linear.of(x, values.weight(3, 3), null, x))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Program program(
      int rows, Weight w, @Nullable Weight bias, Epilogue epilogue, RandomValues values) {
    Buffer x = new Buffer("x", rows, w.columns());
    Buffer y = new Buffer("y", rows, w.rows());
    Program.Builder builder = new Program.Builder(x);
    if (epilogue instanceof Epilogue.Residual(Buffer added, _)) {
      builder.then(Linear.of(x, values.weight(w.rows(), w.columns()), null, added));
    }
    return builder.then(new Linear(x, Matrix.of(w), bias, epilogue, y)).output(y).build();
  }

  private static Epilogue residual(int rows, int n, @Nullable Weight scale) {
    return new Epilogue.Residual(new Buffer("added", rows, n), scale);
  }

  private static Program program(Buffer x, Buffer y, Linear linear) {
    return new Program.Builder(x).then(linear).output(y).build();
  }
}
