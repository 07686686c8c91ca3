package io.github.tornadovit.engine.forward;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.engine.forward.EncoderWeights.BlockAttention;
import io.github.tornadovit.engine.forward.EncoderWeights.Layer;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.gate.Gate;
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
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.model.VisionWeights;
import io.github.tornadovit.weights.model.VisionWeights.AttentionPooler;
import io.github.tornadovit.weights.model.VisionWeights.Block;
import io.github.tornadovit.weights.model.VisionWeights.Dense;
import io.github.tornadovit.weights.model.VisionWeights.Norm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of ViT (Dosovitskiy et al. 2021, eqs. 1-4) and of all families that share it, as a
 * program in the papers' order. Some add a relative position bias to the scores, a layer scale to
 * each residual branch, other tokens before the patches, a norm before the first block, or pool
 * otherwise: the parts of {@link VisionConfig} say which.
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
    return has(weights.config, stage);
  }

  /** True if an encoder of that configuration has what the stage is computed from. */
  public static boolean has(VisionConfig config, Stage stage) {
    int blocks = config.layers();
    return switch (stage) {
      case Stage.Output output ->
          switch (output) {
            case LOGITS -> config.head() != Head.NONE;
            case POOLER ->
                switch (config.pooler()) {
                  case Pooler.None _ -> false;
                  case Pooler.ClassToken _,
                      Pooler.DistilledPair _,
                      Pooler.Pooled _,
                      Pooler.NormedClassToken _,
                      Pooler.AttentionHead _,
                      Pooler.Dense _ ->
                      true;
                };
            case PROJECTION -> config.projectionSize() > 0;
            case CLASS_TOKEN -> config.has(Kind.CLASS);
            case LAST_HIDDEN, PATCH_MEAN, POOLED -> true;
          };
      case Stage.Hidden(int layer) -> 0 <= layer && layer <= blocks;
      case Stage.ClassToken(int layer) -> config.has(Kind.CLASS) && 0 <= layer && layer <= blocks;
      case Stage.PatchMean(int layer) -> 0 <= layer && layer <= blocks;
      case Stage.HeadAttention(int block) -> 0 <= block && block < blocks;
      case Stage.MeanAttention(int block) -> 0 <= block && block < blocks;
    };
  }

  /** True if all patches are pooled for the classes, and not the class token alone. */
  public boolean classifiesByMean() {
    return switch (weights.config.pooling()) {
      case TokenPooling.ClassToken _ -> false;
      case TokenPooling.PatchMean _,
          TokenPooling.ClassAndPatchMean _,
          TokenPooling.AttentionHead _ ->
          true;
    };
  }

  /**
   * The program that computes some stages; the work that none of them needs is left out.
   *
   * @param stages at least one, each of which the encoder {@linkplain #has has}
   */
  public Forward forward(Set<Stage> stages) {
    return forward(stages, false);
  }

  /**
   * The same for a backend of which something is known.
   *
   * @param attendsInBf16 whether it has attention in bf16, for bf16 and int8
   */
  public Forward forward(Set<Stage> stages, boolean attendsInBf16) {
    return new Recording(stages, attendsInBf16).record();
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
    private final EncoderParts parts = config.encoder();
    private final VisionWeights tensors = weights.tensors;
    private final Set<Stage> stages;
    private final boolean attendsInBf16;
    private final Map<Stage, Buffer> outputs = new LinkedHashMap<>();
    private final int width = config.hiddenSize();
    private final int length = config.tokens();
    private final Buffer pixels =
        new Buffer(
            "pixels", config.channels() * config.imageSize().height(), config.imageSize().width());
    private final Program.Builder program = new Program.Builder(pixels);

    Recording(Set<Stage> stages, boolean attendsInBf16) {
      this.stages = stages;
      this.attendsInBf16 = attendsInBf16;
    }

    Forward record() {
      program.section("embeddings");
      Buffer tokens = embed();
      hidden(0, tokens);
      for (int i = 0; i < config.layers(); i++) {
        program.section(PrecisionPolicy.BLOCK + i);
        Block block = tensors.blocks().get(i);
        tokens = mlp(i, block, attention(i, block, tokens));
        hidden(i + 1, tokens);
      }
      program.section("head");
      head(tokens);
      for (Stage stage : stages) {
        if (!outputs.containsKey(stage)) {
          throw new IllegalArgumentException("the encoder has no stage '" + stage.label() + "'");
        }
      }
      Program whole = program.build();
      Program narrow = Narrowing.apply(whole);
      return new Forward(
          PrecisionPolicy.apply(narrow, precision, ChannelSpread.ofInputs(whole), attendsInBf16),
          Map.copyOf(outputs));
    }

    private Buffer embed() {
      Buffer patches = new Buffer("patches", config.patches(), width);
      program.then(
          new PatchEmbedding(
              pixels,
              config.channels(),
              config.patchSize().height(),
              config.patchSize().width(),
              weights.matrix(tensors.patchEmbedding().weight()),
              weights.patchBias,
              patches));
      Buffer tokens = new Buffer("tokens", length, width);
      program.then(new EmbedTokens(patches, weights.prefixTokens, weights.positions, tokens));
      if (!parts.norms().beforeBlocks()) {
        return tokens;
      }
      Buffer normed = new Buffer("tokens", length, width);
      layerNorm(tokens, Objects.requireNonNull(tensors.preNorm()), normed);
      return normed;
    }

    /** {@code tokens + scale * attention(norm(tokens))}. */
    private Buffer attention(int index, Block block, Buffer tokens) {
      int heads = config.heads();
      BlockAttention attention = weights.attention.get(index);
      Weight bias = attention.relativePositions();
      Buffer mixed = new Buffer("mixed", length, parts.attention().width());
      Buffer queryKeyValue = new Buffer("query_key_value", length, 3 * mixed.columns());
      Buffer normed = new Buffer("normed", length, width);
      layerNorm(tokens, block.attentionNorm(), normed);
      program.then(Linear.of(normed, attention.queryKeyValue(), attention.bias(), queryKeyValue));
      Weight rotations = weights.rotations;
      if (rotations != null) {
        Buffer turned = new Buffer("turned", length, queryKeyValue.columns());
        program.then(new RotaryPositions(queryKeyValue, heads, rotations, turned));
        queryKeyValue = turned;
      }
      show(Stage.attention(index), heads, queryKeyValue, bias);
      show(Stage.attentionMean(index), 1, queryKeyValue, bias);
      program.then(new Attention(queryKeyValue, heads, scale(), bias, mixed));
      return residual(tokens, mixed, block.attentionOutput(), block.attentionScale());
    }

    /** {@code tokens + scale * mlp(norm(tokens))}. */
    private Buffer mlp(int index, Block block, Buffer tokens) {
      Buffer normed = new Buffer("normed", length, width);
      layerNorm(tokens, block.mlpNorm(), normed);
      Buffer hidden = new Buffer("hidden", length, parts.mlp().size());
      switch (parts.mlp()) {
        case Mlp.Plain plain -> activated(normed, block.mlpUp(), plain.activation(), hidden);
        case Mlp.Gated gated -> {
          Layer layer = weights.gateAndUp.get(index);
          Buffer gateAndUp = new Buffer("gate_and_up", length, 2 * gated.size());
          program.then(Linear.of(normed, layer.weight(), layer.bias(), gateAndUp));
          program.then(new Gate(gateAndUp, gated.activation(), hidden));
        }
      }
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
        select(sequence, Kind.CLASS, vector(classToken, width));
      }
    }

    private void head(Buffer tokens) {
      Buffer last = tokens;
      if (parts.norms().afterBlocks()) {
        last = new Buffer(Stage.LAST_HIDDEN.label(), tokens.rows(), width);
        layerNorm(tokens, Objects.requireNonNull(tensors.finalNorm()), last);
      }
      output(Stage.LAST_HIDDEN, last);
      pool(last, Stage.CLASS_TOKEN, Stage.PATCH_MEAN);
      if (stages.contains(Stage.POOLED)
          || stages.contains(Stage.LOGITS)
          || stages.contains(Stage.POOLER)
          || stages.contains(Stage.PROJECTION)) {
        classify(last);
      }
    }

    private void classify(Buffer last) {
      Buffer pooled = pooled(last);
      if (stages.contains(Stage.POOLER) || stages.contains(Stage.PROJECTION)) {
        pooler(last, pooled);
      }
      if (stages.contains(Stage.LOGITS)) {
        logits(last, pooled);
      }
    }

    private Buffer pooled(Buffer last) {
      Buffer pooled = vector(Stage.POOLED, config.pooledSize());
      switch (config.pooling()) {
        case TokenPooling.ClassToken _ -> select(last, Kind.CLASS, pooled);
        case TokenPooling.PatchMean(boolean normed) -> {
          Buffer mean = normed ? new Buffer("mean", 1, width) : pooled;
          program.then(new MeanTokens(last, config.prefixTokens(), mean));
          if (normed) {
            layerNorm(mean, Objects.requireNonNull(tensors.pooledNorm()), pooled);
          }
        }
        case TokenPooling.ClassAndPatchMean _ ->
            program.then(new MeanTokens(last, config.prefixTokens(), pooled));
        case TokenPooling.AttentionHead(Mlp.Plain mlp, boolean ofPatches) ->
            attentionHead(ofPatches ? patches(last) : last, mlp, pooled);
      }
      return pooled;
    }

    private void pooler(Buffer last, Buffer pooled) {
      switch (config.pooler()) {
        case Pooler.None _ -> {}
        case Pooler.ClassToken _ -> select(last, Kind.CLASS, vector(Stage.POOLER, width));
        case Pooler.DistilledPair _ -> {
          Buffer distillation = new Buffer("pooled_distillation_token", 1, width);
          select(last, Kind.DISTILLATION, distillation);
          program.then(new Average(pooled, distillation, vector(Stage.POOLER, width)));
        }
        case Pooler.Pooled _ -> output(Stage.POOLER, pooled);
        case Pooler.NormedClassToken _ -> {
          Buffer token = new Buffer("class", 1, width);
          select(last, Kind.CLASS, token);
          Buffer normed = vector(Stage.POOLER, width);
          layerNorm(token, Objects.requireNonNull(tensors.pooledNorm()), normed);
          if (stages.contains(Stage.PROJECTION)) {
            Dense projection = Objects.requireNonNull(tensors.projection());
            linear(normed, projection, vector(Stage.PROJECTION, config.projectionSize()));
          }
        }
        case Pooler.AttentionHead(Mlp.Plain mlp) ->
            attentionHead(last, mlp, vector(Stage.POOLER, width));
        case Pooler.Dense(Activation activation, int size) ->
            activated(
                pooled,
                Objects.requireNonNull(tensors.pooler()),
                activation,
                vector(Stage.POOLER, size));
      }
    }

    private Buffer patches(Buffer last) {
      int prefix = config.prefixTokens();
      if (prefix == 0) {
        return last;
      }
      Buffer patches = new Buffer("last_patches", length - prefix, width);
      program.then(new SelectTokens(last, prefix, patches));
      return patches;
    }

    /** {@code x + MLP(norm(x))} of {@code x}, the probe's attention to the tokens. */
    private void attentionHead(Buffer tokens, Mlp.Plain mlp, Buffer sum) {
      int rows = tokens.rows();
      AttentionPooler head = Objects.requireNonNull(tensors.attentionPooler());
      BlockAttention attention = Objects.requireNonNull(weights.poolerAttention);
      Buffer queryKeyValue = new Buffer("query_key_value", rows, 3 * width);
      program.then(Linear.of(tokens, attention.queryKeyValue(), attention.bias(), queryKeyValue));
      Buffer mixed = new Buffer("mixed", rows, width);
      program.then(new Attention(queryKeyValue, config.heads(), scale(), null, mixed));
      Buffer first = new Buffer("probe_mixed", 1, width);
      program.then(new SelectTokens(mixed, 0, first));
      Buffer probe = new Buffer("probe", 1, width);
      linear(first, head.attentionOutput(), probe);
      Buffer normed = new Buffer("probe_normed", 1, width);
      layerNorm(probe, head.norm(), normed);
      Buffer hidden = new Buffer("probe_hidden", 1, mlp.size());
      activated(normed, head.mlpUp(), mlp.activation(), hidden);
      Weight down = weights.matrix(head.mlpDown().weight());
      program.then(Linear.residual(probe, hidden, down, weights.bias(head.mlpDown()), null, sum));
    }

    private void logits(Buffer last, Buffer pooled) {
      switch (config.head()) {
        case NONE -> {}
        case CLASSIFIER -> linear(pooled, tensors.heads().getFirst(), classes());
        case DISTILLED -> distilledLogits(last, pooled);
      }
    }

    private Buffer classes() {
      return vector(Stage.LOGITS, config.labels().size());
    }

    /** DeiT with teacher: a head on the class token, one on the distillation token, their mean. */
    private void distilledLogits(Buffer last, Buffer pooled) {
      Buffer logits = classes();
      Buffer distillation = new Buffer("distillation_token", 1, width);
      Buffer classLogits = new Buffer("class_logits", 1, logits.columns());
      Buffer distillationLogits = new Buffer("distillation_logits", 1, logits.columns());
      select(last, Kind.DISTILLATION, distillation);
      linear(pooled, tensors.heads().get(0), classLogits);
      linear(distillation, tensors.heads().get(1), distillationLogits);
      program.then(new Average(classLogits, distillationLogits, logits));
    }

    private void select(Buffer sequence, Kind kind, Buffer output) {
      program.then(new SelectTokens(sequence, parts.embeddings().indexOf(kind), output));
    }

    private void layerNorm(Buffer input, Norm norm, Buffer output) {
      Weight weight = weights.vector(norm.weight());
      Weight bias = weights.vector(norm.bias());
      program.then(new LayerNorm(input, weight, bias, parts.norms().eps(), output));
    }

    private void linear(Buffer input, Dense layer, Buffer output) {
      program.then(Linear.of(input, weights.matrix(layer.weight()), weights.bias(layer), output));
    }

    private void activated(Buffer input, Dense layer, Activation activation, Buffer output) {
      program.then(
          Linear.activated(
              input, weights.matrix(layer.weight()), weights.bias(layer), activation, output));
    }

    private Buffer residual(Buffer tokens, Buffer branch, Dense layer, @Nullable TensorView scale) {
      Buffer sum = new Buffer("tokens", length, width);
      program.then(
          Linear.residual(
              tokens,
              branch,
              weights.matrix(layer.weight()),
              weights.bias(layer),
              weights.vectorIfAny(scale),
              sum));
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
        Buffer shown = new Buffer(stage.label(), Math.multiplyExact(maps, length), length);
        program.then(new AttentionWeights(queryKeyValue, config.heads(), scale(), bias, shown));
        output(stage, shown);
      }
    }

    /** Of attention's scores. */
    private float scale() {
      return (float) (1 / Math.sqrt(parts.attention().headSize()));
    }
  }
}
