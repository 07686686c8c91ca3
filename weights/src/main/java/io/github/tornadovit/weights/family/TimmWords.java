package io.github.tornadovit.weights.family;

import io.github.tornadovit.weights.family.Spelling.Part;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments of timm, or that the architecture has them so, for messages. */
final class TimmWords extends ConfigWords {
  /** timm's names for what transformers calls otherwise. */
  private static final Map<String, String> NAMES =
      Map.of(
          "hidden_size", "embed_dim",
          "num_hidden_layers", "depth",
          "num_attention_heads", "num_heads",
          "image_size", "img_size",
          "num_channels", "in_chans",
          "use_relative_position_bias", "use_rel_pos_bias",
          "use_shared_relative_position_bias", "use_shared_rel_pos_bias",
          "use_absolute_position_embeddings", "use_abs_pos_emb");

  private final TimmConfig timm;

  TimmWords(JsonObject config, TimmConfig timm) {
    super(config);
    this.timm = timm;
  }

  @Override
  String say(String key, Object value) {
    if (key.equals("intermediate_size")) {
      return "an MLP of %s, by the tensor of its second layer".formatted(value);
    }
    String name =
        key.equals("num_register_tokens") ? timm.registersKey() : NAMES.getOrDefault(key, key);
    JsonObject arguments = timm.arguments();
    JsonObject pretrained = timm.pretrained();
    if (arguments.has(name)) {
      return arguments.path(name) + "=" + value;
    }
    return key.equals("image_size") && pretrained.holds("input_size")
        ? "%s of %s".formatted(pretrained.path("input_size"), value)
        : "%s=%s (%s)".formatted(name, value, source(name));
  }

  private String source(String name) {
    String architecture = timm.architecture().name();
    return name.equals("fc_norm")
        ? "%s with global_pool=%s".formatted(architecture, timm.pooling())
        : architecture;
  }

  /** As {@link Family#says}. */
  @Nullable String says(Part part, boolean there) {
    boolean beit = timm.architecture().kind() == TimmArchitecture.Kind.BEIT;
    return switch (part) {
      case KEY_BIAS ->
          "timm's %s, whose keys have no biases of their own,"
              .formatted(timm.architecture().name());
      case ATTENTION_SCALE, MLP_SCALE -> there ? "other blocks have one" : null;
      case BLOCK_BIAS -> beit ? say("use_rel_pos_bias", there) : null;
      case SHARED_BIAS -> beit ? say("use_shared_rel_pos_bias", there) : null;
      case POSITIONS -> there ? null : say("use_abs_pos_emb", false);
      case PATCH_EMBEDDING -> say("pre_norm", !there); // Of its bias.
      case NORM_BEFORE_BLOCKS -> say("pre_norm", there);
      case NORM_AFTER_BLOCKS -> norm(there, !there);
      case NORM_OF_POOLED -> norm(there, there);
      case POOLER_PROBE,
          POOLER_QUERY,
          POOLER_KEY_VALUE,
          POOLER_ATTENTION_OUTPUT,
          POOLER_NORM,
          POOLER_MLP_UP,
          POOLER_MLP_DOWN ->
          say("global_pool", there ? "map" : timm.pooling());
      default -> null;
    };
  }

  /** What decides of a norm: whether there is one, and then whether it follows the pooling. */
  private String norm(boolean there, boolean pooled) {
    return there || timm.finalNorm() ? say("fc_norm", pooled) : say("final_norm", false);
  }
}
