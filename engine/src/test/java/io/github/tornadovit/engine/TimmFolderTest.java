package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.CheckpointNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Folders as timm saves them, from the image files on: the pixels equal those of timm's transform
 * for evaluation, bit for bit. What the model makes of them is {@link ParityTest}'s.
 */
class TimmFolderTest {
  static Stream<String> folders() throws IOException {
    try (Stream<Path> all = Files.list(Golden.path("models"))) {
      List<String> names = all.map(folder -> folder.getFileName().toString()).sorted().toList();
      return names.stream().filter(name -> name.startsWith("timm"));
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void pixelsEqualTimms(String variant) throws IOException {
    Path folder = Golden.path("models/" + variant);
    float[] expected =
        Golden.read(folder.resolve("golden.safetensors")).tensor("pixel_values").floats();
    try (VisionModel model = VisionModel.load(folder)) {
      float[] portrait = pixels(model, "portrait");
      float[] landscape = pixels(model, "landscape");
      int size = portrait.length;
      assertThat(portrait).isEqualTo(Arrays.copyOf(expected, size));
      assertThat(landscape).isEqualTo(Arrays.copyOfRange(expected, size, 2 * size));
    }
  }

  private static float[] pixels(VisionModel model, String image) {
    return model
        .imageProcessor()
        .pixels(Golden.path("images/preprocess/" + image + ".png"))
        .toArray();
  }

  @Test
  void saysWhatItIsAndGuessesNothing() {
    try (VisionModel model = VisionModel.load(Golden.path("models/timm-deit3"))) {
      assertThat(model.config().architecture()).hasToString("timm's deit3_base_patch16_224");
      assertThat(model.labels()).containsExactly("zero label", "one label", "two label");
      assertThat(model.notes()).extracting(CheckpointNote::toString).isEmpty();
    }
  }
}
