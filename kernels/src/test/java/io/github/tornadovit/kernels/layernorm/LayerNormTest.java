package io.github.tornadovit.kernels.layernorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerNormTest {

  @Test
  void referenceComputesTheFormula() {
    Buffer x = new Buffer("x", 1, 4);
    Buffer y = new Buffer("y", 1, 4);
    Weight weight = Weight.of("weight", 1, 4, new float[] {1, 2, 1, 1});
    Weight bias = Weight.of("bias", 1, 4, new float[] {0, 0, 10, 0});
    // Mean 1, variance 1, eps 3: divided by 2.
    Program program = program(x, new LayerNorm(x, weight, bias, 3, y));
    assertThat(Agreement.reference(program, 0, 2, 0, 2)).containsExactly(-0.5f, 1, 9.5f, 0.5f);
    // Mean 5, variance 32 / 4, eps 1: divided by 3.
    Program other = program(x, new LayerNorm(x, weight, bias, 1, y));
    assertThat(Agreement.reference(other, 1, 5, 5, 9)).containsExactly(-4 / 3f, 0, 10, 4 / 3f);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "7,5", "13,13", "33,64", "197,96", "65,100", "3,768", "2,1027"})
  void agrees(int rows, int width) {
    RandomValues values = new RandomValues(1000L * rows + width);
    Buffer x = new Buffer("x", rows, width);
    Buffer y = new Buffer("y", rows, width);
    LayerNorm norm = new LayerNorm(x, values.vector(width), values.vector(width), 1e-3f, y);
    Agreement.check("layer norm", program(x, norm), values, Tolerance.reduction(32));
  }

  @Test
  void agreesInPlace() {
    RandomValues values = new RandomValues(7);
    Buffer z = new Buffer("z", 9, 19);
    Buffer last = new Buffer("last", 9, 19);
    Buffer x = new Buffer("x", 9, 19);
    Buffer y = new Buffer("y", 9, 19);
    Program program =
        new Program.Builder(x)
            .then(Linear.of(x, values.weight(19, 19), null, y))
            .then(new LayerNorm(y, values.vector(19), values.vector(19), 1e-5f, z))
            .then(new SelectTokens(z, 0, last)) // Outputs of a device are never in place.
            .output(last)
            .build();
    Storage storage = Storage.onHost(program);
    assertThat(storage.array(z)).isEqualTo(storage.array(y));
    Agreement.check("in place", program, values, Tolerance.reduction(64));
  }

  @Test
  void aLargeMeanDoesNotCancel() {
    RandomValues values = new RandomValues(8);
    Buffer x = new Buffer("x", 1, 512);
    Buffer y = new Buffer("y", 1, 512);
    LayerNorm norm = new LayerNorm(x, values.vector(512), values.vector(512), 1e-12f, y);
    float[] input = values.array(512);
    for (int i = 0; i < input.length; i++) {
      input[i] += 1000;
    }
    // E[x^2] - E[x]^2 in float32 would be off by 10 %; the mean itself is rounded to 6e-5.
    Agreement.check("mean 1000", program(x, norm), values, new Tolerance(1e-3, 0), 1, input);
  }

  @Test
  void constantRowsGiveTheBiasAndNanStaysInItsRow() {
    RandomValues values = new RandomValues(9);
    Buffer x = new Buffer("x", 3, 17);
    Buffer y = new Buffer("y", 3, 17);
    LayerNorm norm = new LayerNorm(x, values.vector(17), values.vector(17), 1e-12f, y);
    float[] input = values.array(3 * 17);
    Arrays.fill(input, 0, 17, 0.5f);
    input[20] = Float.NaN;
    Agreement.check("special rows", program(x, norm), values, Tolerance.reduction(32), 1, input);
  }

  @Test
  void refusesShapesThatDoNotFit() {
    RandomValues values = new RandomValues(1);
    Buffer x = new Buffer("x", 3, 4);
    Weight fits = values.vector(4);
    assertThatThrownBy(() -> new LayerNorm(x, values.vector(5), fits, 1, x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 5]");
    assertThatThrownBy(() -> new LayerNorm(x, fits, values.weight(2, 4), 1, x))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LayerNorm(x, fits, fits, 1, new Buffer("y", 4, 3)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Program program(Buffer x, LayerNorm norm) {
    return new Program.Builder(x).then(norm).output(norm.output()).build();
  }
}
