package io.github.tornadovit.kernels.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.TestBackends;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarrowingTest {
  private static final int TOKENS = 7;
  private static final int WIDTH = 6;
  private static final RandomValues VALUES = new RandomValues(1);
  private static final Buffer PIXELS = new Buffer("pixels", TOKENS, WIDTH);
  private static final Buffer CLASS = new Buffer("class", 1, WIDTH);
  private static final Buffer MEAN = new Buffer("mean", 1, WIDTH);

  private final Program.Builder program = new Program.Builder(PIXELS);
  private Buffer state = tokens("state", WIDTH);

  private static Buffer tokens(String name, int columns) {
    return new Buffer(name, TOKENS, columns);
  }

  /** Two blocks of an encoder, to the state; what is read of the last comes behind. */
  private Program.Builder encoder() {
    program.then(new SelectTokens(PIXELS, 0, state));
    for (int block = 0; block < 2; block++) {
      program.section("block " + block);
      Buffer qkv = tokens("qkv", 3 * WIDTH);
      Buffer mixed = tokens("mixed", WIDTH);
      Buffer hidden = tokens("hidden", 11);
      Weight bias = VALUES.weight(1, 3 * WIDTH);
      program
          .then(Linear.of(norm(state), VALUES.weight(3 * WIDTH, WIDTH), bias, qkv))
          .then(new Attention(qkv, 2, 0.5f, null, mixed));
      residual(mixed);
      program.then(
          Linear.activated(
              norm(state),
              VALUES.weight(11, WIDTH),
              VALUES.weight(1, 11),
              Activation.GELU,
              hidden));
      residual(hidden);
    }
    return program.section("head");
  }

  private Buffer norm(Buffer input) {
    Buffer normed = tokens("normed", WIDTH);
    program.then(
        new LayerNorm(input, VALUES.weight(1, WIDTH), VALUES.weight(1, WIDTH), 1e-6f, normed));
    return normed;
  }

  private void residual(Buffer branch) {
    Buffer sum = tokens("state", WIDTH);
    program.then(
        Linear.residual(
            state,
            branch,
            VALUES.weight(WIDTH, branch.columns()),
            VALUES.weight(1, WIDTH),
            VALUES.weight(1, WIDTH),
            sum));
    state = sum;
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
    encoder();
    Program whole = program.then(new SelectTokens(norm(state), 0, CLASS)).output(CLASS).build();
    Program narrow = narrowed(whole);
    assertThat(rowsOfLinears(narrow, 1)).containsExactly(TOKENS, TOKENS, TOKENS, TOKENS);
    assertThat(rowsOfLinears(narrow, 2)).containsExactly(TOKENS, 1, 1, 1);
    assertThat(narrow.flops()).isLessThan(whole.flops());
  }

  @Test
  void aGateWorksOnTheRowsThatAreRead() {
    encoder();
    Buffer both = tokens("both", 22);
    Buffer gated = tokens("gated", 11);
    program
        .then(Linear.of(norm(state), VALUES.weight(22, WIDTH), null, both))
        .then(new Gate(both, Activation.SILU, gated));
    residual(gated);
    Program narrow =
        narrowed(program.then(new SelectTokens(state, 0, CLASS)).output(CLASS).build());
    assertThat(narrow.operations())
        .filteredOn(Gate.class::isInstance)
        .extracting(gate -> gate.output().rows())
        .containsExactly(1);
  }

  @Test
  void theTokensUpToTheLastThatIsRead() {
    Buffer second = new Buffer("second", 1, WIDTH);
    encoder();
    Program whole =
        program
            .then(new SelectTokens(state, 0, CLASS))
            .then(new SelectTokens(state, 1, second))
            .output(CLASS)
            .output(second)
            .build();
    assertThat(rowsOfLinears(narrowed(whole), 2)).containsExactly(TOKENS, 2, 2, 2);
  }

  @Test
  void theLastProductTakesTheMeanOfItsInputs() {
    encoder();
    Program whole =
        program
            .then(new SelectTokens(state, 0, CLASS))
            .then(new MeanTokens(state, 1, MEAN))
            .output(CLASS)
            .output(MEAN)
            .build();
    assertThat(rowsOfLinears(narrowed(whole), 2)).containsExactly(TOKENS, TOKENS, TOKENS, 2);
  }

  @Test
  void theMeanOfNormalisedRowsNeedsThemAll() {
    encoder();
    Program whole = program.then(new MeanTokens(norm(state), 1, MEAN)).output(MEAN).build();
    assertThat(rowsOfLinears(narrowed(whole), 2)).containsOnly(TOKENS);
  }

  @Test
  void twoMeansOfDifferentRowsNeedThemAll() {
    Buffer other = new Buffer("other", 1, WIDTH);
    encoder();
    Program whole =
        program
            .then(new MeanTokens(state, 1, MEAN))
            .then(new MeanTokens(state, 2, other))
            .output(MEAN)
            .output(other)
            .build();
    assertThat(rowsOfLinears(narrowed(whole), 2)).containsOnly(TOKENS);
  }

  @Test
  void theClassTokenOfAnEarlierBlockNeedsNoLaterOne() {
    program.then(new SelectTokens(PIXELS, 0, state)).section("early");
    residual(norm(state));
    program.then(new SelectTokens(state, 0, CLASS)).section("late");
    residual(norm(state));
    Program narrow = narrowed(program.output(CLASS).build());
    assertThat(narrow.sections()).extracting(Program.Section::name).doesNotContain("late");
    assertThat(narrow.operations()).extracting(Operation::output).doesNotContain(state);
  }

  @Test
  void whatIsReadWholeStaysAsItIs() {
    encoder();
    Program whole = program.output(state).build();
    assertThat(narrowed(whole)).isEqualTo(whole);
  }

  @Test
  void aRowThatIsReadBesideTheMeanOfOthersIsKept() {
    Buffer third = new Buffer("third", 1, WIDTH);
    encoder();
    Program whole =
        program
            .then(new MeanTokens(state, 1, MEAN))
            .then(new SelectTokens(state, 2, third)) // Within the mean.
            .output(MEAN)
            .output(third)
            .build();
    assertThat(rowsOfLinears(narrowed(whole), 2)).containsOnly(TOKENS);
  }
}
