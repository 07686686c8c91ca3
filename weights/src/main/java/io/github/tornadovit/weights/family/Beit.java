package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.weights.config.Classifier;
import io.github.tornadovit.weights.config.Embeddings;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Norms;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * BEiT (Bao et al. 2022): relative position biases, keys without bias, scaled residual branches,
 * and a classifier on the normed mean of the patches.
 */
@SuppressWarnings("ImmutableEnumChecker") // Names are a record of values.
enum Beit implements Family {
  BEIT(new Names("BEiT", "beit", "Beit", "beit", ProcessorClass.BEIT)),
  /** Baevski et al. 2022: BEiT, trained otherwise. */
  DATA2VEC_VISION(
      new Names(
          "data2vec-vision",
          "data2vec-vision",
          "Data2VecVision",
          "data2vec_vision",
          ProcessorClass.BEIT));

  private static final String POOLER_NORM = "pooler.layernorm";

  private final Names names;

  Beit(Names names) {
    this.names = names;
  }

  @Override
  public Names names() {
    return names;
  }

  @Override
  public String poolerTensor() {
    return POOLER_NORM + ".weight";
  }

  @Override
  public List<HeadForm> heads() {
    return List.of(HeadForm.CLASSIFIER);
  }

  @Override
  public List<String> unread(VisionConfig config) {
    return List.of("mask_token", "relative_position_index");
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return switch (part) {
      case KEY -> there ? null : "model_type=" + names.type() + ", whose keys have no biases,";
      case BLOCK_BIAS -> words.say("use_relative_position_bias", there);
      case SHARED_BIAS -> words.say("use_shared_relative_position_bias", there);
      case POSITIONS -> words.say("use_absolute_position_embeddings", there);
      case ATTENTION_SCALE, MLP_SCALE ->
          there ? "layer_scale_init_value is not 0" : words.say("layer_scale_init_value", 0);
      case NORM_AFTER_BLOCKS -> words.say("use_mean_pooling", !there);
      case NORM_OF_POOLED, POOLER -> words.say("use_mean_pooling", there);
      default -> null;
    };
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    JsonObject json = config.json();
    Classifier classifier = config.classifier();
    boolean meanPooling = json.bool("use_mean_pooling", true);
    TokenPooling pooling = pooling(config, classifier, meanPooling);
    EncoderParts encoder =
        new EncoderParts(
            config.hiddenSize(),
            config.layers(),
            new Embeddings(true, List.of(new PrefixToken(Kind.CLASS, true)), positions(json)),
            config.attention(true, false, true, biasTables(json)),
            config.mlp(Activation.GELU),
            json.number("layer_scale_init_value", 0.1) > 0,
            new Norms(config.eps(1e-12), false, !meanPooling));
    return new VisionConfig(
        architecture(),
        config.geometry(16, true),
        encoder,
        pooling,
        pooler(pooling, classifier, meanPooling),
        classifier);
  }

  private static Positions positions(JsonObject json) {
    return json.bool("use_absolute_position_embeddings", false)
        ? new Positions.Learned(Positions.Interpolation.BICUBIC)
        : new Positions.None();
  }

  private static Set<BiasTable> biasTables(JsonObject json) {
    Set<BiasTable> tables = EnumSet.noneOf(BiasTable.class);
    if (json.bool("use_relative_position_bias", false)) {
      tables.add(BiasTable.PER_BLOCK);
    }
    if (json.bool("use_shared_relative_position_bias", false)) {
      tables.add(BiasTable.SHARED);
    }
    return tables;
  }

  /** The norm of the mean is the pooler's, which a base model may have been saved without. */
  private static TokenPooling pooling(
      ConfigReading config, Classifier classifier, boolean meanPooling) {
    boolean normed = classifier.head() != Head.NONE || config.hasEncoderTensorBelow(POOLER_NORM);
    return meanPooling && normed ? new TokenPooling.PatchMean(true) : new TokenPooling.ClassToken();
  }

  /** All BEiT models have a pooler that takes the class token; its kin has where it classifies. */
  private Pooler pooler(TokenPooling pooling, Classifier classifier, boolean meanPooling) {
    boolean ofClassToken = !meanPooling && (this == BEIT || classifier.head() != Head.NONE);
    return pooling instanceof TokenPooling.PatchMean || ofClassToken
        ? new Pooler.Pooled()
        : new Pooler.None();
  }
}
