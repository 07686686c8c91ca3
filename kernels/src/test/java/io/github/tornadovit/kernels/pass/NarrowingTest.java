package io.github.tornadovit.kernels.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.TestBackends;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pooling.Copy;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarrowingTest {
  private static final int TOKENS = 7;
  private static final int WIDTH = 6;
  private static final RandomValues VALUES = new RandomValues(1);
  private static final Buffer PIXELS = new Buffer("pixels", TOKENS, WIDTH);
  private static final Buffer STATE = new Buffer("state", TOKENS, WIDTH);
  private static final Buffer NORMED = new Buffer("normed", TOKENS, WIDTH);
  private static final Buffer QKV = new Buffer("qkv", TOKENS, 3 * WIDTH);
  private static final Buffer MIXED = new Buffer("mixed", TOKENS, WIDTH);
  private static final Buffer HIDDEN = new Buffer("hidden", TOKENS, 11);
  private static final Buffer CLASS = new Buffer("class", 1, WIDTH);
  private static final Buffer MEAN = new Buffer("mean", 1, WIDTH);

  /** Two blocks of an encoder; what is read of the last comes behind. */
  private static Program.Builder encoder() {
    Program.Builder program = new Program.Builder(PIXELS).then(new Copy(PIXELS, STATE));
    for (int block = 0; block < 2; block++) {
      program
          .section("block " + block)
          .then(norm(STATE, NORMED))
          .then(
              Linear.of(NORMED, VALUES.weight(3 * WIDTH, WIDTH), VALUES.weight(1, 3 * WIDTH), QKV))
          .then(new Attention(QKV, 2, 0.5f, null, MIXED))
          .then(residual(MIXED))
          .then(norm(STATE, NORMED))
          .then(
              Linear.activated(
                  NORMED, VALUES.weight(11, WIDTH), VALUES.weight(1, 11), Activation.GELU, HIDDEN))
          .then(residual(HIDDEN));
    }
    return program.section("head");
  }

  private static LayerNorm norm(Buffer input, Buffer output) {
    return new LayerNorm(input, VALUES.weight(1, WIDTH), VALUES.weight(1, WIDTH), 1e-6f, output);
  }

  private static Linear residual(Buffer branch) {
    return Linear.residual(
        branch,
        VALUES.weight(WIDTH, branch.columns()),
        VALUES.weight(1, WIDTH),
        VALUES.weight(1, WIDTH),
        STATE);
  }

  /** The narrowed program, whose outputs are those of the program. */
  private static Program narrowed(Program program) {
    Program narrow = Narrowing.apply(program);
    float[] input = VALUES.array(3 * PIXELS.size());
    try (Plan whole = TestBackends.reference().plan(program, 3);
        Plan part = TestBackends.reference().plan(narrow, 3)) {
      Outputs expected = whole.run(input, 3);
      Outputs got = part.run(input, 3);
      assertThat(narrow.outputs()).isEqualTo(program.outputs());
      for (Buffer output : program.outputs()) {
        Tolerance.reduction(40).check(output.name(), got.of(output), expected.of(output));
      }
    }
    return narrow;
  }

  private static List<Integer> rowsOfLinears(Program program, int section) {
    return program.sections().get(section).operations().stream()
        .filter(Linear.class::isInstance)
        .map(operation -> operation.output().rows())
        .toList();
  }

  @Test
  void theClassTokenAlonePassesWhatFollowsTheLastAttention() {
    Program program =
        encoder()
            .then(norm(STATE, NORMED))
            .then(new SelectTokens(NORMED, 0, CLASS))
            .output(CLASS)
            .build();
    Program narrow = narrowed(program);
    assertThat(rowsOfLinears(narrow, 1)).containsExactly(TOKENS, TOKENS, TOKENS, TOKENS);
    assertThat(rowsOfLinears(narrow, 2)).containsExactly(TOKENS, 1, 1, 1);
    assertThat(narrow.flops()).isLessThan(program.flops());
  }

  @Test
  void theTokensUpToTheLastThatIsRead() {
    Buffer second = new Buffer("second", 1, WIDTH);
    Program program =
        encoder()
            .then(new SelectTokens(STATE, 0, CLASS))
            .then(new SelectTokens(STATE, 1, second))
            .output(CLASS)
            .output(second)
            .build();
    assertThat(rowsOfLinears(narrowed(program), 2)).containsExactly(TOKENS, 2, 2, 2);
  }

  @Test
  void theLastProductTakesTheMeanOfItsInputs() {
    Program program =
        encoder()
            .then(new SelectTokens(STATE, 0, CLASS))
            .then(new MeanTokens(STATE, 1, MEAN))
            .output(CLASS)
            .output(MEAN)
            .build();
    assertThat(rowsOfLinears(narrowed(program), 2)).containsExactly(TOKENS, TOKENS, TOKENS, 2);
  }

  @Test
  void theMeanOfNormalisedRowsNeedsThemAll() {
    Program program =
        encoder()
            .then(norm(STATE, NORMED))
            .then(new MeanTokens(NORMED, 1, MEAN))
            .output(MEAN)
            .build();
    assertThat(rowsOfLinears(narrowed(program), 2)).containsOnly(TOKENS);
  }

  @Test
  void twoMeansOfDifferentRowsNeedThemAll() {
    Buffer other = new Buffer("other", 1, WIDTH);
    Program program =
        encoder()
            .then(new MeanTokens(STATE, 1, MEAN))
            .then(new MeanTokens(STATE, 2, other))
            .output(MEAN)
            .output(other)
            .build();
    assertThat(rowsOfLinears(narrowed(program), 2)).containsOnly(TOKENS);
  }

  @Test
  void theClassTokenOfAnEarlierBlockNeedsNoLaterOne() {
    Program program =
        new Program.Builder(PIXELS)
            .then(new Copy(PIXELS, STATE))
            .section("early")
            .then(norm(STATE, NORMED))
            .then(residual(NORMED))
            .then(new SelectTokens(STATE, 0, CLASS))
            .section("late")
            .then(norm(STATE, NORMED))
            .then(residual(NORMED))
            .output(CLASS)
            .build();
    Program narrow = narrowed(program);
    assertThat(narrow.sections()).extracting(Program.Section::name).doesNotContain("late");
    assertThat(narrow.operations()).extracting(Operation::output).doesNotContain(STATE);
  }

  @Test
  void whatIsReadWholeStaysAsItIs() {
    Program program = encoder().output(STATE).build();
    assertThat(narrowed(program)).isEqualTo(program);
  }

  @Test
  void aRowThatIsReadBesideTheMeanOfOthersIsKept() {
    Buffer third = new Buffer("third", 1, WIDTH);
    Program program =
        encoder()
            .then(new MeanTokens(STATE, 1, MEAN))
            .then(new SelectTokens(STATE, 2, third)) // Within the mean.
            .output(MEAN)
            .output(third)
            .build();
    assertThat(rowsOfLinears(narrowed(program), 2)).containsOnly(TOKENS);
  }
}
