package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.PrefixToken;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
   * Vectors behind the last block are compared twice: beside all stages, and without those that
   * need all tokens of it.
   */
  static Map<String, Double> compare(VisionModel model, Golden golden, double tolerance) {
    List<Expected> expected = expected(golden, model.config());
    Map<String, Double> differences = compare(model, golden, expected, tolerance);
    int layers = model.config().layers();
    Set<Stage> ofFewTokens =
        new HashSet<>(
            Set.of(
                Stage.classToken(layers),
                Stage.attention(layers - 1),
                Stage.CLASS_TOKEN,
                Stage.POOLED,
                Stage.POOLER,
                Stage.PROJECTION,
                Stage.LOGITS));
    if (model.config().pooling() instanceof TokenPooling.PatchMean) {
      ofFewTokens.addAll(Set.of(Stage.patchMean(layers), Stage.PATCH_MEAN));
    }
    List<Expected> alone =
        expected.stream().filter(one -> ofFewTokens.contains(one.stage())).toList();
    compare(model, golden, alone, tolerance)
        .forEach((name, difference) -> differences.merge(name, difference, Math::max));
    return differences;
  }

  private static Map<String, Double> compare(
      VisionModel model, Golden golden, List<Expected> expected, double tolerance) {
    Golden.Tensor pixels = golden.tensor("pixel_values");
    Map<Stage, float[]> values =
        run(
            model.session(),
            GoldenPixels.of(pixels),
            expected.stream().map(Expected::stage).collect(Collectors.toSet()));
    Map<String, Double> differences = new LinkedHashMap<>();
    for (Expected stage : expected) {
      differences.put(
          stage.name(),
          difference(
              stage.name(),
              stage.values(),
              Objects.requireNonNull(values.get(stage.stage())),
              tolerance));
    }
    return differences;
  }

  /** All images at once, but for attention's weights, which come one image at a time. */
  private static Map<Stage, float[]> run(Session session, Pixels pixels, Set<Stage> stages) {
    Set<Stage> attention =
        stages.stream()
            .filter(stage -> stage instanceof Stage.HeadAttention)
            .collect(Collectors.toSet());
    Set<Stage> others = new HashSet<>(stages);
    others.removeAll(attention);
    Map<Stage, float[]> values = new HashMap<>(session.run(pixels, others));
    if (attention.isEmpty()) {
      return values;
    }
    List<Map<Stage, float[]>> images =
        each(pixels).stream().map(image -> session.run(image, attention)).toList();
    for (Stage stage : attention) {
      values.put(
          stage,
          joined(images.stream().map(image -> Objects.requireNonNull(image.get(stage))).toList()));
    }
    return values;
  }

  static List<Pixels> each(Pixels pixels) {
    float[] values = pixels.toArray();
    int size = values.length / pixels.images();
    return IntStream.range(0, pixels.images())
        .mapToObj(
            i ->
                Pixels.of(
                    1,
                    pixels.channels(),
                    pixels.height(),
                    pixels.width(),
                    Arrays.copyOfRange(values, i * size, (i + 1) * size)))
        .toList();
  }

  private static float[] joined(List<float[]> parts) {
    int length = parts.getFirst().length;
    float[] all = new float[parts.size() * length];
    for (int i = 0; i < parts.size(); i++) {
      System.arraycopy(parts.get(i), 0, all, i * length, length);
    }
    return all;
  }

  /** What a stage shall hold: {@code [B, ...]}. */
  @SuppressWarnings("ArrayRecordComponent") // Test data, read and compared, never a key.
  private record Expected(String name, Stage stage, float[] values) {}

  private static List<Expected> expected(Golden golden, VisionConfig config) {
    List<Expected> expected = new ArrayList<>();
    assertThat(golden.names()).contains("embeddings", "block." + (config.layers() - 1), "norm");
    for (int layer = 0; layer <= config.layers(); layer++) {
      String name = layer == 0 ? "embeddings" : "block." + (layer - 1);
      add(expected, golden, name, Stage.hidden(layer));
      pooled(expected, golden, config, name, Stage.classToken(layer), Stage.patchMean(layer));
      if (layer < config.layers()) {
        add(expected, golden, "attention." + layer, Stage.attention(layer));
      }
    }
    add(expected, golden, "norm", Stage.LAST_HIDDEN);
    pooled(expected, golden, config, "norm", Stage.CLASS_TOKEN, Stage.PATCH_MEAN);
    add(expected, golden, "pooled", Stage.POOLED);
    add(expected, golden, "pooler_output", Stage.POOLER);
    add(expected, golden, "image_embeds", Stage.PROJECTION);
    add(expected, golden, "logits", Stage.LOGITS);
    return expected;
  }

  private static void add(List<Expected> expected, Golden golden, String name, Stage stage) {
    if (golden.names().contains(name)) {
      expected.add(new Expected(name, stage, golden.tensor(name).floats()));
    }
  }

  private static void pooled(
      List<Expected> expected,
      Golden golden,
      VisionConfig config,
      String name,
      Stage classToken,
      Stage patchMean) {
    Golden.Tensor tokens = golden.tensor(name);
    if (config.has(PrefixToken.Kind.CLASS)) {
      expected.add(new Expected(name + " cls", classToken, GoldenPooling.cls(tokens)));
    }
    expected.add(
        new Expected(name + " mean", patchMean, GoldenPooling.mean(tokens, config.prefixTokens())));
  }

  static double difference(String stage, float[] expected, float[] actual, double tolerance) {
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
