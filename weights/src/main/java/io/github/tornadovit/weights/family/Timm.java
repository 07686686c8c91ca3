package io.github.tornadovit.weights.family;

import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.configfile.TimmTransformReader;
import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.model.VisionWeights;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plain encoders of timm (PyTorch Image Models), as it saves them for the hub and as
 * transformers wraps them ({@code timm_wrapper}). {@code config.json} names an architecture, which
 * {@link TimmArchitecture} knows; {@code model_args} overrides it.
 */
enum Timm implements Family {
  TIMM;

  static final String HEAD = "head";
  static final String DISTILLED_HEAD = "head_dist";

  private static final Spelling NAMES =
      Spelling.OF_FILES
          .with(Part.PATCH_EMBEDDING, "patch_embed.proj")
          .with(Part.CLASS_TOKEN, "cls_token")
          .with(Part.DISTILLATION_TOKEN, "dist_token")
          .with(Part.REGISTER_TOKENS, "reg_token")
          .with(Part.POSITIONS, "pos_embed")
          .with(Part.NORM_BEFORE_BLOCKS, "norm_pre")
          .with(Part.NORM_AFTER_BLOCKS, "norm")
          .with(Part.NORM_OF_POOLED, "fc_norm")
          .with(Part.SHARED_BIAS, "rel_pos_bias.relative_position_bias_table")
          .with(Part.BLOCKS, "blocks")
          .with(Part.ATTENTION_NORM, "norm1")
          .with(Part.QUERY_KEY_VALUE, "attn.qkv")
          .with(Part.QUERY_BIAS, "attn.q_bias")
          .with(Part.KEY_BIAS, "attn.k_bias")
          .with(Part.VALUE_BIAS, "attn.v_bias")
          .with(Part.BLOCK_BIAS, "attn.relative_position_bias_table")
          .with(Part.ATTENTION_OUTPUT, "attn.proj")
          .with(Part.ATTENTION_SCALE, "ls1.gamma")
          .with(Part.MLP_NORM, "norm2")
          .with(Part.MLP_UP, "mlp.fc1")
          .with(Part.MLP_DOWN, "mlp.fc2")
          .with(Part.MLP_GATE_AND_UP, "mlp.fc1")
          .with(Part.MLP_GATED_DOWN, "mlp.fc2")
          .with(Part.MLP_SCALE, "ls2.gamma")
          .with(Part.POOLER_PROBE, "attn_pool.latent")
          .with(Part.POOLER_QUERY, "attn_pool.q")
          .with(Part.POOLER_KEY_VALUE, "attn_pool.kv")
          .with(Part.POOLER_ATTENTION_OUTPUT, "attn_pool.proj")
          .with(Part.POOLER_NORM, "attn_pool.norm")
          .with(Part.POOLER_MLP_UP, "attn_pool.mlp.fc1")
          .with(Part.POOLER_MLP_DOWN, "attn_pool.mlp.fc2");

  /** Of BEiT, EVA and the first DeiT III. */
  private static final Spelling NAMES_WITH_GAMMAS =
      NAMES.with(Part.ATTENTION_SCALE, "gamma_1").with(Part.MLP_SCALE, "gamma_2");

  @Override
  public Names names() {
    return new Names("timm", "timm_wrapper", "TimmWrapper", "timm_model", ProcessorClass.VIT);
  }

  @Override
  public boolean reads(JsonObject config) {
    return config.holds("model_type")
        ? Family.super.reads(config)
        : Stream.of("architecture", "pretrained_cfg", "model_args").anyMatch(config::holds);
  }

  @Override
  public String anchor() {
    return "patch_embed.proj.weight";
  }

  @Override
  public List<Spelling> spellings() {
    return List.of(NAMES);
  }

  @Override
  public @Nullable String poolerTensor() {
    return null;
  }

  @Override
  public List<HeadForm> heads() {
    String task = HeadForm.CLASSIFIER.task();
    return List.of(
        new HeadForm(Head.CLASSIFIER, List.of(HEAD), task),
        new HeadForm(Head.DISTILLED, List.of(HEAD, DISTILLED_HEAD), task));
  }

  /** timm itself lets the pooling head of a SigLIP be where the model does not use it. */
  @Override
  public List<String> unread(VisionConfig config) {
    return config.architecture().name().contains("siglip")
        ? List.of("mask_token", "relative_position_index", "attn_pool")
        : List.of("mask_token", "relative_position_index");
  }

  @Override
  public ConfigWords words(JsonObject config) {
    return new TimmConfig(config).words();
  }

  @Override
  public @Nullable String says(Part part, boolean there, ConfigWords words) {
    return words instanceof TimmWords timm ? timm.says(part, there) : null;
  }

  @Override
  public VisionConfig read(ConfigReading config) {
    return new TimmReading(config, new TimmConfig(config.json())).read();
  }

  @Override
  public PreprocessorConfig preprocessor(
      @Nullable JsonObject file, JsonObject config, VisionConfig read) {
    return file == null
        ? TimmTransformReader.read(
            TimmTransformReader.pretrained(config), read.imageSize(), read.channels())
        : Family.super.preprocessor(file, config, read);
  }

  @Override
  public VisionWeights weights(JsonObject json, VisionConfig config, Scope root) {
    boolean gammas =
        Stream.of("", names().scope()).anyMatch(scope -> root.at(scope).has("blocks.0.gamma_1"));
    Spelling spelling = gammas ? NAMES_WITH_GAMMAS : NAMES;
    if (new TimmConfig(json).architecture().gateApart()) {
      spelling = spelling.with(Part.MLP_GATE, "mlp.fc1_g").with(Part.MLP_UP, "mlp.fc1_x");
    }
    return new VisionWeightsReader(this, config, words(json), root, spelling).read();
  }
}
