package io.github.tornadovit.kernels.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pooling.Copy;
import io.github.tornadovit.kernels.testing.RandomValues;
import org.junit.jupiter.api.Test;

class ProgramTest {
  private static final Buffer X = new Buffer("x", 2, 3);
  private static final Buffer Y = new Buffer("y", 2, 3);
  private static final Buffer Z = new Buffer("z", 2, 3);
  private static final Weight W = new RandomValues(1).weight(3, 3);

  @Test
  void listsBuffersWeightsAndWork() {
    Program program =
        new Program.Builder(X)
            .then(Linear.of(X, W, null, Y))
            .then(new Copy(Y, Z))
            .then(Linear.residual(Z, W, null, null, Y))
            .output(Y)
            .build();
    assertThat(program.buffers()).containsExactly(X, Y, Z);
    assertThat(program.weights()).containsExactly(W);
    assertThat(program.flops()).isEqualTo(2 * 2 * 2 * 3 * 3);
    assertThat(program.outputs()).containsExactly(Y);
  }

  @Test
  void refusesAReadBeforeTheWrite() {
    assertThatThrownBy(() -> new Program.Builder(X).then(new Copy(Y, Z)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reads buffer");
    assertThatThrownBy(
            () -> new Program.Builder(X).then(Linear.residual(X, W, null, null, Y)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before it is written");
    assertThatThrownBy(() -> new Program.Builder(X).output(Y).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never written");
  }

  @Test
  void refusesToWriteTheInputAndTwoBuffersOfOneName() {
    assertThatThrownBy(
            () -> new Program.Builder(X).then(new Copy(X, Y)).then(new Copy(Y, X)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("writes the input buffer 'x'");
    Buffer sameName = new Buffer("y", 2, 4);
    assertThatThrownBy(
            () ->
                new Program.Builder(X)
                    .then(new Copy(X, Y))
                    .then(Linear.of(X, new RandomValues(1).weight(4, 3), null, sameName))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two buffers are named 'y'");
  }
}
