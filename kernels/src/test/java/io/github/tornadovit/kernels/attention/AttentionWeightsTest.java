package io.github.tornadovit.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.launch.Effort;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionWeightsTest {
  @Test
  void referenceIsTheSoftmaxOfEachHead() {
    // Two tokens, two heads of size 1; per token: two queries, two keys, two values.
    float[] qkv = {1, 0, 0, 5, 9, 9, 2, 0, 1, 7, 9, 9};
    float[] y = Agreement.reference(program(2, 2, 1, 1, null, 2), qkv);
    // Head 0: scores (0, 1) and (0, 2); head 1: all 0.
    float[] expected = {1 / (1 + E), E / (1 + E), 1 / (1 + E2), E2 / (1 + E2), .5f, .5f, .5f, .5f};
    assertThat(y).containsExactly(expected, Offset.offset(1e-6f));
    float[] mean = Agreement.reference(program(2, 2, 1, 1, null, 1), qkv);
    for (int i = 0; i < 4; i++) {
      assertThat(mean[i]).isCloseTo((expected[i] + expected[i + 4]) / 2, Offset.offset(1e-6f));
    }
  }

  private static final float E = (float) Math.E;
  private static final float E2 = (float) Math.exp(2);

  @ParameterizedTest
  @CsvSource({"1,1,1", "2,1,5", "17,2,5", "7,3,80", "50,3,20", "65,2,17", "5,1,257"})
  void agreesOnOddShapes(int tokens, int heads, int headSize) {
    RandomValues values = new RandomValues(100 * tokens + 10 * heads + headSize);
    float scale = (float) (1 / Math.sqrt(headSize));
    Weight bias = values.weight(heads * tokens, tokens);
    Tolerance tolerance = Tolerance.reduction(tokens + headSize);
    for (int maps : new int[] {1, heads}) {
      Program plain = program(tokens, heads, headSize, scale, null, maps);
      Program biased = program(tokens, heads, headSize, scale, bias, maps);
      Agreement.check("without bias, maps " + maps, plain, values, tolerance);
      Agreement.check("with bias, maps " + maps, biased, values, tolerance);
    }
  }

  @ParameterizedTest
  @CsvSource({"197,2,16,1", "577,1,8,1"})
  void agreesOnTokensOfModels(int tokens, int heads, int headSize, int maps) {
    RandomValues values = new RandomValues(tokens);
    Weight bias = values.weight(heads * tokens, tokens);
    Program program = program(tokens, heads, headSize, 0.5f, bias, maps);
    Agreement.checkOne("attention weights", program, values, Tolerance.reduction(tokens));
  }

  @Test
  void keysThatABiasExcludesHaveNoWeight() {
    int tokens = 80;
    RandomValues values = new RandomValues(5);
    float[] excluded = new float[tokens * tokens];
    for (int i = 0; i < excluded.length; i++) {
      excluded[i] = i % tokens < 70 ? Float.NEGATIVE_INFINITY : 0;
    }
    Weight bias = Weight.of("bias", tokens, tokens, excluded);
    Program program = program(tokens, 1, 4, 1, bias, 1);
    Agreement.checkOne("excluded keys", program, values, Tolerance.reduction(tokens));
  }

  @Test
  void largeScoresDoNotOverflow() {
    Program program = program(3, 1, 1, 1, null, 1);
    float[] qkv = {1000, 0, 1, 1000, 1000, 2, 1000, 2000, 3};
    assertThat(Agreement.reference(program, qkv)).containsExactly(0, 0, 1, 0, 0, 1, 0, 0, 1);
    Agreement.check("large scores", program, new RandomValues(4), new Tolerance(1e-30, 0), 1, qkv);
  }

  /** A thread has a row of a map: of the mean, twice all keys of every head. */
  @Test
  void theModelOfTimeIsToldOfEveryHeadOfAMap() {
    int tokens = 50;
    int heads = 6;
    Buffer qkv = new Buffer("qkv", tokens, 3 * heads * 8);
    Effort mean = effort(qkv, heads, 1);
    Effort each = effort(qkv, heads, heads);
    assertThat(mean.rounds()).isEqualTo(2 * tokens * heads);
    assertThat(each.rounds()).isEqualTo(2 * tokens);
    // A multiply-add of every query and key, whose floats a warp's 32 lanes read once.
    long read = (long) Float.BYTES * 3 * 2 * tokens * tokens * heads * 8 / 32;
    assertThat(mean.cacheBytes()).isEqualTo(read);
    assertThat(each.cacheBytes()).isEqualTo(read);
  }

  private static Effort effort(Buffer qkv, int heads, int maps) {
    Buffer output = new Buffer("weights", maps * qkv.rows(), qkv.rows());
    AttentionWeights attention = new AttentionWeights(qkv, heads, 1, null, output);
    return new TornadoAttentionWeights(attention).launches(3, Tiling.of(1)).getFirst().effort();
  }

  @Test
  void refuseShapesThatDoNotFit() {
    Buffer qkv = new Buffer("qkv", 4, 12);
    Buffer output = new Buffer("weights", 8, 4);
    assertThatThrownBy(() -> new AttentionWeights(qkv, 3, 1, null, output))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 heads");
    assertThatThrownBy(() -> new AttentionWeights(qkv, 4, 1, null, output))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("output");
    Weight bias = Weight.of("bias", 4, 4, new float[16]);
    assertThatThrownBy(() -> new AttentionWeights(qkv, 2, 1, bias, output))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bias");
  }

  private static Program program(
      int tokens, int heads, int headSize, float scale, @Nullable Weight bias, int maps) {
    Buffer qkv = new Buffer("qkv", tokens, 3 * heads * headSize);
    Buffer output = new Buffer("weights", maps * tokens, tokens);
    return new Program.Builder(qkv)
        .then(new AttentionWeights(qkv, heads, scale, bias, output))
        .output(output)
        .build();
  }
}
