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
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * The vision encoder of CLIP (Radford et al. 2021), alone or beside the text encoder: a norm before
 * the first block and none behind the last but for the pooler's, which takes the class token. A
 * classifier takes the mean of the patches, which is not normed.
 */
@SuppressWarnings("ImmutableEnumChecker") // Names are a record of values.
enum Clip implements Family {
  CLIP(names("CLIP", "clip", "CLIP")),
  METACLIP_2(names("MetaCLIP 2", "metaclip_2", "MetaClip2"));

  /** The linear map to the space that images and texts share. */
  static final String PROJECTION = "visual_projection";

  private final Names names;

  Clip(Names names) {
    this.names = names;
  }

  private static Names names(String title, String type, String classes) {
    return new Names(title, type, classes, Towers.SCOPE, ProcessorClass.CLIP);
  }

  @Override
  public Names names() {
    return names;
  }

  @Override
  public List<String> types() {
    return Towers.types(names.type());
  }

  @Override
  public JsonObject encoder(JsonObject config) {
    // Where both are given, transformers takes the older one, with its defaults.
    return Towers.vision(
        config, config.holds("vision_config_dict") ? "vision_config_dict" : "vision_config");
  }

  @Override
  public String anchor() {
    return "embeddings.class_embedding";
  }

  @Override
  public List<Spelling> spellings() {
    return List.of(Spelling.OF_TOWERS.with(Part.NORM_OF_POOLED, "post_layernorm"));
  }

  @Override
  public List<HeadForm> heads() {
    return List.of(HeadForm.CLASSIFIER);
  }

  @Override
  public List<String> unread(VisionConfig config) {
    return List.of("position_ids");
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    Classifier classifier = config.classifier();
    EncoderParts encoder =
        new EncoderParts(
            config.hiddenSize(),
            config.layers(),
            new Embeddings(
                false,
                List.of(new PrefixToken(Kind.CLASS, true)),
                new Positions.Learned(Positions.Interpolation.BICUBIC)),
            config.attention(true, true, true, Set.of()),
            config.mlp(Activation.QUICK_GELU),
            false,
            new Norms(config.eps(1e-5), true, false));
    return new VisionConfig(
        architecture(),
        config.geometry(32, false),
        encoder,
        classifier.head() == Head.NONE
            ? new TokenPooling.ClassToken()
            : new TokenPooling.PatchMean(false),
        new Pooler.NormedClassToken(config.projection(PROJECTION)),
        classifier);
  }
}
