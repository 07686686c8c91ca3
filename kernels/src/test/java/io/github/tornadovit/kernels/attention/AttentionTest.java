package io.github.tornadovit.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest {

  @Test
  void referenceWeighsValuesBySoftmax() {
    // Two tokens, one head of size 1; per token: query, key, value.
    float[] qkv = {1, 0, 10, 2, 1, 20};
    Program program = program(2, 1, 1, 1, null);
    float[] y = Agreement.reference(program, qkv);
    // Scores of query 1: (0, 1); of query 2: (0, 2). softmax (1, e) / (1 + e) and (1, e^2) / ...
    double first = (10 + 20 * Math.E) / (1 + Math.E);
    double second = (10 + 20 * Math.exp(2)) / (1 + Math.exp(2));
    assertThat(y[0]).isCloseTo((float) first, Offset.offset(1e-5f));
    assertThat(y[1]).isCloseTo((float) second, Offset.offset(1e-5f));
  }

  @Test
  void referenceAddsTheBiasOfHeadQueryAndKey() {
    // Two heads of size 1, two tokens, all keys 0: only the bias decides. Values 1, 2 and 3, 4.
    float[] qkv = {5, 5, 0, 0, 1, 3, 5, 5, 0, 0, 2, 4};
    float never = -1000;
    Weight bias = Weight.of("bias", 4, 2, new float[] {0, never, never, 0, never, 0, 0, never});
    float[] y = Agreement.reference(program(2, 2, 1, 1, bias), qkv);
    // Head 0 sees the token itself, head 1 the other one.
    assertThat(y).containsExactly(1, 4, 2, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1", "2,1,5", "2,3,8", "17,2,5", "17,2,64", "7,3,80", "33,2,16", "50,3,20", "13,1,1",
    "64,1,16", "65,1,17", "130,1,3", "5,1,256", "5,1,257",
  })
  void agreesOnOddShapes(int tokens, int heads, int headSize) {
    RandomValues values = new RandomValues(100 * tokens + 10 * heads + headSize);
    float scale = (float) (1 / Math.sqrt(headSize));
    Program plain = program(tokens, heads, headSize, scale, null);
    Weight bias = values.weight(heads * tokens, tokens);
    Program biased = program(tokens, heads, headSize, scale, bias);
    Tolerance tolerance = Tolerance.reduction(tokens + headSize);
    Agreement.check("without bias", plain, values, tolerance);
    Agreement.check("with bias", biased, values, tolerance);
  }

  @ParameterizedTest
  @CsvSource({"197,1,64", "577,1,16"})
  void agreesOnTokensOfModels(int tokens, int heads, int headSize) {
    RandomValues values = new RandomValues(tokens);
    Weight bias = values.weight(heads * tokens, tokens);
    Program program = program(tokens, heads, headSize, 0.5f, bias);
    Agreement.checkOne("attention", program, values, Tolerance.reduction(tokens));
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "40"})
  void agreesWithUnusualScales(float scale) {
    RandomValues values = new RandomValues(3);
    Tolerance tolerance = Tolerance.reduction(100).times(1 + Math.abs(scale));
    Agreement.check("scale " + scale, program(19, 2, 6, scale, null), values, tolerance);
  }

  @Test
  void largeScoresDoNotOverflow() {
    RandomValues values = new RandomValues(4);
    Program program = program(5, 1, 2, 1, null);
    float[] qkv = new float[30];
    for (int token = 0; token < 5; token++) {
      // Scores are token 1e6 for every query: all weight on the last token.
      qkv[6 * token] = 1000;
      qkv[6 * token + 2] = 1000 * token;
      qkv[6 * token + 4] = token;
      qkv[6 * token + 5] = -token;
    }
    assertThat(Agreement.reference(program, qkv)).containsSequence(4, -4, 4, -4);
    Agreement.check("large scores", program, values, Tolerance.exact(), 1, qkv);
  }

  @Test
  void keysThatABiasExcludesHaveNoWeight() {
    // The first 70 of 80 keys: more than any kernel takes at a time.
    int tokens = 80;
    RandomValues values = new RandomValues(5);
    float[] excluded = new float[tokens * tokens];
    for (int i = 0; i < excluded.length; i++) {
      excluded[i] = i % tokens < 70 ? Float.NEGATIVE_INFINITY : 0;
    }
    Program program = program(tokens, 1, 4, 1, Weight.of("bias", tokens, tokens, excluded));
    Agreement.checkOne("excluded keys", program, values, Tolerance.reduction(tokens));
  }

  @Test
  void nanReachesEveryTokenThatSeesIt() {
    RandomValues values = new RandomValues(6);
    Program program = program(19, 2, 4, 1, null);
    int stride = 24;
    float[] key = values.array(19 * stride);
    key[3 * stride + 8] = Float.NaN;
    Agreement.check("NaN in a key", program, values, Tolerance.reduction(19), 1, key);
    float[] query = values.array(19 * stride);
    query[18 * stride] = Float.NaN;
    Agreement.check("NaN in a query", program, values, Tolerance.reduction(19), 1, query);
    float[] value = values.array(19 * stride);
    value[5 * stride + 23] = Float.NaN;
    Agreement.check("NaN in a value", program, values, Tolerance.reduction(19), 1, value);
    float[] all = new float[19 * stride];
    Arrays.fill(all, Float.NaN);
    Agreement.check("all NaN", program, values, Tolerance.exact(), 1, all);
  }

  @Test
  void refusesShapesThatDoNotFit() {
    Buffer qkv = new Buffer("qkv", 4, 24);
    Buffer y = new Buffer("y", 4, 8);
    assertThat(new Attention(qkv, 2, 1, null, y).headSize()).isEqualTo(4);
    assertThatThrownBy(() -> new Attention(qkv, 5, 1, null, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 heads");
    assertThatThrownBy(() -> new Attention(qkv, 0, 1, null, y))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Attention(qkv, 2, 1, null, new Buffer("y", 4, 9)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Attention(qkv, 2, 1, new RandomValues(1).weight(8, 5), y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[8, 5]");
  }

  private static Program program(
      int tokens, int heads, int headSize, float scale, @Nullable Weight bias) {
    Buffer qkv = new Buffer("qkv", tokens, 3 * heads * headSize);
    Buffer y = new Buffer("y", tokens, heads * headSize);
    return new Program.Builder(qkv)
        .then(new Attention(qkv, heads, scale, bias, y))
        .output(y)
        .build();
  }
}
