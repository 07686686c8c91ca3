package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models at other image sizes than they were trained at, against transformers and timm. Devices run
 * one larger and one smaller size of each kind of positions; {@code -Dtornadovit.thorough=true}
 * runs all of them there too.
 */
class ResolutionTest {
  private static final double TOLERANCE = 1e-5;

  private static final Pattern ON_DEVICES =
      Pattern.compile("(vit\\.35x56|vit-bin\\.6x6|beit\\.42x42|deit-distilled\\.29x27)\\..*");

  private static boolean runs(String run, ModelOptions options) {
    return Boolean.getBoolean("tornadovit.thorough")
        || options.backend() != BackendChoice.TORNADO
        || ON_DEVICES.matcher(run).matches();
  }

  static Stream<Arguments> everySizeOnEveryBackend() throws IOException {
    try (Stream<Path> files = Files.list(Golden.path("resolutions"))) {
      List<String> runs =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.startsWith("interpolation"))
              .sorted()
              .toList();
      return runs.stream()
          .flatMap(
              run ->
                  EveryBackend.options()
                      .filter(backend -> runs(run, backend.getPayload()))
                      .map(backend -> Arguments.of(run, backend)));
    }
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everySizeOnEveryBackend")
  void everyStageEqualsTheReferences(String run, ModelOptions backend) throws IOException {
    Golden golden = Golden.read(Golden.path("resolutions/" + run));
    int[] pixels = golden.tensor("pixel_values").shape();
    Extent size = new Extent(pixels[2], pixels[3]);
    ModelOptions options = backend.withBatch(2).withImageSize(size);
    Path folder = Golden.path("models/" + run.substring(0, run.indexOf('.')));
    try (VisionModel model = VisionModel.load(folder, options)) {
      assertThat(model.config().imageSize()).isEqualTo(size);
      assertThat(StageComparison.compare(model, golden, TOLERANCE)).containsKeys("embeddings");
    }
  }

  private static ModelOptions at(int height, int width) {
    return ModelOptions.defaults()
        .withBackend(BackendChoice.CPU)
        .withImageSize(new Extent(height, width));
  }

  @Test
  void imagesAreBroughtToTheSize() {
    RgbImage image = RgbImage.of(50, 40, new byte[50 * 40 * 3]);
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, at(96, 80))) {
      assertThat(model.imageProcessor().pixels(image).shape()).isEqualTo(Shape.of(1, 3, 96, 80));
      assertThat(model.classify(List.of(image)).getFirst().predictions()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "beit, true",
    "dinov2, true",
    "dinov2-registers, true",
    "dinov3, true",
    "vit-bin, false"
  })
  void onlySomeFamiliesTakeAnotherPreprocessorsSizeUnasked(
      String variant, boolean takes, @TempDir Path folder) throws IOException {
    Path original = Golden.path("models/" + variant);
    try (Stream<Path> files = Files.list(original)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Path processor = folder.resolve("preprocessor_config.json");
    String json = Files.readString(original.resolve("preprocessor_config.json"));
    Files.writeString(processor, json.replaceAll("\"(height|width)\": \\d+", "\"$1\": 42"));
    ModelOptions options = ModelOptions.defaults().withBackend(BackendChoice.CPU);
    if (takes) {
      try (VisionModel model = VisionModel.load(folder, options)) {
        assertThat(model.config().imageSize()).isEqualTo(new Extent(42, 42));
      }
    } else {
      assertThatThrownBy(() -> VisionModel.load(folder, options))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("42x42", "--image-size");
      try (VisionModel model = VisionModel.load(folder, options.withImageSize(42))) {
        assertThat(model.config().grid()).isEqualTo(new Extent(7, 7));
      }
    }
  }

  @Test
  void aSizeWithoutAPatchIsRefused() {
    assertThatThrownBy(() -> VisionModel.load(Golden.path("models/vit-bin"), at(24, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("image size 24x5", "patch_size=6x6");
  }

  @Test
  void moreBiasesThanAnArrayHoldsAreRefused() {
    assertThatThrownBy(() -> VisionModel.load(Golden.path("models/beit"), at(7000, 7000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("7000x7000", "1000000 patches", "smaller");
  }

  @Test
  void positionsOfAnOblongGridAreNotInterpolated() {
    assertThatThrownBy(() -> VisionModel.load(Golden.path("models/vit-rectangular"), at(36, 36)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("position_embeddings", "3x4 patches", "square");
  }
}
