package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.KernelTime;
import io.github.tornadovit.kernels.backend.Outputs;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.ReferenceBackend;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The self-test covers what a program uses, and notices a kernel that computes something else. */
class KnownAnswersTest {
  private static final RandomValues VALUES = new RandomValues(1);

  private static Program encoder() {
    Buffer pixels = new Buffer("pixels", 3 * 4, 4);
    Buffer tokens = new Buffer("tokens", 5, 8);
    Buffer qkv = new Buffer("qkv", 5, 24);
    Buffer mixed = new Buffer("mixed", 5, 8);
    Weight vector = VALUES.weight(1, 8);
    return new Program.Builder(pixels)
        .then(new PatchEmbedding(pixels, 3, 2, 2, VALUES.weight(8, 12), vector, 1, tokens))
        .then(new EmbedTokens(vector, VALUES.weight(5, 8), tokens))
        .then(new LayerNorm(tokens, vector, vector, 1e-6f, mixed))
        .then(Linear.activated(mixed, VALUES.weight(24, 8), null, Activation.GELU, qkv))
        .then(new Attention(qkv, 2, 0.5f, VALUES.weight(10, 5), mixed))
        .then(new AttentionWeights(qkv, 2, 0.5f, null, new Buffer("heads", 10, 5)))
        .then(new AttentionWeights(qkv, 2, 0.5f, null, new Buffer("mean", 5, 5)))
        .then(Linear.residual(mixed, VALUES.weight(8, 8), null, null, tokens))
        .output(tokens)
        .build();
  }

  /** A device that changes one element of one output. */
  private record Wrong(Plan right, String kernel) implements Plan {
    @Override
    public int maxBatch() {
      return right.maxBatch();
    }

    @Override
    public Outputs run(float[] input, int batch) {
      Outputs outputs = right.run(input, batch);
      outputs
          .values()
          .forEach(
              (output, values) -> {
                if (output.name().equals(kernel)) {
                  values[7] += 0.01f;
                }
              });
      return outputs;
    }

    @Override
    public List<KernelTime> profile(float[] input, int batch) {
      return right.profile(input, batch);
    }

    @Override
    public void close() {
      right.close();
    }
  }

  @Test
  void coversEveryKernelOfTheProgram() {
    assertThat(new KnownAnswers(encoder()).kernels())
        .containsExactly(
            "patch embedding of 3 x 2 x 2",
            "tokens and positions",
            "layer norm",
            "linear, GELU",
            "attention of head size 4, with bias",
            "attention weights of head size 4, no bias",
            "attention weights of head size 4, no bias, mean of heads",
            "linear with residual");
  }

  @Test
  void namesTheKernelThatComputesSomethingElse() {
    KnownAnswers test = new KnownAnswers(encoder());
    try (ReferenceBackend backend = new ReferenceBackend();
        Plan right = backend.plan(test.program(), KnownAnswers.BATCH)) {
      test.check(right, "a device", 1, KnownAnswers.BATCH);
      for (String kernel : test.kernels()) {
        assertThatThrownBy(() -> test.check(new Wrong(right, kernel), "a device", 1))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("kernel '" + kernel + "'")
            .hasMessageContaining("'a device'")
            .hasMessageContaining("element 7");
      }
    }
  }
}
