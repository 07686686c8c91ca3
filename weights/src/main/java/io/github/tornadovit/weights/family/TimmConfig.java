package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.Geometry;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.configfile.TimmTransformReader;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code config.json} of timm: what {@code model_args} says, else {@code pretrained_cfg}, else
 * the architecture. Before 2023 {@code pretrained_cfg}'s keys were the file's own.
 */
final class TimmConfig {
  private static final int MAX = 1 << 16;
  private static final String ARGUMENTS = "model_args";
  private static final String POOLING = "global_pool";
  static final String WITH_PREFIX = "pool_include_prefix";

  /** Arguments that are read, and those that do nothing outside of training. */
  private static final Set<String> KNOWN =
      Set.of(
          "img_size",
          "patch_size",
          "in_chans",
          "num_classes",
          POOLING,
          WITH_PREFIX,
          "embed_dim",
          "depth",
          "num_heads",
          "mlp_ratio",
          "qkv_bias",
          "init_values",
          "class_token",
          "no_embed_class",
          "reg_tokens",
          "num_reg_tokens",
          "pre_norm",
          "final_norm",
          "fc_norm",
          "dynamic_img_size",
          "act_layer",
          "use_abs_pos_emb",
          "use_rel_pos_bias",
          "use_shared_rel_pos_bias");

  private static final Set<String> OF_TRAINING =
      Set.of(
          "drop_rate",
          "pos_drop_rate",
          "patch_drop_rate",
          "proj_drop_rate",
          "attn_drop_rate",
          "drop_path_rate",
          "weight_init",
          "fix_init",
          "head_init_scale",
          "pretrained",
          "pretrained_strict",
          "scriptable",
          "exportable");

  /** What all architectures here are without. */
  private static final Set<String> OFF =
      Set.of(
          "qk_norm",
          "scale_attn_norm",
          "scale_mlp_norm",
          "scale_attn_inner",
          "dynamic_img_pad",
          "rope_mixed_mode");

  /** Of timm's layer norm, where an architecture says nothing. */
  private static final double LAYER_NORM_EPS = 1e-6;

  private final JsonObject config;
  private final JsonObject pretrained;
  private final JsonObject arguments;
  private final TimmArchitecture architecture;

  TimmConfig(JsonObject config) {
    this.config = config;
    this.pretrained = TimmTransformReader.pretrained(config);
    this.arguments =
        config.holds(ARGUMENTS) ? config.object(ARGUMENTS) : JsonObject.empty(config.where());
    this.architecture = named(config);
    refuseOtherArguments();
  }

  private static TimmArchitecture named(JsonObject config) {
    String name = config.text("architecture");
    TimmArchitecture known = name == null ? null : TimmArchitecture.of(name);
    if (known == null) {
      String why = name == null ? null : TimmOthers.what(name);
      throw config.wrong(
          "architecture",
          "a plain Vision Transformer of timm (vit_*_patch*, deit_*, deit3_*, beit_*, beitv2_*,"
              + " flexivit_*, eva_giant_*, eva_large_*) "
              + (why == null
                  ? "of a size that is known, not '%s'".formatted(name)
                  : "and this is none: " + why)
              + (name == null ? "; it stands beside pretrained_cfg and model_args" : ""));
    }
    return known;
  }

  private void refuseOtherArguments() {
    for (String key : arguments.keys()) {
      boolean changes =
          switch (key) {
            case "proj_bias" -> !arguments.bool(key, true);
            case "pos_embed" -> !"learn".equals(arguments.text(key));
            case "norm_layer" ->
                !"layernorm".equals(arguments.text(key)) || architecture.eps() != LAYER_NORM_EPS;
            default -> OFF.contains(key) ? !arguments.isOff(key) : !OF_TRAINING.contains(key);
          };
      if (arguments.holds(key) && !KNOWN.contains(key) && changes) {
        throw arguments.wrong(key, "nothing: such a part is not supported");
      }
    }
  }

  TimmArchitecture architecture() {
    return architecture;
  }

  /** The object that holds {@code mean}, {@code input_size} and so on. */
  JsonObject pretrained() {
    return pretrained;
  }

  /** {@code model_args}. */
  JsonObject arguments() {
    return arguments;
  }

  int integer(String key, int absent) {
    return arguments.holds(key) ? arguments.integer(key, absent, 1, MAX) : absent;
  }

  /** To Python, which timm leaves it to, {@code null} is false. */
  boolean bool(String key, boolean absent) {
    return arguments.has(key) ? arguments.holds(key) && arguments.bool(key, false) : absent;
  }

  /** {@code init_values}: whether residual branches are scaled. */
  boolean layerScale() {
    boolean eva = architecture.kind() == TimmArchitecture.Kind.EVA;
    return arguments.has("init_values")
        ? arguments.holds("init_values") && (arguments.number("init_values", 0) != 0 || eva)
        : architecture.layerScale();
  }

  /**
   * Refuses tensors that nothing asks for, or that are asked for and not there.
   *
   * @param key that asks for them
   */
  void requireAgreement(String key, boolean asked, boolean there, String tensors) {
    if (asked == there) {
      return;
    }
    String file = "%s '%s'".formatted(there ? "tensors" : "no tensors", tensors);
    if (arguments.has(key)) {
      throw arguments.wrong(key, "what goes with the file, which has " + file);
    }
    throw new CheckpointException(
        config.where(),
        "architecture=%s has %s%s, but the file has %s; name the architecture that it is of, or give %s in model_args"
            .formatted(architecture.name(), asked ? "" : "no ", key, file, key));
  }

  /** The error that an argument has another value than it may have. */
  CheckpointException wrong(String key, String expected) {
    return arguments.wrong(key, expected);
  }

  boolean classToken() {
    return bool("class_token", architecture.classToken());
  }

  boolean finalNorm() {
    return bool("final_norm", architecture.finalNorm());
  }

  /** {@code pool_include_prefix}. */
  boolean poolsPrefix() {
    return bool(WITH_PREFIX, architecture.poolsPrefix());
  }

  int registers() {
    String key = registersKey();
    return arguments.holds(key) ? arguments.integer(key, 0, 0, 1024) : architecture.registers();
  }

  /** Its argument. */
  String registersKey() {
    boolean eva = architecture.kind() == TimmArchitecture.Kind.EVA;
    return eva ? "num_reg_tokens" : "reg_tokens";
  }

  Geometry geometry() {
    Extent patch = new Extent(architecture.patch(), architecture.patch());
    Extent size = TimmTransformReader.inputSize(pretrained, new Extent(224, 224));
    int channels = TimmTransformReader.channels(pretrained, 3);
    if (arguments.holds("patch_size")) {
      patch = arguments.extent("patch_size", patch, MAX);
    }
    if (arguments.holds("img_size")) {
      size = arguments.extent("img_size", size, 1 << 14);
    }
    boolean anySize = bool("dynamic_img_size", architecture.anySize());
    return new Geometry(size, patch, integer("in_chans", channels), anySize);
  }

  /** What timm would pool by. */
  String pooling() {
    if (arguments.holds(POOLING)) {
      return String.valueOf(arguments.text(POOLING));
    }
    String given = architecture.fixesPooling() ? null : pretrained.text(POOLING);
    return given == null ? architecture.pooling() : given;
  }

  /**
   * The pooling that stands beside {@code pretrained_cfg}, where timm writes and never reads it.
   */
  @Nullable String unreadPooling() {
    return config.holds("pretrained_cfg") ? config.text(POOLING) : null;
  }

  /** {@code fc_norm}: whether the norm follows the pooling, in place of that of all tokens. */
  boolean normedMean(String pooling) {
    return arguments.holds("fc_norm")
        ? bool("fc_norm", false)
        : pooling.equals("avg") && architecture.normAfterMean();
  }

  Activation activation() {
    if (arguments.isOff("act_layer")) {
      return architecture.activation();
    }
    return switch (String.valueOf(arguments.text("act_layer"))) {
      case "gelu" -> Activation.GELU;
      case "gelu_tanh" -> Activation.GELU_TANH;
      case "quick_gelu", "quickgelu" -> Activation.QUICK_GELU;
      case "silu", "swish" -> Activation.SILU;
      case "relu" -> Activation.RELU;
      default ->
          throw arguments.wrong("act_layer", "one of gelu, gelu_tanh, quick_gelu, silu, relu");
    };
  }

  /** {@code num_classes}, or what the classifier has. */
  int classes(int absent) {
    String key = "num_classes";
    for (JsonObject place : new JsonObject[] {arguments, config, pretrained}) {
      if (place.holds(key)) {
        return place.integer(key, 0, 0, Labels.MAX_LABELS);
      }
    }
    return absent;
  }

  /** For messages. */
  TimmWords words() {
    return new TimmWords(config, this);
  }
}
