package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command {@code inspect} on families that differ. */
class InspectCommandTest {
  private static CommandLineRun inspect(Object model, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "inspect";
    arguments[1] = "--model";
    arguments[2] = model.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    CommandLineRun ran = CommandLineRun.of(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran;
  }

  /** Trained at 42 pixels, and cut to less, as published DINOv2 at 518 and 224. */
  @Test
  void tellsPoolingsTokensAndTheSizeThatIsRun() {
    Path model = Golden.path("models/dinov2-registers-crop");
    JsonNode facts = inspect(model, "--format", "json").json();
    assertThat(facts.get("architecture").asString()).isEqualTo("DINOv2 with registers");
    assertThat(facts.get("saved_by").asString())
        .isEqualTo("transformers, model_type dinov2_with_registers");
    assertThat(facts.get("pooling").asString())
        .isEqualTo("class token and mean of the patches, together");
    assertThat(facts.get("pooling_by_default").asString()).isEqualTo("cls");
    int width = facts.get("hidden_size").asInt();
    assertThat(facts.get("poolings").toString())
        .contains("\"cls [" + width + "]\"", "\"pooled [" + 2 * width + "]\"")
        .doesNotContain("projection");
    assertThat(facts.get("prefix_tokens").toString()).contains("class", "register");
    assertThat(facts.get("image_size_trained").asString()).startsWith("42x42, positions");
    assertThat(facts.get("preprocessing").toString())
        .contains("centre crop " + facts.get("image_size").asString());
    assertThat(facts.get("files_read").toString())
        .isEqualTo("[\"config.json\",\"model.safetensors\",\"preprocessor_config.json\"]");
    JsonNode larger = inspect(model, "--image-size", "42", "--format", "json").json();
    assertThat(larger.get("image_size").asString()).isEqualTo("42x42");
    assertThat(larger.has("image_size_trained")).isFalse();
    assertThat(larger.get("gflop_per_image").asDouble())
        .isGreaterThan(facts.get("gflop_per_image").asDouble());
  }

  @Test
  void tellsWhatWasAssumed(@TempDir Path folder) throws IOException {
    Path model = Golden.path("models/vit-two-labels");
    String config = Files.readString(model.resolve("config.json"));
    Files.writeString(
        folder.resolve("config.json"), config.replace("\"hidden_act\": \"gelu\",", ""));
    Files.copy(model.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    assertThat(inspect(folder).out())
        .containsPattern("defaults +hidden_act=GELU")
        .containsPattern("notes +no preprocessor_config.json");
  }

  @Test
  void tellsTimmFromTransformers() {
    assertThat(inspect(Golden.path("models/timm-vit-medium-gap")).out())
        .containsPattern("architecture +timm's vit_")
        .containsPattern("saved_by +timm\\R")
        .containsPattern("prefix_tokens +none")
        .containsPattern("pooling_by_default +mean");
    assertThat(inspect(Golden.path("models/timm-wrapper")).out())
        .containsPattern("saved_by +transformers, model_type timm_wrapper");
    assertThat(inspect(Golden.path("models/clip-projection")).out())
        .containsPattern("pooler +class token, normed; before the projection to ")
        .containsPattern("poolings .*projection \\[");
  }
}
