package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The values for keys that are left out, against those of transformers' config classes ({@code
 * config-defaults.json}, made by {@code make_config_defaults.py} beside the engine's goldens).
 */
class ConfigDefaultsTest {
  private static final JsonObject DEFAULTS = defaults();

  private static JsonObject defaults() {
    try (InputStream in = ConfigDefaultsTest.class.getResourceAsStream("config-defaults.json")) {
      return JsonObject.parse(Objects.requireNonNull(in).readAllBytes(), "config-defaults.json");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<String> types() {
    return DEFAULTS.keys().stream();
  }

  private static JsonObject minimal(String type) {
    String json = "{\"model_type\": \"%s\"}".formatted(type);
    return JsonObject.parse(json.getBytes(StandardCharsets.UTF_8), "config.json");
  }

  private static VisionConfig read(JsonObject config) {
    return Family.of(config).config(config, Map.of(), _ -> {});
  }

  @ParameterizedTest
  @MethodSource("types")
  void areThoseOfTransformers(String type) {
    JsonObject expected = DEFAULTS.object(type);
    VisionConfig config = read(minimal(type));
    EncoderParts encoder = config.encoder();
    assertThat(config.hiddenSize()).isEqualTo(integer(expected, "hidden_size"));
    assertThat(config.layers()).isEqualTo(integer(expected, "num_hidden_layers"));
    assertThat(config.heads()).isEqualTo(integer(expected, "num_attention_heads"));
    assertThat(config.channels()).isEqualTo(integer(expected, "num_channels"));
    assertThat(config.imageSize()).isEqualTo(extent(expected, "image_size"));
    assertThat(config.patchSize()).isEqualTo(extent(expected, "patch_size"));
    assertThat(encoder.norms().eps()).isEqualTo((float) expected.number("layer_norm_eps", -1));
    assertThat(encoder.mlp())
        .isEqualTo(
            new Mlp.Plain(
                Activations.read(expected, "hidden_act", Activation.RELU),
                expected.has("intermediate_size")
                    ? integer(expected, "intermediate_size")
                    : config.hiddenSize() * (int) expected.number("mlp_ratio", -1)));
    SelfAttention attention = encoder.attention();
    if (expected.has("qkv_bias")) {
      boolean bias = expected.bool("qkv_bias", false);
      assertThat(attention.queryBias()).isEqualTo(bias);
      assertThat(attention.keyBias()).isEqualTo(bias);
      assertThat(attention.valueBias()).isEqualTo(bias);
    }
    if (expected.has("query_bias")) {
      assertThat(attention.queryBias()).isEqualTo(expected.bool("query_bias", false));
      assertThat(attention.keyBias()).isEqualTo(expected.bool("key_bias", true));
      assertThat(attention.valueBias()).isEqualTo(expected.bool("value_bias", false));
      assertThat(expected.bool("use_gated_mlp", true)).isFalse();
      assertThat(encoder.embeddings().positions())
          .isEqualTo(new Positions.Rotary((float) expected.number("rope_theta", -1)));
    }
    if (expected.has("use_swiglu_ffn")) {
      assertThat(expected.bool("use_swiglu_ffn", true)).isFalse(); // As above: a plain one.
    }
    assertThat(encoder.embeddings().count(Kind.REGISTER))
        .isEqualTo(expected.integer("num_register_tokens", 0, 0, 100));
    if (expected.has("use_mean_pooling")) {
      compareBeit(config, expected);
    }
  }

  private static void compareBeit(VisionConfig config, JsonObject expected) {
    EncoderParts encoder = config.encoder();
    assertThat(encoder.embeddings().positions() instanceof Positions.Learned)
        .isEqualTo(expected.bool("use_absolute_position_embeddings", true));
    assertThat(encoder.attention().has(BiasTable.PER_BLOCK))
        .isEqualTo(expected.bool("use_relative_position_bias", true));
    assertThat(encoder.attention().has(BiasTable.SHARED))
        .isEqualTo(expected.bool("use_shared_relative_position_bias", true));
    assertThat(encoder.layerScale()).isEqualTo(expected.number("layer_scale_init_value", 0) > 0);
    // The norm of the mean then takes the place of that behind the blocks.
    assertThat(encoder.norms().afterBlocks()).isEqualTo(!expected.bool("use_mean_pooling", false));
  }

  /** A family that is new, and that transformers has, gets its line of the script. */
  @Test
  void coverEveryFamily() {
    assertThat(
            Family.all()
                .filter(family -> !(family instanceof Timm))
                .map(family -> family.architecture().type())
                .collect(Collectors.toSet()))
        .isSubsetOf(DEFAULTS.keys());
  }

  @Test
  void areRemembered() {
    JsonObject config = minimal("siglip");
    read(config);
    assertThat(config.defaults())
        .containsEntry("vision_config.hidden_size", "768")
        .containsEntry("vision_config.hidden_act", "GELU_TANH")
        .doesNotContainKey("model_type");
  }

  private static int integer(JsonObject expected, String key) {
    return expected.integer(key, -1, 0, Integer.MAX_VALUE);
  }

  private static Extent extent(JsonObject expected, String key) {
    return expected.extent(key, new Extent(0, 0), Integer.MAX_VALUE);
  }
}
