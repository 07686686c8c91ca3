package io.github.tornadovit.kernels.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.testing.RandomValues;
import org.junit.jupiter.api.Test;

class ProgramTest {
  private static final Buffer X = new Buffer("x", 2, 3);
  private static final Buffer Y = new Buffer("y", 2, 3);
  private static final Buffer Z = new Buffer("z", 2, 3);
  private static final Buffer SUM = new Buffer("sum", 2, 3);
  private static final Weight W = new RandomValues(1).weight(3, 3);

  @Test
  void listsBuffersWeightsAndWork() {
    Program program =
        new Program.Builder(X)
            .then(Linear.of(X, W, null, Y))
            .then(new SelectTokens(Y, 0, Z))
            .then(Linear.residual(Y, Z, W, null, null, SUM))
            .output(SUM)
            .build();
    assertThat(program.buffers()).containsExactly(X, Y, Z, SUM);
    assertThat(program.weights()).containsExactly(W);
    assertThat(program.flops()).isEqualTo(2 * 2 * 2 * 3 * 3);
    assertThat(program.outputs()).containsExactly(SUM);
  }

  @Test
  void refusesAReadBeforeTheWrite() {
    assertThatThrownBy(() -> new Program.Builder(X).then(new SelectTokens(Y, 0, Z)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reads 'y' [2, 3] before it is written");
    assertThatThrownBy(
            () -> new Program.Builder(X).then(Linear.residual(Z, X, W, null, null, Y)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before it is written");
    assertThatThrownBy(() -> new Program.Builder(X).output(Y).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never written");
  }

  @Test
  void refusesToWriteWhatIsThere() {
    assertThatThrownBy(
            () ->
                new Program.Builder(X)
                    .then(new SelectTokens(X, 0, Y))
                    .then(new SelectTokens(Y, 0, X))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("writes 'x' [2, 3], which is there already");
    assertThatThrownBy(
            () ->
                new Program.Builder(X)
                    .then(new SelectTokens(X, 0, Y))
                    .then(Linear.of(X, W, null, Y))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("writes 'y' [2, 3], which is there already");
  }

  @Test
  void valuesOfOneNameAreNotTheSame() {
    Buffer other = new Buffer("y", 2, 3);
    Program program =
        new Program.Builder(X)
            .then(new SelectTokens(X, 0, Y))
            .then(Linear.of(Y, W, null, other))
            .output(other)
            .build();
    assertThat(program.buffers()).containsExactly(X, Y, other);
  }
}
