package io.github.tornadovit.engine.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.ColumnRanges;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ChannelSpreadTest {
  private final Buffer x = new Buffer("x", 3, 2);
  private final Buffer normed = new Buffer("normed", 3, 2);
  private final Weight gamma = Weight.of("gamma", 1, 2, new float[] {-2, 0.5f});
  private final Weight beta = Weight.of("beta", 1, 2, new float[] {1, -3});
  private final LayerNorm norm = new LayerNorm(x, gamma, beta, 1e-6f, normed);
  private final Weight up = Weight.of("up", 2, 2, new float[] {3, 0, 2, -4});
  private final Weight bias = Weight.of("bias", 1, 2, new float[] {0, 10});

  @Test
  void aNormReachesBetaAndThreeGammasAndALayerCarriesThemOn() {
    Buffer hidden = new Buffer("hidden", 3, 2);
    Buffer y = new Buffer("y", 3, 2);
    Weight down = Weight.of("down", 2, 2, new float[] {1, 2, 3, 4});
    Program program =
        new Program.Builder(x)
            .then(norm)
            .then(Linear.activated(normed, up, bias, Activation.GELU, hidden))
            .then(Linear.residual(x, hidden, down, null, null, y))
            .output(y)
            .build();
    Map<Weight, ColumnRanges> ranges = ChannelSpread.ofInputs(program);
    assertThat(ranges).containsOnlyKeys(up, down);
    assertThat(values(ranges, up)).containsExactly(1 + 3 * 2, 3 + 3 * 0.5f);
    // Means 3 and 2 * 1 + 4 * 3 + 10; deviations 3 * 2 and the root of (2 * 2)^2 + (4 / 2)^2.
    assertThat(values(ranges, down)).containsExactly(3 + 3 * 6, 24 + 3 * (float) Math.sqrt(20));
  }

  @Test
  void aGateMultipliesItsHalves() {
    Buffer both = new Buffer("both", 3, 2);
    Buffer hidden = new Buffer("hidden", 3, 1);
    Buffer y = new Buffer("y", 3, 2);
    Weight down = Weight.of("down", 2, 1, new float[] {1, 2});
    Program program =
        new Program.Builder(x)
            .then(norm)
            .then(Linear.of(normed, up, bias, both))
            .then(new Gate(both, Activation.SILU, hidden))
            .then(Linear.residual(x, hidden, down, null, null, y))
            .output(y)
            .build();
    assertThat(values(ChannelSpread.ofInputs(program), down))
        .containsExactly((3 + 3 * 6) * (24 + 3 * (float) Math.sqrt(20)));
  }

  private static float[] values(Map<Weight, ColumnRanges> ranges, Weight weight) {
    return Objects.requireNonNull(ranges.get(weight)).values();
  }

  @Test
  void nothingIsKnownOfWhatNoNormMade() {
    Program program =
        new Program.Builder(x).then(Linear.of(x, up, bias, normed)).output(normed).build();
    assertThat(ChannelSpread.ofInputs(program)).isEmpty();
  }
}
