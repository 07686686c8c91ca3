package io.github.tornadovit.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotaryPositionsTest {

  @Test
  void pairsHalfAHeadApartTurnInQueriesAndKeysOfTheLastTokens() {
    // One prefix token and two patches, two heads of 2: the first patch by 90 degrees, the second
    // by what takes 3, 4 to 5.
    Weight rotations = Weight.of("rotations", 2, 2, new float[] {0, 1, 0.6f, -0.8f});
    float[] prefix = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    float[] input = new float[36];
    for (int token = 0; token < 3; token++) {
      System.arraycopy(prefix, 0, input, 12 * token, 12);
    }
    System.arraycopy(new float[] {3, 4}, 0, input, 30, 2);
    float[] y = Agreement.reference(program(3, 2, rotations), input);
    assertThat(y).startsWith(prefix);
    assertThat(y).containsSequence(-2, 1, -4, 3, -6, 5, -8, 7, 9, 10, 11, 12);
    assertThat(y[30]).isEqualTo(5, within(1e-6f));
    assertThat(y[31]).isEqualTo(0, within(1e-6f));
    assertThat(y).endsWith(9, 10, 11, 12);
  }

  @Test
  void elementsOfAPairAreHalfAHeadApart() {
    Weight quarter = Weight.of("rotations", 1, 4, new float[] {0, 1, 1, 0});
    float[] y = Agreement.reference(program(1, 1, quarter), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    // Elements 0 and 2 turn by 90 degrees, 1 and 3 stay.
    assertThat(y).containsExactly(-3, 2, 1, 4, -7, 6, 5, 8, 9, 10, 11, 12);
  }

  @ParameterizedTest
  @CsvSource({"1,0,1,2", "6,5,3,20", "17,1,2,64", "201,5,1,64", "33,4,16,6", "9,0,2,256"})
  void agrees(int tokens, int prefix, int heads, int headSize) {
    RandomValues values = new RandomValues(100 * tokens + 10 * heads + headSize);
    Weight rotations = values.weight(tokens - prefix, headSize);
    Program program = program(tokens, heads, rotations);
    Agreement.check("rotary", program, values, Tolerance.reduction(2));
  }

  /** As in a block: over the product that made the values, read by attention and its maps. */
  @Test
  void agreesBetweenProductAndAttention() {
    RandomValues values = new RandomValues(3);
    Buffer x = new Buffer("x", 14, 20);
    Buffer qkv = new Buffer("qkv", 14, 60);
    Buffer turned = new Buffer("turned", 14, 60);
    Buffer mixed = new Buffer("mixed", 14, 20);
    Buffer maps = new Buffer("maps", 28, 14);
    Program program =
        new Program.Builder(x)
            .then(Linear.of(x, values.weight(60, 20), values.vector(60), qkv))
            .then(new RotaryPositions(qkv, 2, values.weight(9, 10), turned))
            .then(new AttentionWeights(turned, 2, 0.3f, null, maps))
            .then(new Attention(turned, 2, 0.3f, null, mixed))
            .output(maps)
            .output(mixed)
            .build();
    Agreement.check("block", program, values, Tolerance.reduction(20 * 14));
    Storage host = Storage.onHost(program);
    assertThat(host.array(turned)).isEqualTo(host.array(qkv));
  }

  @Test
  void nanAndInfinitiesReachTheirPair() {
    float infinity = Float.POSITIVE_INFINITY;
    Weight rotations = Weight.of("rotations", 1, 4, new float[] {0.5f, 0, 0.5f, 1});
    // A prefix token and a patch: queries NaN with 1, 2 with infinity.
    float[] input = {
      Float.NaN, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, Float.NaN, 2, 1, infinity, 1, 1, 1, 1, 1, 1,
      infinity, 1
    };
    Program program = program(2, 1, rotations);
    float[] y = Agreement.reference(program, input);
    assertThat(y).startsWith(Float.NaN, 1, 1, 1).endsWith(1, 1, infinity, 1);
    assertThat(y[12]).isNaN();
    assertThat(y[14]).isNaN();
    assertThat(y[13]).isEqualTo(-infinity);
    assertThat(y[15]).isNaN(); // An infinity times 0.
    Agreement.check("odd", program, new RandomValues(0), Tolerance.reduction(2), 1, input);
  }

  @Test
  void refusesShapesThatDoNotFit() {
    RandomValues values = new RandomValues(1);
    Buffer x = new Buffer("x", 3, 24);
    assertThatThrownBy(() -> new RotaryPositions(x, 2, values.weight(4, 4), x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rotary positions: 2 heads, 'x' [3, 24], rotations");
    assertThatThrownBy(() -> new RotaryPositions(x, 2, values.weight(2, 8), x))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RotaryPositions(x, 8, values.weight(2, 1), x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not of pairs");
    Buffer y = new Buffer("y", 3, 12);
    assertThatThrownBy(() -> new RotaryPositions(x, 2, values.weight(2, 4), y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("output 'y' [3, 12]");
  }

  private static Program program(int tokens, int heads, Weight rotations) {
    Buffer x = new Buffer("x", tokens, 3 * heads * rotations.columns());
    Buffer y = new Buffer("y", tokens, x.columns());
    return new Program.Builder(x)
        .then(new RotaryPositions(x, heads, rotations, y))
        .output(y)
        .build();
  }
}
