package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.forward.Stage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every architecture variant against transformers, stage by stage: the first stage that differs is
 * the one reported. The checkpoints are small and random, with no tensor near its initial value.
 */
class ParityTest {
  /** Of the largest absolute value of the stage, or of 1: float32 sums in another order. */
  private static final double TOLERANCE = 1e-5;

  static Stream<Arguments> everyVariantOnEveryBackend() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    try (Stream<Path> folders = Files.list(Golden.path("models"))) {
      for (Path folder : folders.sorted().toList()) {
        cases.add(Arguments.of(folder.getFileName().toString(), BackendChoice.REFERENCE));
        cases.add(Arguments.of(folder.getFileName().toString(), BackendChoice.CPU));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everyVariantOnEveryBackend")
  void everyStageEqualsTransformers(String variant, BackendChoice backend) throws IOException {
    Path folder = Golden.path("models/" + variant);
    Map<String, Golden.Tensor> golden = Golden.tensors(folder.resolve("golden.safetensors"));
    ModelOptions options = ModelOptions.defaults().withBackend(backend).withThreads(2);
    try (VisionModel model = VisionModel.load(folder, options)) {
      Map<String, Stage> stages = stages(golden, model.config().layers());
      Golden.Tensor pixels = golden.get("pixel_values");
      int batch = pixels.shape()[0];
      Map<Stage, float[]> values =
          model.run(pixels.floats(), batch, Set.copyOf(stages.values()));
      for (Map.Entry<String, Stage> stage : stages.entrySet()) {
        assertClose(stage.getKey(), golden.get(stage.getKey()).floats(), values.get(stage.getValue()));
      }
      if (model.config().head() != Head.NONE) {
        assertScores(model, golden.get("logits").floats(), golden.get("scores").floats());
      }
    }
  }

  /** The golden stages of the model in the order of the forward pass. */
  private static Map<String, Stage> stages(Map<String, Golden.Tensor> golden, int layers) {
    Map<String, Stage> stages = new LinkedHashMap<>();
    stages.put("embeddings", Stage.EMBEDDINGS);
    for (int i = 0; i < layers; i++) {
      stages.put("block." + i, Stage.block(i));
    }
    stages.put("norm", Stage.LAST_HIDDEN);
    stages.put("pooled", Stage.POOLED);
    stages.put("pooler_output", Stage.POOLER);
    stages.put("logits", Stage.LOGITS);
    assertThat(golden).containsKeys("embeddings", "block." + (layers - 1), "norm");
    stages.keySet().retainAll(golden.keySet());
    return stages;
  }

  private static void assertScores(VisionModel model, float[] logits, float[] scores) {
    int classes = model.labels().size();
    for (int image = 0; image < logits.length / classes; image++) {
      float[] row = java.util.Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
      Classification answer =
          Scores.classify(row, model.labels(), model.config().problemType());
      for (Prediction prediction : answer.predictions()) {
        assertThat((double) prediction.score())
            .as("score of class %d, image %d", prediction.id(), image)
            .isCloseTo(
                scores[image * classes + prediction.id()],
                org.assertj.core.api.Assertions.within(1e-6));
      }
    }
  }

  /** Fails on a difference, on NaN, and on a wrong size. */
  static void assertClose(String stage, float[] expected, float[] actual) {
    assertThat(actual).as("size of stage %s", stage).hasSameSizeAs(expected);
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double worst = 0;
    int where = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      if (!(difference <= worst)) {
        worst = difference;
        where = i;
      }
    }
    assertThat(worst)
        .as(
            "stage %s differs most at %d of %d: %s, expected %s",
            stage, where, expected.length, actual[where], expected[where])
        .isLessThanOrEqualTo(TOLERANCE * largest);
  }
}
