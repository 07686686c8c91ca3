package io.github.tornadovit.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How the Trainer rounds and prints. */
class TrainerMetricsTest {
  @Test
  void printsTheLinesThatTransformersPrints() throws IOException {
    JsonNode cases = Golden.json(Golden.path("evaluation/expected.json")).get("printed");
    assertThat(cases.isEmpty()).isFalse();
    for (JsonNode printed : cases) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      printed.get("metrics").forEachEntry((key, value) -> metrics.put(key, value.asDouble()));
      List<String> lines = printed.get("lines").valueStream().map(JsonNode::asString).toList();
      assertThat(TrainerMetrics.lines(metrics)).isEqualTo(lines);
    }
  }

  /** 3,596 images in 450 steps: the only numbers that fit both cards. */
  @Test
  void ratesComeFromTheUnroundedRuntime() {
    TrainerMetrics vit = new TrainerMetrics(0.9894, 0.0395, 36.81234, 3596, 450);
    assertThat(vit.toMap())
        .containsExactly(
            Map.entry("eval_accuracy", 0.9894),
            Map.entry("eval_loss", 0.0395),
            Map.entry("eval_runtime", 36.8123),
            Map.entry("eval_samples_per_second", 97.685),
            Map.entry("eval_steps_per_second", 12.224));
    TrainerMetrics beit = new TrainerMetrics(0.975, 0.0803, 193.0285, 3596, 450);
    assertThat(beit.toLines())
        .containsExactly(
            "***** eval metrics *****",
            "  eval_accuracy           =      0.975",
            "  eval_loss               =     0.0803",
            "  eval_runtime            = 0:03:13.02",
            "  eval_samples_per_second =     18.629",
            "  eval_steps_per_second   =      2.331");
  }
}
