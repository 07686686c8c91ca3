package io.github.tornadovit.engine.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.weights.config.Architecture;
import io.github.tornadovit.weights.config.Classifier;
import io.github.tornadovit.weights.config.Embeddings;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Geometry;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Norms;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasInterpolation;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import io.github.tornadovit.weights.model.VisionWeights;
import io.github.tornadovit.weights.model.VisionWeights.Block;
import io.github.tornadovit.weights.model.VisionWeights.Dense;
import io.github.tornadovit.weights.model.VisionWeights.Norm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the activations of base models take, by models whose weights are all the same zeros. */
class ActivationMemoryTest {
  private static final int WIDTH = 768;
  private static final int TOKENS = 197;
  private static final int MLP = 4 * WIDTH;
  private static final int CLASSES = 1000;
  private static final MemorySegment ZEROS = Arena.ofAuto().allocate(4L * WIDTH * MLP);

  private static TensorView tensor(long... extents) {
    return TensorView.of("zeros", "test", DType.F32, Shape.of(extents), ZEROS);
  }

  private static Dense dense(int out, int in) {
    return new Dense(tensor(out, in), tensor(out));
  }

  private static VisionWeights base(boolean beit) {
    Norm norm = new Norm(tensor(WIDTH), tensor(WIDTH));
    Block block =
        new Block(
            norm,
            dense(WIDTH, WIDTH),
            dense(WIDTH, WIDTH),
            dense(WIDTH, WIDTH),
            beit ? tensor(27 * 27 + 3, 12) : null,
            dense(WIDTH, WIDTH),
            beit ? tensor(WIDTH) : null,
            norm,
            null,
            dense(MLP, WIDTH),
            dense(WIDTH, MLP),
            beit ? tensor(WIDTH) : null);
    EncoderParts encoder =
        new EncoderParts(
            WIDTH,
            12,
            new Embeddings(
                true,
                List.of(new PrefixToken(Kind.CLASS, true)),
                beit
                    ? new Positions.None()
                    : new Positions.Learned(Positions.Interpolation.BICUBIC)),
            new SelfAttention(
                12,
                64,
                true,
                !beit,
                true,
                true,
                beit ? Set.of(BiasTable.PER_BLOCK) : Set.of(),
                BiasInterpolation.BILINEAR),
            new Mlp.Plain(Activation.GELU, MLP),
            beit,
            new Norms(1e-12f, false, !beit));
    VisionConfig config =
        new VisionConfig(
            new Architecture("test", "test"),
            new Geometry(new Extent(224, 224), new Extent(16, 16), 3, beit),
            encoder,
            beit ? new TokenPooling.PatchMean(true) : new TokenPooling.ClassToken(),
            beit ? new Pooler.Pooled() : new Pooler.None(),
            new Classifier(
                Head.CLASSIFIER,
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList(),
                ProblemType.SINGLE_LABEL));
    return new VisionWeights(
        config,
        new Dense(tensor(WIDTH, 3, 16, 16), tensor(WIDTH)),
        List.of(tensor(1, 1, WIDTH)),
        beit ? null : tensor(1, TOKENS, WIDTH),
        null,
        null,
        Collections.nCopies(12, block),
        beit ? null : norm,
        beit ? norm : null,
        null,
        null,
        null,
        List.of(dense(CLASSES, WIDTH)));
  }

  /**
   * Tokens, what they are normed to, and the hidden layer of an MLP: the most that is needed at
   * once, and at most a row. With an array for each, pixels, mixed values and queries, keys and
   * values would be there as well.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isThatOfTheWidestMoment(boolean beit) {
    Encoder encoder = new Encoder(base(beit));
    Program program = encoder.forward(Set.of(Stage.LOGITS)).program();
    Storage storage = Storage.onHost(program);
    for (int batch : new int[] {1, 8, 32}) {
      long widest = 4L * batch * TOKENS * (WIDTH + WIDTH + MLP);
      assertThat(storage.bytes(batch)).isBetween(widest, widest + 4L * batch * WIDTH);
    }
  }

  /** A hidden state that is asked for is not written over, and nothing is copied for it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHiddenStateThatIsAskedForTakesItsOwn(boolean beit) {
    Encoder encoder = new Encoder(base(beit));
    Program plain = encoder.forward(Set.of(Stage.LOGITS)).program();
    Program asked = encoder.forward(Set.of(Stage.LOGITS, Stage.hidden(6))).program();
    assertThat(asked.operations()).hasSameSizeAs(plain.operations());
    assertThat(Storage.onHost(asked).bytes(1) - Storage.onHost(plain).bytes(1))
        .isBetween(4L * (TOKENS - 1) * WIDTH, 4L * TOKENS * WIDTH);
  }
}
