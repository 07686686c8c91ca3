package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.Tensors;
import io.github.tornadovit.weights.config.EncoderParts;
import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.CenterCrop;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.ResizeTarget;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.configfile.PreprocessorConfigReader;
import io.github.tornadovit.weights.configfile.ProcessorClass;
import io.github.tornadovit.weights.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configurations as they are met, with what transformers 5.17 makes of them ({@code configs.json},
 * copied from the engine's golden files, whose generator stands there). Where we differ on purpose,
 * a set here says so.
 */
class ConfigGoldenTest {
  private static final JsonObject GOLDEN = golden();
  private static final Map<String, TensorView> TENSORS = Tensors.named("classifier.weight");
  private static final Map<String, TensorView> BASE = Tensors.named("pooler.dense.weight");

  /** Strict types of transformers 5 refuse what 4 wrote and read. */
  private static final Set<String> TAKEN_BY_US =
      Set.of(
          "vit-int-eps",
          "vit-labels-are-numbers",
          "beit-layer-scale-int-zero",
          "beit-layer-scale-int-one");

  /** Would fail later in transformers. */
  private static final Set<String> REFUSED_BY_US =
      Set.of("vit-labels-with-a-gap", "vit-heads-do-not-divide");

  /** A {@code null} that transformers takes at first and refuses when an image comes. */
  private static final Set<String> PROCESSOR_REFUSED_BY_US =
      Set.of("processor-size-null", "processor-resample-null", "processor-mean-null");

  private static JsonObject golden() {
    try (InputStream in = ConfigGoldenTest.class.getResourceAsStream("configs.json")) {
      return JsonObject.parse(Objects.requireNonNull(in).readAllBytes(), "configs.json");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<String> names() {
    return GOLDEN.keys().stream();
  }

  static Stream<String> processors() {
    return names()
        .filter(name -> GOLDEN.object(name).has("preprocessor_config.json"))
        .filter(name -> !REFUSED_BY_US.contains(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsConfigsAsTransformersDoes(String name) {
    JsonObject given = GOLDEN.object(name).object("config.json");
    JsonObject expected = GOLDEN.object(name).object("expected");
    boolean refused = expected.has("config_error") && !TAKEN_BY_US.contains(name);
    if (refused || REFUSED_BY_US.contains(name)) {
      assertThatThrownBy(() -> read(given, TENSORS)).isInstanceOf(CheckpointException.class);
      return;
    }
    VisionConfig config = read(given, TENSORS);
    if (expected.has("config")) {
      compare(config, expected.object("config"));
      if (expected.object("config").has("pooler_act")) {
        comparePooler(read(given, BASE).pooler(), expected.object("config"));
      }
    }
  }

  private static VisionConfig read(JsonObject config, Map<String, TensorView> tensors) {
    return Family.of(config).config(config, tensors, _ -> {});
  }

  private static void comparePooler(Pooler pooler, JsonObject expected) {
    assertThat(pooler)
        .isEqualTo(
            new Pooler.Dense(
                Activations.read(expected, "pooler_act", Activation.SILU),
                expected.integer("pooler_output_size", 0, 0, Integer.MAX_VALUE)));
  }

  private static void compare(VisionConfig config, JsonObject expected) {
    int max = Integer.MAX_VALUE;
    assertThat(config.architecture().type()).isEqualTo(expected.text("model_type"));
    assertThat(config.hiddenSize()).isEqualTo(expected.integer("hidden_size", 0, 0, max));
    assertThat(config.layers()).isEqualTo(expected.integer("num_hidden_layers", 0, 0, max));
    assertThat(config.heads()).isEqualTo(expected.integer("num_attention_heads", 0, 0, max));
    assertThat(config.encoder().attention().headSize())
        .isEqualTo(expected.integer("head_dim", config.hiddenSize() / config.heads(), 0, max));
    assertThat(config.encoder().mlp().size())
        .isEqualTo(expected.integer("intermediate_size", 0, 0, max));
    assertThat(config.encoder().mlp().activation())
        .isEqualTo(Activations.read(expected, "hidden_act", Activation.RELU));
    assertThat(config.encoder().norms().eps())
        .isEqualTo((float) expected.number("layer_norm_eps", -1));
    assertThat(config.imageSize()).isEqualTo(expected.extent("image_size", new Extent(0, 0), max));
    assertThat(config.patchSize()).isEqualTo(expected.extent("patch_size", new Extent(0, 0), max));
    assertThat(config.channels()).isEqualTo(expected.integer("num_channels", 0, 0, max));
    if (expected.has("qkv_bias")) {
      SelfAttention attention = config.encoder().attention();
      boolean bias = expected.bool("qkv_bias", false);
      assertThat(attention.queryBias()).isEqualTo(bias);
      assertThat(attention.keyBias()).isEqualTo(bias);
      assertThat(attention.valueBias()).isEqualTo(bias);
    } else {
      compareBeit(config, expected);
    }
    if (config.head() == Head.NONE) {
      assertThat(config.labels()).isEmpty();
    } else {
      Map<String, String> labels = expected.object("id2label").entries();
      List<String> inOrder = new ArrayList<>();
      for (int i = 0; i < labels.size(); i++) {
        inOrder.add(Objects.requireNonNull(labels.get(Integer.toString(i))));
      }
      assertThat(config.labels()).isEqualTo(inOrder);
    }
  }

  private static void compareBeit(VisionConfig config, JsonObject expected) {
    EncoderParts encoder = config.encoder();
    SelfAttention attention = encoder.attention();
    assertThat(attention.keyBias()).isFalse();
    assertThat(attention.queryBias()).isTrue();
    assertThat(attention.valueBias()).isTrue();
    assertThat(encoder.embeddings().positions() instanceof Positions.Learned)
        .isEqualTo(expected.bool("use_absolute_position_embeddings", true));
    assertThat(attention.has(BiasTable.PER_BLOCK))
        .isEqualTo(expected.bool("use_relative_position_bias", true));
    assertThat(attention.has(BiasTable.SHARED))
        .isEqualTo(expected.bool("use_shared_relative_position_bias", true));
    assertThat(encoder.layerScale()).isEqualTo(expected.number("layer_scale_init_value", 0) > 0);
    assertThat(config.pooling() instanceof TokenPooling.PatchMean)
        .isEqualTo(expected.bool("use_mean_pooling", false));
  }

  @ParameterizedTest
  @MethodSource("processors")
  void readsPreprocessorsAsTransformersDoes(String name) {
    JsonObject all = GOLDEN.object(name);
    JsonObject file = all.object("preprocessor_config.json");
    JsonObject config = all.object("config.json");
    if (all.object("expected").has("processor_error") || PROCESSOR_REFUSED_BY_US.contains(name)) {
      assertThatThrownBy(() -> processor(file, config)).isInstanceOf(CheckpointException.class);
    } else if (all.object("expected").has("processor")) {
      JsonObject expected = all.object("expected").object("processor");
      compare(processor(file, config), expected);
    }
  }

  private static PreprocessorConfig processor(JsonObject file, JsonObject config) {
    ProcessorClass absent = Family.of(config).processor();
    return PreprocessorConfigReader.read(file, config, absent, new Extent(224, 224), 3);
  }

  private static void compare(PreprocessorConfig got, JsonObject expected) {
    Resize resize = got.resize();
    assertThat(resize != null).isEqualTo(expected.bool("do_resize", false));
    if (resize != null) {
      JsonObject size = expected.object("size");
      ResizeTarget target =
          size.has("shortest_edge")
              ? new ResizeTarget.ShortestEdge(
                  size.integer("shortest_edge", 0, 1, 9999),
                  size.integer("longest_edge", 0, 1, 9999))
              : new ResizeTarget.Exact(extent(size));
      assertThat(resize.target()).isEqualTo(target);
      assertThat(List.of(Resampling.values()).indexOf(resize.resampling()))
          .isEqualTo(expected.integer("resample", -1, 0, 5));
    }
    boolean crops = expected.holds("do_center_crop") && expected.bool("do_center_crop", false);
    assertThat(got.centerCrop())
        .isEqualTo(crops ? new CenterCrop(extent(expected.object("crop_size"))) : null);
    assertThat(got.rescaleFactor())
        .isEqualTo(
            expected.bool("do_rescale", false) ? expected.number("rescale_factor", 0) : null);
    Normalize normalize = got.normalize();
    assertThat(normalize != null).isEqualTo(expected.bool("do_normalize", false));
    if (normalize != null) {
      assertThat(normalize.mean()).isEqualTo(perChannel(expected.numbers("image_mean")));
      assertThat(normalize.standardDeviation())
          .isEqualTo(perChannel(expected.numbers("image_std")));
    }
  }

  private static Extent extent(JsonObject size) {
    return new Extent(size.integer("height", 0, 1, 9999), size.integer("width", 0, 1, 9999));
  }

  private static List<Double> perChannel(List<Double> values) {
    return values.size() == 1
        ? List.of(values.getFirst(), values.getFirst(), values.getFirst())
        : values;
  }
}
