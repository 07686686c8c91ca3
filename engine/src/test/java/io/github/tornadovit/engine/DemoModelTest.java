package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * The embedded checkpoints on the held-out drawings, from JPEG file to label, against transformers.
 */
class DemoModelTest {
  private static final Path DEMO = Path.of("../weights/demo");

  @ParameterizedTest
  @EnumSource
  void everyDrawingGetsTheLogitsOfTransformers(DemoCheckpoint demo) throws IOException {
    JsonNode reference = Golden.json(DEMO.resolve("reference.json"));
    JsonNode entries = reference.get("images");
    String name = demo.name().toLowerCase(Locale.ROOT);
    List<Path> files =
        entries
            .valueStream()
            .map(entry -> DEMO.resolve("images").resolve(entry.get("image").asString()))
            .toList();
    assertThat(files).hasSize(100);
    int right = 0;
    try (VisionModel model =
        VisionModel.load(demo, ModelOptions.defaults().withBackend(BackendChoice.CPU))) {
      List<Classification> answers =
          model.classify(files.stream().map(model.imageProcessor()::read).toList());
      for (int i = 0; i < answers.size(); i++) {
        JsonNode entry = entries.get(i);
        JsonNode expected = entry.get(name);
        assertLogits(answers.get(i).logits(), expected.get("logits"), files.get(i));
        String label = answers.get(i).top().label();
        assertThat(label).as(files.get(i).toString()).isEqualTo(expected.get("label").asString());
        right += label.equals(entry.get("truth").asString()) ? 1 : 0;
      }
    }
    assertThat(right / 100.0)
        .as("accuracy")
        .isEqualTo(reference.at("/held_out/" + name + "/images/accuracy").asDouble());
  }

  private static void assertLogits(float[] logits, JsonNode expected, Path file) {
    for (int i = 0; i < logits.length; i++) {
      assertThat((double) logits[i])
          .as("%s, logit %d", file, i)
          .isCloseTo(expected.get(i).asDouble(), within(1e-4));
    }
  }
}
