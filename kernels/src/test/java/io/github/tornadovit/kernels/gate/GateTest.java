package io.github.tornadovit.kernels.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {

  @Test
  void theFirstHalfOfARowIsTheGateOfTheSecond() {
    Program relu = program(2, 2, Activation.RELU);
    assertThat(Agreement.reference(relu, 2, -3, 5, 7, 4, 0.5f, -1, 8))
        .containsExactly(10, 0, -4, 4);
    Program silu = program(1, 1, Activation.SILU);
    assertThat(Agreement.reference(silu, (float) Math.log(3), 4))
        .containsExactly((float) (3 * Math.log(3)));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "7,5", "13,17", "5,64", "197,48", "3,341", "2,4096"})
  void agrees(int rows, int width) {
    RandomValues values = new RandomValues(1000L * rows + width);
    Program program = program(rows, width, Activation.SILU);
    Agreement.check("gate", program, values, new Tolerance(1e-6, 1e-6));
  }

  @ParameterizedTest
  @EnumSource
  void everyActivationOpens(Activation activation) {
    RandomValues values = new RandomValues(5);
    Agreement.check(
        activation.name(), program(6, 33, activation), values, new Tolerance(1e-6, 1e-6));
  }

  /** As in a gated MLP: what the products around it hand over, in arrays that are shared. */
  @Test
  void agreesBetweenProducts() {
    RandomValues values = new RandomValues(3);
    Buffer x = new Buffer("x", 9, 20);
    Buffer both = new Buffer("both", 9, 2 * 27);
    Buffer gated = new Buffer("gated", 9, 27);
    Buffer y = new Buffer("y", 9, 20);
    Program mlp =
        new Program.Builder(x)
            .then(Linear.of(x, values.weight(2 * 27, 20), values.vector(2 * 27), both))
            .then(new Gate(both, Activation.SILU, gated))
            .then(Linear.residual(x, gated, values.weight(20, 27), values.vector(20), null, y))
            .output(y)
            .build();
    Agreement.check("gated MLP", mlp, values, Tolerance.reduction(20 * 27));
  }

  @Test
  void nanAndInfinitiesReachTheirElement() {
    float nan = Float.NaN;
    float infinity = Float.POSITIVE_INFINITY;
    float[] gates = {nan, 1, infinity, -infinity, infinity, 0, 1, 2};
    float[] values = {1, nan, 2, 2, 0, infinity, infinity, -3};
    float[] input = new float[3 * 16];
    System.arraycopy(gates, 0, input, 16, 8);
    System.arraycopy(values, 0, input, 24, 8);
    Program program = program(3, 8, Activation.SILU);
    float[] y = Agreement.reference(program, input);
    assertThat(y).startsWith(new float[8]).endsWith(new float[8]);
    assertThat(y[8]).isNaN();
    assertThat(y[9]).isNaN();
    assertThat(y[10]).isEqualTo(infinity);
    assertThat(y[11]).isNaN();
    assertThat(y[12]).isNaN();
    assertThat(y[13]).isNaN();
    assertThat(y[14]).isEqualTo(infinity);
    Agreement.check("odd", program, new RandomValues(0), new Tolerance(1e-6, 1e-6), 1, input);
  }

  @Test
  void refusesShapesThatDoNotFit() {
    Buffer x = new Buffer("x", 3, 8);
    assertThatThrownBy(() -> new Gate(x, Activation.SILU, new Buffer("y", 3, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gate: input 'x' [3, 8], output 'y' [3, 8]");
    assertThatThrownBy(() -> new Gate(x, Activation.SILU, new Buffer("y", 2, 4)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Gate(new Buffer("x", 3, 9), Activation.SILU, new Buffer("y", 3, 4)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Program program(int rows, int width, Activation activation) {
    Buffer x = new Buffer("x", rows, 2 * width);
    Buffer y = new Buffer("y", rows, width);
    return new Program.Builder(x).then(new Gate(x, activation, y)).output(y).build();
  }
}
