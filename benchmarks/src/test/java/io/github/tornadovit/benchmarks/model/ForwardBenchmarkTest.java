package io.github.tornadovit.benchmarks.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.family.Family;
import io.github.tornadovit.weights.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What JMH prints beside the score of a forward pass. */
class ForwardBenchmarkTest {
  private static VisionConfig config(String json) {
    JsonObject config = JsonObject.parse(json.getBytes(StandardCharsets.UTF_8), "config.json");
    return Family.of(config).config(config, Map.of(), _ -> {});
  }

  private static double rate(String json) {
    return Objects.requireNonNull(PublishedRate.of(config(json))).samplesPerSecond();
  }

  @Test
  void aBaseModelIsComparedWithTheCardOfItsArchitecture() {
    assertThat(rate("{\"model_type\": \"vit\"}")).isEqualTo(97.685);
    assertThat(rate("{\"model_type\": \"beit\"}")).isEqualTo(18.629);
    assertThat(PublishedRate.of(config("{\"model_type\": \"vit\", \"num_hidden_layers\": 6}")))
        .isNull();
    assertThat(PublishedRate.of(config("{\"model_type\": \"deit\"}"))).isNull();
  }

  @Test
  void imagesOfASecondAreDividedByTheCardsImagesOfASecond() {
    ImageRates rates = new ImageRates();
    for (int i = 0; i < 10; i++) {
      rates.add(8, 97.685);
    }
    assertThat(rates.images).isEqualTo(80);
    assertThat(rates.ofPublished).isCloseTo(80 / 97.685, within(1e-12));
  }

  /** One iteration in this JVM: that JMH counts the images, not how many they are. */
  @Test
  void jmhPrintsImagesAndTheRatio() throws Exception {
    int batch = 2;
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(TornadoVitForwardBenchmark.class.getName())
                    .param("checkpoint", "../weights/demo/vit")
                    .param("batch", String.valueOf(batch))
                    .param("threads", "1")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(200))
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    double passes = result.getPrimaryResult().getScore();
    assertThat(score(result, "images") / passes).isCloseTo(batch, within(0.02));
    // No card is about the demo's architecture.
    assertThat(score(result, "ofPublished")).isNaN();
  }

  private static double score(RunResult result, String name) {
    return Objects.requireNonNull(result.getSecondaryResults().get(name), name).getScore();
  }
}
