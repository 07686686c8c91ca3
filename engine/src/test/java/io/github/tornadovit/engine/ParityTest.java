package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.weights.config.VisionConfig.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every architecture variant against transformers, stage by stage: the first stage that differs is
 * the one reported. The checkpoints are small and random, with no tensor near its initial value.
 */
class ParityTest {
  /** Of the largest absolute value of a stage, or of 1: float32 sums in another order. */
  private static final double TOLERANCE = 1e-5;

  static Stream<Arguments> everyVariantOnEveryBackend() throws IOException {
    try (Stream<Path> folders = Files.list(Golden.path("models"))) {
      List<String> variants =
          folders.map(folder -> folder.getFileName().toString()).sorted().toList();
      return variants.stream()
          .flatMap(
              variant -> EveryBackend.options().map(backend -> Arguments.of(variant, backend)));
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
