package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.VisionConfig;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every feature that a model offers, against transformers. */
class FeatureTest {
  /** As in {@link ParityTest}. */
  private static final double TOLERANCE = 1e-5;

  private static final ModelOptions CPU =
      ModelOptions.defaults().withBackend(BackendChoice.CPU).withThreads(2);

  /** A plan per feature takes its time on the emulator, which therefore gets one per family. */
  static Stream<Arguments> architecturesOnEveryBackend() {
    return Stream.of(
            "vit",
            "vit-model-pooler",
            "beit",
            "beit-cls",
            "deit-distilled",
            "vit-two-labels",
            "dinov2",
            "dinov2-registers",
            "dinov2-model",
            "dinov3",
            "clip",
            "clip-projection",
            "siglip",
            "ijepa",
            "timm-vit-siglip")
        .flatMap(
            variant ->
                EveryBackend.options()
                    .filter(
                        backend ->
                            backend.getPayload().backend() != BackendChoice.TORNADO
                                || Set.of("vit-two-labels", "beit-cls").contains(variant))
                    .map(backend -> Arguments.of(variant, backend)));
  }

  private static VisionModel load(String variant, ModelOptions backend) {
    return VisionModel.load(Golden.path("models/" + variant), backend.withBatch(3));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("architecturesOnEveryBackend")
  void everyFeatureEqualsTransformers(String variant, ModelOptions backend) throws IOException {
    Golden golden = Golden.read(Golden.path("models/" + variant).resolve("golden.safetensors"));
    try (VisionModel model = load(variant, backend)) {
      compareLayer(model, golden, null, "norm");
      for (int layer = 0; layer <= model.config().layers(); layer++) {
        compareLayer(model, golden, layer, layer == 0 ? "embeddings" : "block." + (layer - 1));
      }
      if (golden.names().contains("image_embeds")) {
        Golden.Tensor embeds = golden.tensor("image_embeds");
        compare(model, golden, Feature.of(Pooling.PROJECTION), embeds.floats(), embeds.shape()[1]);
      }
      if (golden.names().contains("pooled")) {
        Golden.Tensor pooled = golden.tensor("pooled");
        compare(model, golden, Feature.of(Pooling.POOLED), pooled.floats(), pooled.shape()[1]);
      }
      if (golden.names().contains("pooler_output")) {
        Golden.Tensor pooler = golden.tensor("pooler_output");
        compare(model, golden, Feature.of(Pooling.POOLER), pooler.floats(), pooler.shape()[1]);
      }
    }
  }

  private static void compareLayer(
      VisionModel model, Golden golden, @Nullable Integer layer, String reference) {
    Golden.Tensor tokens = golden.tensor(reference);
    VisionConfig config = model.config();
    int width = tokens.shape()[2];
    Feature cls = Feature.of(Pooling.CLS).withLayer(layer);
    if (config.has(Kind.CLASS)) {
      compare(model, golden, cls, GoldenPooling.cls(tokens), width);
    } else {
      assertThatThrownBy(() -> model.embed(List.of(), cls))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("no class token; use pooling mean");
    }
    compare(
        model,
        golden,
        Feature.of(Pooling.MEAN).withLayer(layer),
        GoldenPooling.mean(tokens, config.prefixTokens()),
        width);
    compare(model, golden, Feature.of(Pooling.TOKENS).withLayer(layer), tokens.floats(), width);
  }

  /** The feature as it comes, and normalised, which is the host's work on every backend. */
  private static void compare(
      VisionModel model, Golden golden, Feature feature, float[] expected, int width) {
    assertEqual(model, golden, feature, expected, width);
    if (model.session().device().backend().equals("tornado")) {
      return;
    }
    assertEqual(
        model,
        golden,
        feature.withNormalization(true),
        GoldenPooling.normalized(expected, width),
        width);
  }

  private static void assertEqual(
      VisionModel model, Golden golden, Feature feature, float[] expected, int width) {
    Golden.Tensor pixels = golden.tensor("pixel_values");
    int images = pixels.shape()[0];
    Pixels batch =
        Pixels.of(images, pixels.shape()[1], pixels.shape()[2], pixels.shape()[3], pixels.floats());
    List<float[]> rows = model.embed(batch, feature);
    assertThat(rows).hasSize(images);
    float[] actual = new float[expected.length];
    int row = expected.length / images;
    for (int i = 0; i < images; i++) {
      System.arraycopy(rows.get(i), 0, actual, i * row, row);
    }
    StageComparison.difference(feature.toString(), expected, actual, TOLERANCE);
    assertThat(feature.shape(model.config()))
        .isEqualTo(
            feature.pooling() == Pooling.TOKENS
                ? Shape.of(model.config().tokens(), width)
                : Shape.of(width));
  }

  @Test
  void whatAModelHasNotIsRefused() {
    try (VisionModel model = load("vit", CPU)) {
      Feature beyond = Feature.of(Pooling.CLS).withLayer(4);
      assertThatThrownBy(() -> model.embed(List.of(), beyond))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("layer is 4, expected 0 (the embeddings) to 3");
      assertThatThrownBy(() -> model.session().require(Stage.POOLER))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("has no pooler (tensor 'pooler.dense.weight')")
          .hasMessageEndingWith("use pooling cls, mean, pooled or tokens");
      assertThatThrownBy(() -> model.session().require(Stage.PROJECTION))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("no projection")
          .hasMessageEndingWith("use pooling cls, mean, pooled or tokens");
    }
    try (VisionModel model = load("siglip-vision-model", CPU)) {
      assertThatThrownBy(() -> model.session().require(Stage.CLASS_TOKEN))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageEndingWith("no class token; use pooling mean, pooled, pooler or tokens");
      assertThatThrownBy(() -> model.session().require(Stage.classToken(1)))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageEndingWith("no class token; use pooling mean or tokens");
    }
    try (VisionModel model = load("timm-vit-clip", CPU)) {
      assertThatThrownBy(() -> model.session().require(Stage.POOLER))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("has no pooler; use pooling cls, mean, pooled or tokens");
    }
    try (VisionModel model = load("siglip-headless", CPU)) {
      assertThatThrownBy(() -> model.session().require(Stage.POOLER))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("has no pooler (tensor 'head.probe'); use pooling mean");
    }
    Feature cls = Feature.of(Pooling.CLS);
    assertThatThrownBy(() -> cls.withLayer(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layer is -1");
    Feature pooler = Feature.of(Pooling.POOLER);
    assertThatThrownBy(() -> pooler.withLayer(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use pooling cls, mean or tokens");
  }

  /** Pinned to what {@code sha256sum $FILES | sha256sum} prints in that folder. */
  @Test
  void aCheckpointIsNamedByItsContent() {
    try (VisionModel model = load("vit-sharded", CPU)) {
      assertThat(model.digest())
          .isEqualTo("bf010d23c414247902d3a784967d23e3f338969185dcb9d27f7722e0a19817c3");
    }
  }
}
