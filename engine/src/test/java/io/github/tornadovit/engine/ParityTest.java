package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every architecture variant against transformers, stage by stage: the first stage that differs is
 * the one reported. The checkpoints are small and random, with no tensor near its initial value.
 * {@code -Dtornadovit.thorough=true} runs all of them on devices too.
 */
class ParityTest {
  /** Of the largest absolute value of a stage, or of 1: float32 sums in another order. */
  private static final double TOLERANCE = 1e-5;

  /**
   * Variants that devices need not run as well: what is special about them is how their tensors are
   * stored, spelled or interpolated, or a number or function of an operation that has tests of its
   * own on devices. And one of 577 tokens, which takes the emulator as long as thirty others.
   */
  private static final Pattern HOST_ALONE =
      Pattern.compile(
          ".*-(bin|bin-views|sharded|bf16|f16|f64|5x-names|names|renamed|crop|24x24-patches)"
              + "|timm-(vit|wrapper|deit3|deit-distilled|beit|dinov3|dinov3-plus)"
              + "|timm-vit-(clip|dinov2-reg4|dynamic|gap|giant-dinov2|medium-gap|miil|rectangle|siglip-gap)"
              + "|vit-(mae-pretraining|mae|mim|msn|msn-model)|dinov2-model|ijepa|metaclip-2|clip-model"
              + "|vit-(gelu-new|gelu-pytorch-tanh|relu|silu|large-eps|multi-label|single-logit)"
              + "|(beit|deit)-mim|data2vec-vision-model|beit-model|deit-model"
              + "|siglip-(headless|model)");

  private static final boolean ALL = Boolean.getBoolean("tornadovit.thorough");

  private static boolean runs(String variant, ModelOptions options) {
    return ALL
        || options.backend() != BackendChoice.TORNADO
        || !HOST_ALONE.matcher(variant).matches();
  }

  static Stream<Arguments> everyVariantOnEveryBackend() throws IOException {
    try (Stream<Path> folders = Files.list(Golden.path("models"))) {
      List<String> variants =
          folders.map(folder -> folder.getFileName().toString()).sorted().toList();
      return variants.stream()
          .flatMap(
              variant ->
                  EveryBackend.options()
                      .filter(backend -> runs(variant, backend.getPayload()))
                      .map(backend -> Arguments.of(variant, backend)));
    }
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everyVariantOnEveryBackend")
  void everyStageEqualsTransformers(String variant, ModelOptions backend) throws IOException {
    Path folder = Golden.path("models/" + variant);
    Golden golden = Golden.read(folder.resolve("golden.safetensors"));
    try (VisionModel model = VisionModel.load(folder, backend.withBatch(3))) {
      assertThat(StageComparison.compare(model, golden, TOLERANCE)).containsKeys("embeddings");
      if (model.config().head() != Head.NONE) {
        assertScores(model, golden.tensor("logits").floats(), golden.tensor("scores").floats());
      }
    }
  }

  private static void assertScores(VisionModel model, float[] logits, float[] scores) {
    int classes = model.labels().size();
    for (int image = 0; image < logits.length / classes; image++) {
      float[] row = Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
      for (Prediction prediction :
          Scores.classify(row, model.labels(), model.config().problemType()).predictions()) {
        assertThat((double) prediction.score())
            .as("score of class %d, image %d", prediction.id(), image)
            .isCloseTo(scores[image * classes + prediction.id()], within(1e-6));
      }
    }
  }
}
