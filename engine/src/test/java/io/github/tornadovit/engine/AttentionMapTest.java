package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention weights of every layer and attention rollout, against transformers. */
class AttentionMapTest {
  /** As for the stages of the forward pass; weights are at most 1. */
  private static final double TOLERANCE = 1e-5;

  static Stream<Arguments> everyVariantOnEveryBackend() {
    return Stream.of(
            "vit",
            "vit-head-dim",
            "beit-both-biases",
            "deit-distilled",
            "dinov2-registers",
            "siglip-model",
            "dinov3")
        .flatMap(variant -> EveryBackend.options().map(backend -> Arguments.of(variant, backend)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everyVariantOnEveryBackend")
  void mapsEqualTransformers(String variant, ModelOptions options) throws IOException {
    Golden golden = Golden.read(Golden.path("attention/" + variant + ".safetensors"));
    Pixels pixels = GoldenPixels.of(golden.tensor("pixel_values"));
    try (VisionModel model = VisionModel.load(Golden.path("models/" + variant), options)) {
      VisionConfig config = model.config();
      for (int i = 0; i < 2; i++) {
        Pixels one = StageComparison.each(pixels).get(i);
        int last = config.layers() - 1;
        List<LayerAttention> layers = model.attention().layers(one, 0, -1);
        compare(layers.get(0), golden.tensor("attention.0").floats(), i, config);
        compare(layers.get(1), golden.tensor("attention." + last).floats(), i, config);
        rollout(model.attention(), one, golden.tensor("rollout").floats(), i, config);
      }
    }
  }

  private static void compare(
      LayerAttention layer, float[] expected, int image, VisionConfig config) {
    int tokens = config.tokens();
    float[] weights = layer.toArray();
    int start = image * weights.length;
    close(weights, Arrays.copyOfRange(expected, start, start + weights.length));
    if (!config.has(Kind.CLASS)) {
      assertThatThrownBy(() -> layer.mean(AttentionToken.CLS))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("no class token; use token patches");
      return;
    }
    for (int head = 0; head < config.heads(); head++) {
      float[] map = layer.map(AttentionToken.CLS, head).toArray();
      close(map, patches(expected, start + head * tokens * tokens, config));
    }
    float[] mean = new float[config.patches()];
    for (int head = 0; head < config.heads(); head++) {
      float[] map = patches(expected, start + head * tokens * tokens, config);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += map[i] / config.heads();
      }
    }
    close(layer.mean(AttentionToken.CLS).toArray(), mean);
  }

  private static void rollout(
      AttentionMaps maps, Pixels pixels, float[] expected, int image, VisionConfig config) {
    int tokens = config.tokens();
    int start = image * tokens * tokens;
    if (config.has(Kind.CLASS)) {
      PatchMap map = maps.rollout(pixels, AttentionToken.CLS);
      assertThat(map.rows()).isEqualTo(config.grid().height());
      close(map.toArray(), patches(expected, start, config));
    }
    if (config.has(Kind.DISTILLATION)) {
      close(
          maps.rollout(pixels, AttentionToken.DISTILLATION).toArray(),
          patches(expected, start + tokens, config));
    }
    float[] mean = new float[config.patches()];
    for (int query = config.prefixTokens(); query < tokens; query++) {
      float[] row = patches(expected, start + query * tokens, config);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / config.patches();
      }
    }
    close(maps.rollout(pixels, AttentionToken.PATCHES).toArray(), mean);
  }

  /** The patches among the keys of a row that begins at an index. */
  private static float[] patches(float[] weights, int row, VisionConfig config) {
    return Arrays.copyOfRange(weights, row + config.prefixTokens(), row + config.tokens());
  }

  private static void close(float[] got, float[] expected) {
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i]).as("element %d", i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  @Test
  void aModelShowsWhatItLooksAt() {
    ModelOptions options = ModelOptions.defaults().withBackend(BackendChoice.CPU);
    RgbImage image = RgbImage.of(50, 40, new byte[50 * 40 * 3]);
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, options)) {
      Pixels pixels = model.imageProcessor().pixels(image);
      LayerAttention last = model.attention().layers(pixels, -1).getFirst();
      assertThat(last.toArray()).hasSize(last.heads() * last.tokens() * last.tokens());
      PatchMap rollout = model.attention().rollout(pixels, AttentionToken.CLS);
      RgbImage view = model.imageProcessor().view(image);
      RgbImage overlay = rollout.over(view);
      assertThat(overlay.width()).isEqualTo(2 * view.width());
      assertThatThrownBy(() -> model.attention().rollout(pixels, AttentionToken.DISTILLATION))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("no distillation token");
      assertThatThrownBy(() -> model.attention().layers(pixels, model.config().layers()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("layer is " + model.config().layers());
      assertThatThrownBy(() -> last.map(AttentionToken.CLS, last.heads()))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
