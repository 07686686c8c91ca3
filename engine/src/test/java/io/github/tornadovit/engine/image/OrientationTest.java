package io.github.tornadovit.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every way to say an orientation, or to garble it, has the effect that it has in Pillow. */
class OrientationTest {
  private static Stream<JsonNode> cases() throws IOException {
    String json = Files.readString(Golden.path("images/orientation.json"));
    return StreamSupport.stream(JsonMapper.shared().readTree(json).spliterator(), false);
  }

  private static RgbImage decode(JsonNode example, boolean applyOrientation) {
    byte[] file = Base64.getDecoder().decode(example.get("file").asString());
    return new ImageDecoder(1000, applyOrientation).decode(file, example.get("name").asString());
  }

  @TestFactory
  Stream<DynamicTest> turnsAsPillow() throws IOException {
    return cases()
        .map(
            example ->
                DynamicTest.dynamicTest(example.get("name").asString(), () -> check(example)));
  }

  private static void check(JsonNode example) {
    RgbImage stored = decode(example, false);
    JsonNode shown = example.get("shown");
    if (shown.isNumber()) {
      RgbImage turned = decode(example, true);
      WholeImage whole = new WholeImage();
      whole.picture(stored.picture(), shown.asInt());
      RgbImage expected = whole.image();
      assertThat(turned).hasToString(expected.toString());
      assertThat(turned.pixels()).isEqualTo(expected.pixels());
    } else {
      assertThatThrownBy(() -> decode(example, true))
          .as("Pillow raises %s", shown)
          .isInstanceOf(ImageException.class)
          .hasMessageContainingAll("has EXIF data", "--no-orientation");
    }
  }

  @Test
  void theExamplesAreOfEveryOutcome() throws IOException {
    List<String> outcomes = cases().map(example -> example.get("shown").asString()).toList();
    assertThat(outcomes).contains("1", "2", "3", "4", "5", "6", "7", "8", "SyntaxError", "error");
  }
}
