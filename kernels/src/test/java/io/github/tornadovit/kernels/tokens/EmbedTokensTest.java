package io.github.tornadovit.kernels.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbedTokensTest {

  @Test
  void referenceReplacesThePrefixAndAddsPositions() {
    Weight prefix = Weight.of("prefix", 1, 2, new float[] {7, 8});
    Weight positions = Weight.of("positions", 3, 2, new float[] {10, 20, 30, 40, 50, 60});
    float[] input = {1, 2, 3, 4};
    assertThat(Agreement.reference(program(3, 2, prefix, positions), input))
        .containsExactly(17, 28, 31, 42, 53, 64);
    assertThat(Agreement.reference(program(3, 2, prefix, null), input))
        .containsExactly(7, 8, 1, 2, 3, 4);
    float[] patches = {1, 2, 3, 4, 5, 6};
    assertThat(Agreement.reference(program(3, 2, null, positions), patches))
        .containsExactly(11, 22, 33, 44, 55, 66);
  }

  @ParameterizedTest
  @CsvSource({"2,1,1", "5,7,1", "13,40,2", "197,33,1", "4,16,3"})
  void agrees(int tokens, int width, int prefixes) {
    RandomValues values = new RandomValues(tokens + width);
    Weight prefix = values.weight(prefixes, width);
    Weight positions = values.weight(tokens, width);
    Program plain = program(tokens, width, prefix, null);
    Program positioned = program(tokens, width, prefix, positions);
    Agreement.check("without positions", plain, values, Tolerance.exact());
    Agreement.check("with positions", positioned, values, Tolerance.elementwise());
    Program alone = program(tokens, width, null, positions);
    Agreement.check("positions alone", alone, values, Tolerance.elementwise());
  }

  @Test
  void refusesShapesThatDoNotFit() {
    RandomValues values = new RandomValues(1);
    Buffer x = new Buffer("x", 2, 4);
    Buffer y = new Buffer("y", 3, 4);
    assertThatThrownBy(() -> new EmbedTokens(x, values.weight(1, 5), null, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 5]");
    assertThatThrownBy(() -> new EmbedTokens(x, null, null, x))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EmbedTokens(x, values.weight(2, 4), null, y))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EmbedTokens(x, values.vector(4), values.weight(2, 4), y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 4]");
  }

  private static Program program(
      int tokens, int width, @Nullable Weight prefix, @Nullable Weight positions) {
    Buffer x = new Buffer("x", tokens - (prefix == null ? 0 : prefix.rows()), width);
    Buffer y = new Buffer("y", tokens, width);
    return new Program.Builder(x).then(new EmbedTokens(x, prefix, positions, y)).output(y).build();
  }
}
