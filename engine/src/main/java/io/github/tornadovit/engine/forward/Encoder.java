package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.forward.EncoderWeights.EncoderBlock;
import io.github.tornadovit.engine.forward.EncoderWeights.Norm;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.pass.Narrowing;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.model.VisionWeights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The encoder that ViT (Dosovitskiy et al. 2021, eqs. 1-4), BEiT (Bao et al. 2022) and DeiT
 * (Touvron et al. 2021) share, as a program in the papers' order. BEiT adds a relative position
 * bias to the scores, a layer scale to each residual branch and mean pooling; DeiT adds a
 * distillation token.
 */
public final class Encoder {
  private final EncoderWeights weights;
  private final Precision precision;

  /** An encoder in float32 for images of the size that the model was trained on. */
  public Encoder(VisionWeights weights) {
    this(weights, weights.config().imageSize(), Precision.F32);
  }

  /**
   * An encoder with the given weights, which must stay readable while programs are planned.
   *
   * @param imageSize of the pixels; positions are interpolated for another size than the trained
   * @param precision of the blocks' products, see {@link PrecisionPolicy}
   * @throws io.github.tornadovit.base.CheckpointException if they cannot be
   */
  public Encoder(VisionWeights weights, Extent imageSize, Precision precision) {
    this.precision = precision;
    this.weights = new EncoderWeights(weights, imageSize);
  }

  /** True if the encoder has what the stage is computed from. */
  public boolean has(Stage stage) {
    int blocks = weights.blocks.size();
    return switch (stage) {
      case Stage.Output output ->
          switch (output) {
            case LOGITS -> !weights.heads.isEmpty();
            case POOLER -> hasPooler();
            case LAST_HIDDEN, CLASS_TOKEN, PATCH_MEAN, POOLED -> true;
          };
      case Stage.Hidden(int layer) -> 0 <= layer && layer <= blocks;
      case Stage.ClassToken(int layer) -> 0 <= layer && layer <= blocks;
      case Stage.PatchMean(int layer) -> 0 <= layer && layer <= blocks;
      case Stage.HeadAttention(int block) -> 0 <= block && block < blocks;
      case Stage.MeanAttention(int block) -> 0 <= block && block < blocks;
    };
  }

  /**
   * A pooler has weights, but for BEiT's that takes the class token: all BEiT models have that one,
   * those of its kin where they classify.
   */
  private boolean hasPooler() {
    VisionConfig config = weights.config;
    boolean takesClassToken =
        !config.meanPooling()
            && (config.architecture() == VisionConfig.Architecture.BEIT
                || (config.architecture().isBeit() && !weights.heads.isEmpty()));
    return weights.pooler != null || weights.poolerNorm != null || takesClassToken;
  }

  /** True if the mean of the patches classifies (BEiT), and not the class token. */
  public boolean classifiesByMean() {
    return weights.poolerNorm != null;
  }

  /**
   * The program that computes some stages; the work that none of them needs is left out.
   *
   * @param stages at least one, each of which the encoder {@linkplain #has has}
   */
  public Forward forward(Set<Stage> stages) {
    return new Recording(stages).record();
  }

  /**
   * A forward pass and where its results are.
   *
   * @param program from pixels {@code [B, C, S, S]} on
   * @param outputs the buffer of each stage asked for
   */
  public record Forward(Program program, Map<Stage, Buffer> outputs) {
    /** Where a stage's value is. */
    public Buffer output(Stage stage) {
      return Objects.requireNonNull(outputs.get(stage), stage::label);
    }
  }

  /** Writes the forward pass down, operation by operation. */
  private final class Recording {
    private final VisionConfig config = weights.config;
    private final Set<Stage> stages;
    private final Map<Stage, Buffer> outputs = new LinkedHashMap<>();
    private final int width = config.hiddenSize();
    private final int length = config.tokens();
    private final Buffer pixels =
        new Buffer(
            "pixels", config.channels() * config.imageSize().height(), config.imageSize().width());
    private final Program.Builder program = new Program.Builder(pixels);

    Recording(Set<Stage> stages) {
      this.stages = stages;
    }

    Forward record() {
      program.section("embeddings");
      Buffer tokens = embed();
      hidden(0, tokens);
      for (int i = 0; i < weights.blocks.size(); i++) {
        program.section(PrecisionPolicy.BLOCK + i);
        EncoderBlock block = weights.blocks.get(i);
        tokens = mlp(block, attention(i, block, tokens));
        hidden(i + 1, tokens);
      }
      program.section("head");
      head(tokens);
      for (Stage stage : stages) {
        if (!outputs.containsKey(stage)) {
          throw new IllegalArgumentException("the encoder has no stage '" + stage.label() + "'");
        }
      }
      Program narrow = Narrowing.apply(program.build());
      return new Forward(PrecisionPolicy.apply(narrow, precision), Map.copyOf(outputs));
    }

    private Buffer embed() {
      int count = length - config.prefixTokens();
      Buffer patches = new Buffer("patches", count, width);
      program.then(
          new PatchEmbedding(
              pixels,
              config.channels(),
              config.patchSize().height(),
              config.patchSize().width(),
              weights.patchEmbedding.weight(),
              Objects.requireNonNull(weights.patchEmbedding.bias()),
              patches));
      Buffer tokens = new Buffer("tokens", length, width);
      program.then(new EmbedTokens(patches, weights.prefixTokens, weights.positions, tokens));
      return tokens;
    }

    /** {@code tokens + scale * attention(norm(tokens))}. */
    private Buffer attention(int index, EncoderBlock block, Buffer tokens) {
      int heads = config.heads();
      Buffer mixed = new Buffer("mixed", length, heads * config.headSize());
      Buffer queryKeyValue = new Buffer("query_key_value", length, 3 * mixed.columns());
      Buffer normed = new Buffer("normed", length, width);
      layerNorm(tokens, block.attentionNorm(), normed);
      linear(normed, block.queryKeyValue(), queryKeyValue);
      show(Stage.attention(index), heads, queryKeyValue, block.relativePositions());
      show(Stage.attentionMean(index), 1, queryKeyValue, block.relativePositions());
      program.then(new Attention(queryKeyValue, heads, scale(), block.relativePositions(), mixed));
      return residual(tokens, mixed, block.attentionOutput(), block.attentionScale());
    }

    /** {@code tokens + scale * mlp(norm(tokens))}. */
    private Buffer mlp(EncoderBlock block, Buffer tokens) {
      Buffer normed = new Buffer("normed", length, width);
      Buffer hidden = new Buffer("hidden", length, config.mlpSize());
      layerNorm(tokens, block.mlpNorm(), normed);
      program.then(
          Linear.activated(
              normed, block.mlpUp().weight(), block.mlpUp().bias(), config.activation(), hidden));
      return residual(tokens, hidden, block.mlpDown(), block.mlpScale());
    }

    /** What is asked for of {@code hidden_states[layer]}. */
    private void hidden(int layer, Buffer tokens) {
      output(Stage.hidden(layer), tokens);
      pool(tokens, Stage.classToken(layer), Stage.patchMean(layer));
    }

    private void pool(Buffer sequence, Stage classToken, Stage patchMean) {
      if (stages.contains(patchMean)) {
        program.then(new MeanTokens(sequence, config.prefixTokens(), vector(patchMean, width)));
      }
      if (stages.contains(classToken)) {
        program.then(new SelectTokens(sequence, 0, vector(classToken, width)));
      }
    }

    private void head(Buffer tokens) {
      Buffer last = tokens;
      if (weights.finalNorm != null) {
        last = new Buffer(Stage.LAST_HIDDEN.label(), tokens.rows(), width);
        layerNorm(tokens, weights.finalNorm, last);
      }
      output(Stage.LAST_HIDDEN, last);
      pool(last, Stage.CLASS_TOKEN, Stage.PATCH_MEAN);
      if (stages.contains(Stage.POOLED)
          || stages.contains(Stage.LOGITS)
          || stages.contains(Stage.POOLER)) {
        classify(last);
      }
    }

    private void classify(Buffer last) {
      Buffer pooled = vector(Stage.POOLED, width);
      if (weights.poolerNorm == null) {
        program.then(new SelectTokens(last, 0, pooled));
      } else {
        Buffer mean = new Buffer("mean", 1, width);
        program.then(new MeanTokens(last, config.prefixTokens(), mean));
        layerNorm(mean, weights.poolerNorm, pooled);
      }
      if (weights.pooler != null && stages.contains(Stage.POOLER)) {
        Buffer pooler = vector(Stage.POOLER, config.poolerSize());
        program.then(
            Linear.activated(
                pooled,
                weights.pooler.weight(),
                weights.pooler.bias(),
                config.poolerActivation(),
                pooler));
      } else if (hasPooler()) {
        output(Stage.POOLER, pooled);
      }
      if (stages.contains(Stage.LOGITS) && !weights.heads.isEmpty()) {
        Buffer logits = vector(Stage.LOGITS, weights.heads.getFirst().weight().rows());
        if (weights.heads.size() == 1) {
          linear(pooled, weights.heads.getFirst(), logits);
        } else {
          distilledLogits(last, pooled, logits);
        }
      }
    }

    /** DeiT with teacher: a head on the class token, one on the distillation token, their mean. */
    private void distilledLogits(Buffer last, Buffer pooled, Buffer logits) {
      Buffer distillation = new Buffer("distillation_token", 1, width);
      Buffer classLogits = new Buffer("class_logits", 1, logits.columns());
      Buffer distillationLogits = new Buffer("distillation_logits", 1, logits.columns());
      program.then(new SelectTokens(last, 1, distillation));
      linear(pooled, weights.heads.get(0), classLogits);
      linear(distillation, weights.heads.get(1), distillationLogits);
      program.then(new Average(classLogits, distillationLogits, logits));
    }

    private void layerNorm(Buffer input, Norm norm, Buffer output) {
      program.then(new LayerNorm(input, norm.weight(), norm.bias(), config.layerNormEps(), output));
    }

    private void linear(Buffer input, EncoderWeights.Linear layer, Buffer output) {
      program.then(Linear.of(input, layer.weight(), layer.bias(), output));
    }

    private Buffer residual(
        Buffer tokens, Buffer branch, EncoderWeights.Linear layer, @Nullable Weight scale) {
      Buffer sum = new Buffer("tokens", length, width);
      program.then(Linear.residual(tokens, branch, layer.weight(), layer.bias(), scale, sum));
      return sum;
    }

    private Buffer vector(Stage stage, int columns) {
      Buffer buffer = new Buffer(stage.label(), 1, columns);
      output(stage, buffer);
      return buffer;
    }

    private void output(Stage stage, Buffer buffer) {
      if (stages.contains(stage)) {
        outputs.put(stage, buffer);
        program.output(buffer);
      }
    }

    /** Computes attention's weights, which {@link Attention} does not keep, if asked for. */
    private void show(Stage stage, int maps, Buffer queryKeyValue, @Nullable Weight bias) {
      if (stages.contains(stage)) {
        Buffer weights = new Buffer(stage.label(), Math.multiplyExact(maps, length), length);
        program.then(new AttentionWeights(queryKeyValue, config.heads(), scale(), bias, weights));
        output(stage, weights);
      }
    }

    /** Of attention's scores. */
    private float scale() {
      return (float) (1 / Math.sqrt(config.headSize()));
    }
  }
}
