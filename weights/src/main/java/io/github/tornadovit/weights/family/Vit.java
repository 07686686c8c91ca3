package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.weights.config.Architecture;
import io.github.tornadovit.weights.config.Embeddings;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Norms;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ViT (Dosovitskiy et al. 2021) and those that are the same encoder, trained otherwise. */
@SuppressWarnings("ImmutableEnumChecker") // Names are a record of values.
enum Vit implements Family {
  VIT(names("ViT", "vit", "ViT"), 1e-12),
  /** He et al. 2022. The encoder on all patches, {@code mask_ratio=0}; the decoder is not read. */
  VIT_MAE(names("ViT-MAE", "vit_mae", "ViTMAE"), 1e-12),
  /** Assran et al. 2022. */
  VIT_MSN(names("ViT-MSN", "vit_msn", "ViTMSN"), 1e-6);

  private final Names names;
  private final double eps;

  Vit(Names names, double eps) {
    this.names = names;
    this.eps = eps;
  }

  private static Names names(String title, String type, String classes) {
    return new Names(title, type, classes, "vit", ProcessorClass.VIT);
  }

  @Override
  public Names names() {
    return names;
  }

  @Override
  public List<HeadForm> heads() {
    return this == VIT_MAE ? List.of() : List.of(HeadForm.CLASSIFIER);
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return saysOfBias(part, there, words);
  }

  /** What a config says that has {@code qkv_bias}. */
  static @Nullable String saysOfBias(Part part, boolean there, ConfigWords words) {
    return switch (part) {
      case QUERY, KEY, VALUE -> words.say("qkv_bias", there);
      default -> null;
    };
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    return read(config, architecture(), List.of(new PrefixToken(Kind.CLASS, true)), eps);
  }

  /** An encoder of this kind with some prefix tokens. */
  static VisionConfig read(
      ConfigReading config, Architecture architecture, List<PrefixToken> prefix, double eps) {
    boolean bias = config.json().bool("qkv_bias", true);
    EncoderParts encoder =
        new EncoderParts(
            config.hiddenSize(),
            config.layers(),
            new Embeddings(true, prefix, new Positions.Learned(Positions.Interpolation.BICUBIC)),
            config.attention(bias, bias, bias, Set.of()),
            config.mlp(Activation.GELU),
            false,
            new Norms(config.eps(eps), false, true));
    return new VisionConfig(
        architecture,
        config.geometry(16, false),
        encoder,
        new TokenPooling.ClassToken(),
        config.densePooler(),
        config.classifier());
  }
}
