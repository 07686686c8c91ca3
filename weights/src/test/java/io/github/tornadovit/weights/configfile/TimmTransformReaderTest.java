package io.github.tornadovit.weights.configfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pixels of these configurations are compared with timm's in the engine's tests. */
class TimmTransformReaderTest {
  private static PreprocessorConfig read(String text) {
    JsonObject json = JsonObject.parse(text.getBytes(StandardCharsets.UTF_8), "m/config.json");
    return TimmTransformReader.read(
        json, TimmTransformReader.inputSize(json, new Extent(224, 224)), 3);
  }

  private static void refused(String file, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(file))
        .withMessageStartingWith("m/config.json: ")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  @Test
  void readsWhatIsGivenWithoutANote() {
    PreprocessorConfig config =
        read(
            """
            {"input_size":[3,224,224],"crop_pct":0.9,"interpolation":"bilinear",
             "mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5]}""");
    assertThat(config.steps())
        .containsExactly(
            "resize shortest edge to 248, BILINEAR",
            "centre crop 224x224",
            "rescale by 0.00392156862745098",
            "normalise by mean [0.5, 0.5, 0.5], deviation [0.5, 0.5, 0.5]");
    assertThat(config.notes()).isEmpty();
  }

  @Test
  void notesWhatIsTimmsDefault() {
    for (String given : List.of("{}", "{\"input_size\":null,\"crop_pct\":null,\"mean\":null}")) {
      assertThat(read(given).notes())
          .containsExactly(
              "m/config.json: crop_pct, interpolation, mean, std not given, taken are"
                  + " timm's defaults (resize shortest edge to 256, BICUBIC; centre crop 224x224;"
                  + " rescale by 0.00392156862745098; normalise by mean [0.485, 0.456, 0.406],"
                  + " deviation [0.229, 0.224, 0.225])");
    }
  }

  @Test
  void refusesWhatIsNone() {
    refused("{\"input_size\":[224,224]}", "'input_size' is [224, 224], expected [channels, height");
    refused("{\"input_size\":[3,0,224]}", "'input_size'", "integers from 1 to 16384");
    refused("{\"input_size\":[3,22.5,224]}", "'input_size'");
    refused("{\"input_size\":224}", "'input_size'");
    refused("{\"crop_pct\":-1}", "'crop_pct' is -1, expected the part");
    refused("{\"crop_pct\":1e-9}", "'crop_pct'");
    refused("{\"crop_pct\":\"0.9\"}", "'crop_pct' is \"0.9\", expected a number");
    refused("{\"crop_mode\":\"corner\"}", "\"corner\", expected one of center, squash, border");
    // timm would choose anew for each image, or fail.
    refused("{\"interpolation\":\"random\"}", "\"random\", expected one of nearest, lanczos");
    refused("{\"mean\":[0.5,0.5]}", "'mean' has 2 numbers, expected 3 because num_channels=3");
    refused("{\"std\":[0.5,0,0.5]}", "'std' has a 0");
  }
}
