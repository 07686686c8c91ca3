package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.forward.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Runs a model on a golden checkpoint's pixels and compares stage by stage, in the order of the
 * forward pass.
 */
final class StageComparison {
  private StageComparison() {}

  /**
   * The largest difference of each stage, relative to the stage's largest absolute value or to 1.
   *
   * <p>Fails at the first stage that differs by more than the tolerance, or by NaN, or in size.
   */
  static Map<String, Double> compare(VisionModel model, Golden golden, double tolerance) {
    Map<String, Stage> stages = stages(golden, model.config().layers());
    Golden.Tensor pixels = golden.tensor("pixel_values");
    Map<Stage, float[]> values =
        model.run(pixels.floats(), pixels.shape()[0], Set.copyOf(stages.values()));
    Map<String, Double> differences = new LinkedHashMap<>();
    stages.forEach(
        (name, stage) ->
            differences.put(
                name,
                difference(
                    name,
                    golden.tensor(name).floats(),
                    Objects.requireNonNull(values.get(stage)),
                    tolerance)));
    return differences;
  }

  private static Map<String, Stage> stages(Golden golden, int layers) {
    Map<String, Stage> stages = new LinkedHashMap<>();
    stages.put("embeddings", Stage.EMBEDDINGS);
    for (int i = 0; i < layers; i++) {
      stages.put("attention." + i, Stage.attention(i));
      stages.put("block." + i, Stage.block(i));
    }
    stages.put("norm", Stage.LAST_HIDDEN);
    stages.put("pooled", Stage.POOLED);
    stages.put("pooler_output", Stage.POOLER);
    stages.put("logits", Stage.LOGITS);
    assertThat(golden.names()).contains("embeddings", "block." + (layers - 1), "norm");
    stages.keySet().retainAll(golden.names());
    return stages;
  }

  private static double difference(
      String stage, float[] expected, float[] actual, double tolerance) {
    assertThat(actual).as("size of stage %s", stage).hasSameSizeAs(expected);
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double worst = 0;
    int where = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      // Written so that NaN counts as a difference.
      if (!(difference <= worst)) {
        worst = difference;
        where = i;
      }
    }
    assertThat(worst / largest)
        .as(
            "stage %s differs most at %d of %d: %s, expected %s",
            stage, where, expected.length, actual[where], expected[where])
        .isLessThanOrEqualTo(tolerance);
    return worst / largest;
  }
}
