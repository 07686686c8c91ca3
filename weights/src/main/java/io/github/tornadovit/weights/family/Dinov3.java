package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.weights.config.Embeddings;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Norms;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Vision Transformers of DINOv3 (Siméoni et al. 2025): queries and keys of patches turn by
 * where they lie, so that there is no table of positions and images may be of any size; scaled
 * residual branches, registers, in the larger sizes a gated MLP. transformers has no classifier.
 *
 * <p>{@code pos_embed_shift}, {@code pos_embed_jitter} and {@code pos_embed_rescale} are of
 * training alone.
 */
enum Dinov3 implements Family {
  VIT;

  private static final int MAX_REGISTERS = 1024;
  private static final double MAX_THETA = 1e9;

  /** Of the files on the Hub, also written by {@code save_pretrained} of transformers 5. */
  private static final Spelling NAMES =
      Spelling.OF_FILES
          .without(Part.POSITIONS)
          .with(Part.PATCH_EMBEDDING, "embeddings.patch_embeddings")
          .with(Part.REGISTER_TOKENS, "embeddings.register_tokens")
          .with(Part.NORM_AFTER_BLOCKS, "norm")
          .with(Part.BLOCKS, "layer")
          .with(Part.ATTENTION_NORM, "norm1")
          .with(Part.QUERY, "attention.q_proj")
          .with(Part.KEY, "attention.k_proj")
          .with(Part.VALUE, "attention.v_proj")
          .with(Part.ATTENTION_OUTPUT, "attention.o_proj")
          .with(Part.ATTENTION_SCALE, "layer_scale1.lambda1")
          .with(Part.MLP_NORM, "norm2")
          .with(Part.MLP_GATE, "mlp.gate_proj")
          .with(Part.MLP_UP, "mlp.up_proj")
          .with(Part.MLP_DOWN, "mlp.down_proj")
          .with(Part.MLP_GATED_DOWN, "mlp.down_proj")
          .with(Part.MLP_SCALE, "layer_scale2.lambda1");

  @Override
  public Names names() {
    return new Names("DINOv3", "dinov3_vit", "DINOv3ViT", "dinov3_vit", ProcessorClass.DINOV3_VIT);
  }

  @Override
  public List<HeadForm> heads() {
    return List.of();
  }

  @Override
  public List<Spelling> spellings() {
    return List.of(NAMES, NAMES.with(Part.BLOCKS, "model.layer"));
  }

  @Override
  public Sizes sizes() {
    return Sizes.SMALL;
  }

  @Override
  public String mlpReason(Mlp mlp, ConfigWords words) {
    return "%s, %s"
        .formatted(
            words.say("intermediate_size", mlp.size()),
            words.say("use_gated_mlp", mlp instanceof Mlp.Gated));
  }

  @Override
  public List<String> unread(VisionConfig config) {
    return List.of("mask_token");
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return switch (part) {
      case QUERY -> words.say("query_bias", there);
      case KEY -> words.say("key_bias", there);
      case VALUE -> words.say("value_bias", there);
      case ATTENTION_OUTPUT -> words.say("proj_bias", there);
      case MLP_GATE -> there ? words.say("mlp_bias", true) : words.say("use_gated_mlp", false);
      case MLP_UP, MLP_DOWN -> words.say("mlp_bias", there);
      case REGISTER_TOKENS -> there ? null : words.say("num_register_tokens", 0);
      default -> null;
    };
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    EncoderParts encoder =
        new EncoderParts(
            config.hiddenSize(),
            config.layers(),
            new Embeddings(true, prefix(config.json()), positions(config.json())),
            attention(config),
            mlp(config),
            true,
            new Norms(config.eps(1e-5), false, true));
    return new VisionConfig(
        architecture(),
        config.geometry(16, true),
        encoder,
        new TokenPooling.ClassToken(),
        new Pooler.ClassToken(),
        config.classifier());
  }

  private static List<PrefixToken> prefix(JsonObject json) {
    List<PrefixToken> prefix = new ArrayList<>(List.of(new PrefixToken(Kind.CLASS, false)));
    int registers = json.integer("num_register_tokens", 0, 0, MAX_REGISTERS);
    for (int i = 0; i < registers; i++) {
      prefix.add(new PrefixToken(Kind.REGISTER, false));
    }
    return prefix;
  }

  private static Positions positions(JsonObject json) {
    double theta = json.number("rope_theta", 100);
    if (theta < 1 || theta > MAX_THETA) {
      throw json.wrong("rope_theta", "a number from 1 to 1e9");
    }
    return new Positions.Rotary((float) theta);
  }

  private static SelfAttention attention(ConfigReading config) {
    JsonObject json = config.json();
    return config.attention(
        json.bool("query_bias", true),
        json.bool("key_bias", false),
        json.bool("value_bias", true),
        json.bool("proj_bias", true),
        Set.of());
  }

  private static Mlp mlp(ConfigReading config) {
    JsonObject json = config.json();
    Mlp.Plain plain = config.mlp(Activation.GELU, json.bool("mlp_bias", true));
    return json.bool("use_gated_mlp", false)
        ? new Mlp.Gated(plain.activation(), plain.size(), plain.bias())
        : plain;
  }
}
