package io.github.tornadovit.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.testing.Golden.Tensor;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.TimmTransform;
import io.github.tornadovit.weights.config.TimmTransform.CropMode;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bit of the pixel values equals what timm's transform for evaluation returns. The configs
 * are read here as they are to be understood; that files mean them is the weights module's test.
 */
class TimmPreprocessorTest {
  private static final JsonObject CASES = cases();

  private static JsonObject cases() {
    try {
      return JsonObject.parse(Files.readAllBytes(Golden.path("images/timm.json")), "timm.json");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<String> names() {
    return CASES.keys().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void equalsTimm(String name) throws IOException {
    JsonObject given = CASES.object(name);
    List<Double> sides = given.numbers("input_size");
    Extent size = new Extent(sides.get(1).intValue(), sides.get(2).intValue());
    PreprocessorConfig config = transform(given).endingAt(size, List.of());
    Golden golden = Golden.read(Golden.path("images/timm.safetensors"));
    for (String image : new String[] {"portrait", "landscape"}) {
      check(config, image, golden.tensor(name + "/" + image));
    }
  }

  private static TimmTransform transform(JsonObject given) {
    String mode = given.holds("crop_mode") ? given.text("crop_mode") : "center";
    String filter = given.holds("interpolation") ? given.text("interpolation") : "bicubic";
    Normalize normalize =
        given.holds("mean")
            ? new Normalize(given.numbers("mean"), given.numbers("std"))
            : new Normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
    return new TimmTransform(
        given.holds("crop_pct") ? given.number("crop_pct", 0) : 0.875,
        CropMode.valueOf(String.valueOf(mode).toUpperCase(Locale.ROOT)),
        Resampling.valueOf(String.valueOf(filter).toUpperCase(Locale.ROOT)),
        normalize);
  }

  private static void check(PreprocessorConfig config, String image, Tensor expected) {
    Extent size = new Extent(expected.shape()[1], expected.shape()[2]);
    assertThat(config.end()).isEqualTo(size);
    float[] values = new float[expected.floats().length];
    new Preprocessor(config, 3, size)
        .apply(
            new ImageDecoder().decode(Golden.path("images/preprocess/" + image + ".png")),
            values,
            0);
    for (int i = 0; i < values.length; i++) {
      assertThat(Float.floatToRawIntBits(values[i]))
          .as("%s: value %d: %s, expected %s", image, i, values[i], expected.floats()[i])
          .isEqualTo(Float.floatToRawIntBits(expected.floats()[i]));
    }
  }
}
