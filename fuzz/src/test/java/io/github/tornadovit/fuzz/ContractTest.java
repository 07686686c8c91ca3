package io.github.tornadovit.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.CheckpointException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract catches what it is there to catch. */
class ContractTest {
  private static final Contract CONTRACT = new Contract(CheckpointException.class, 1 << 16, 64);

  private final List<byte[]> kept = new ArrayList<>();

  private void check(FuzzTarget target) throws Exception {
    CONTRACT.check(target, new byte[100]);
  }

  private static FuzzTarget throwing(Exception failure) {
    return input -> {
      throw failure;
    };
  }

  @Test
  void aResultAndTheTypedErrorAreFine() {
    assertThatCode(() -> check(input -> kept.add(new byte[input.length])))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(throwing(new CheckpointException("input", "is empty"))))
        .doesNotThrowAnyException();
  }

  @Test
  void everythingElseThatIsThrownIsAFinding() {
    assertThatThrownBy(() -> check(throwing(new IllegalStateException("oops")))).hasMessage("oops");
    assertThatThrownBy(
            () ->
                check(
                    input -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void anErrorThatSaysNothingIsAFinding() {
    assertThatThrownBy(() -> check(throwing(new CheckpointException("input", "null"))))
        .hasMessageContaining("without saying why");
    // The exception itself cuts what is longer than an error may be.
    assertThatCode(() -> check(throwing(new CheckpointException("input", "x".repeat(100_000)))))
        .doesNotThrowAnyException();
  }

  @Test
  void memoryBeyondTheBoundIsAFinding() {
    assertThatThrownBy(() -> check(input -> kept.add(new byte[1 << 20])))
        .hasMessageContaining("expected at most 71936 bytes of heap");
  }
}
