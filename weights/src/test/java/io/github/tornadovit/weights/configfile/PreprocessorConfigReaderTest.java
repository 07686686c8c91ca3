package io.github.tornadovit.weights.configfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.CenterCrop;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.ResizeTarget;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.family.Family;
import io.github.tornadovit.weights.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PreprocessorConfigReaderTest {
  private static final String VIT = "{\"model_type\":\"vit\"}";

  private static JsonObject json(String text, String where) {
    return JsonObject.parse(text.getBytes(StandardCharsets.UTF_8), where);
  }

  private static PreprocessorConfig read(@Nullable String file, String config) {
    JsonObject processor = file == null ? null : json(file, "m/preprocessor_config.json");
    JsonObject model = json(config, "m/config.json");
    return PreprocessorConfigReader.read(
        processor,
        model,
        Family.of(model).processor(),
        model.extent("image_size", new Extent(224, 224), 1 << 14),
        3);
  }

  private static Resize resize(PreprocessorConfig config) {
    return Objects.requireNonNull(config.resize());
  }

  private static Resize exact(int height, int width, Resampling resampling) {
    return new Resize(new ResizeTarget.Exact(new Extent(height, width)), resampling);
  }

  private static CenterCrop crop(int height, int width) {
    return new CenterCrop(new Extent(height, width));
  }

  private static void refused(String file, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(file, VIT))
        .withMessageStartingWith("m/preprocessor_config.json: ")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  @ParameterizedTest
  @CsvSource({
    "vit, 4.16.2, 224, BILINEAR, 0, 0.5, ViTImageProcessor",
    "vit, 5.17.0, 224, BILINEAR, 0, 0.5, ViTImageProcessor",
    "beit, 4.16.2, 256, BICUBIC, 224, 0.5, BeitImageProcessor of transformers 4",
    "beit, 4.57.6, 256, BICUBIC, 224, 0.5, BeitImageProcessor of transformers 4",
    "beit, 5.0.0rc1, 224, BICUBIC, 0, 0.5, BeitImageProcessor",
    "beit, , 224, BICUBIC, 0, 0.5, BeitImageProcessor",
    "deit, 4.17.0.dev0, 256, BICUBIC, 224, 0.485, DeiTImageProcessor of transformers 4.25",
    "deit, 4.25.1, 256, BICUBIC, 224, 0.485, DeiTImageProcessor of transformers 4.25",
    "deit, 4.26.0, 256, BICUBIC, 224, 0.5, DeiTImageProcessor of transformers 4.26",
    "deit, 5.17.0, 256, BICUBIC, 224, 0.5, DeiTImageProcessor of transformers 5"
  })
  void takesTheDefaultsOfClassAndEraWithoutAFile(
      String type,
      @Nullable String version,
      int size,
      Resampling resampling,
      int crop,
      double mean,
      String origin) {
    String era = version == null ? "" : ",\"transformers_version\":\"" + version + "\"";
    PreprocessorConfig config = read(null, "{\"model_type\":\"" + type + "\"" + era + "}");
    assertThat(config.resize()).isEqualTo(exact(size, size, resampling));
    assertThat(config.centerCrop()).isEqualTo(crop == 0 ? null : crop(crop, crop));
    assertThat(config.rescaleFactor()).isEqualTo(1.0 / 255);
    assertThat(Objects.requireNonNull(config.normalize()).mean()).hasSize(3).startsWith(mean);
    assertThat(config.notes())
        .singleElement()
        .asString()
        .startsWith("no preprocessor_config.json: taken are the defaults of " + origin + " at the")
        .contains("resize %dx%d, %s;".formatted(size, size, resampling), "mean [" + mean);
  }

  @Test
  void guessesTheSizeThatTheModelWasTrainedOn() {
    PreprocessorConfig vit = read(null, "{\"model_type\":\"vit\",\"image_size\":384}");
    assertThat(vit.end()).isEqualTo(new Extent(384, 384));
    assertThat(vit.notes()).singleElement().asString().contains("resize 384x384, BILINEAR");
    PreprocessorConfig deit = read(null, "{\"model_type\":\"deit\",\"image_size\":[384,384]}");
    assertThat(resize(deit)).isEqualTo(exact(438, 438, Resampling.BICUBIC));
    assertThat(deit.centerCrop()).isEqualTo(crop(384, 384));
  }

  @Test
  void notesWhatAFileLeavesOut() {
    PreprocessorConfig config =
        read("{\"do_normalize\":true,\"image_mean\":[0,0,0],\"image_std\":1,\"size\":224}", VIT);
    assertThat(config.notes())
        .containsExactly(
            "m/preprocessor_config.json: resample not given, taken are the defaults of"
                + " ViTImageProcessor (resize 224x224, BILINEAR; rescale by 0.00392156862745098;"
                + " normalise by mean [0.0, 0.0, 0.0], deviation [1.0, 1.0, 1.0])");
    assertThat(config.normalize())
        .isEqualTo(new Normalize(Collections.nCopies(3, 0.0), Collections.nCopies(3, 1.0)));
  }

  @ParameterizedTest
  @CsvSource({
    "ViTFeatureExtractor, BILINEAR",
    "ViTImageProcessor, BILINEAR",
    "ViTImageProcessorFast, BILINEAR",
    "ViTImageProcessorPil, BILINEAR",
    "BeitFeatureExtractor, BICUBIC",
    "DeiTImageProcessorFast, BICUBIC",
    "BitImageProcessor, BICUBIC",
    "CLIPFeatureExtractor, BICUBIC",
    "CLIPImageProcessorFast, BICUBIC",
    "SiglipImageProcessorFast, BICUBIC",
    "DINOv3ViTImageProcessorFast, BILINEAR"
  })
  void knowsTheClassesUnderAllTheirNames(String type, Resampling resampling) {
    for (String key : new String[] {"image_processor_type", "feature_extractor_type"}) {
      PreprocessorConfig config = read("{\"" + key + "\":\"" + type + "\"}", VIT);
      assertThat(resize(config).resampling()).isEqualTo(resampling);
    }
  }

  @Test
  void fastBeitHasTheNewDefaultsInOldTimes() {
    PreprocessorConfig config =
        read(
            "{\"image_processor_type\":\"BeitImageProcessorFast\"}",
            "{\"model_type\":\"beit\",\"transformers_version\":\"4.57.6\"}");
    assertThat(resize(config)).isEqualTo(exact(224, 224, Resampling.BICUBIC));
    assertThat(config.centerCrop()).isNull();
  }

  @Test
  void oneNumberIsTheShortestEdgeOfSomeClasses() {
    for (String type : new String[] {"Bit", "CLIP", "Siglip"}) {
      String file = "{\"image_processor_type\":\"" + type + "ImageProcessor\",\"size\":7%s}";
      assertThat(resize(read(file.formatted(""), VIT)))
          .isEqualTo(new Resize(new ResizeTarget.ShortestEdge(7), Resampling.BICUBIC));
      assertThat(resize(read(file.formatted(",\"default_to_square\":true"), VIT)))
          .isEqualTo(exact(7, 7, Resampling.BICUBIC));
    }
  }

  @Test
  void saysThatNoPillowIsFollowedForDinov3() {
    String file = "{\"image_processor_type\":\"DINOv3ViTImageProcessorFast\",\"do_resize\":%s}";
    assertThat(read(file.formatted("true"), VIT).notes())
        .last()
        .asString()
        .startsWith("DINOv3ViTImageProcessor resizes in floating point");
    assertThat(read(file.formatted("false"), VIT).notes())
        .noneMatch(note -> note.contains("floating point"));
  }

  @Test
  void refusesABorderAtTheEnd() {
    refused("{\"do_pad\":true,\"pad_size\":{\"height\":9,\"width\":9}}", "'pad_size'", "do_pad");
    assertThat(read("{\"do_pad\":true,\"pad_size\":null}", VIT).resize()).isNotNull();
    assertThat(read("{\"do_pad\":false,\"pad_size\":7}", VIT).resize()).isNotNull();
  }

  @Test
  void readsEveryFormOfSize() {
    assertThat(resize(read("{\"size\":7}", VIT))).isEqualTo(exact(7, 7, Resampling.BILINEAR));
    assertThat(resize(read("{\"size\":[7,9]}", VIT))).isEqualTo(exact(7, 9, Resampling.BILINEAR));
    assertThat(resize(read("{\"size\":{\"height\":7,\"width\":9}}", VIT)))
        .isEqualTo(exact(7, 9, Resampling.BILINEAR));
    assertThat(resize(read("{\"size\":{\"shortest_edge\":7}}", VIT)))
        .isEqualTo(new Resize(new ResizeTarget.ShortestEdge(7, 0), Resampling.BILINEAR));
    assertThat(resize(read("{\"size\":{\"shortest_edge\":7,\"longest_edge\":9}}", VIT)))
        .isEqualTo(new Resize(new ResizeTarget.ShortestEdge(7, 9), Resampling.BILINEAR));
    assertThat(resize(read("{\"size\":7,\"default_to_square\":false}", VIT)))
        .isEqualTo(new Resize(new ResizeTarget.ShortestEdge(7, 0), Resampling.BILINEAR));
  }

  @Test
  void refusesOtherFormsOfSize() {
    refused("{\"size\":{\"height\":7}}", "size has the keys [height], expected height and width");
    refused("{\"size\":{\"height\":7,\"width\":7,\"shortest_edge\":7}}", "expected shortest_edge");
    refused("{\"size\":{\"longest_edge\":7}}", "size has the keys [longest_edge]");
    refused("{\"size\":{\"max_height\":7,\"max_width\":7}}", "[max_height, max_width]");
    refused("{\"size\":{}}", "size has the keys []");
    refused("{\"size\":[7]}", "key 'size' is [7], expected an integer or [height, width]");
    refused("{\"size\":7.5}", "key 'size' is 7.5, expected an integer");
    refused("{\"size\":0}", "key 'size' is 0, expected an integer from 1");
    refused("{\"size\":1000000}", "key 'size' is 1000000, expected an integer from 1 to 16384");
    refused("{\"size\":null}", "key 'size' is null, expected");
    refused("{\"size\":\"224\"}", "key 'size' is \"224\"");
    refused("{\"size\":{\"height\":0,\"width\":7}}", "key 'size.height' is 0");
  }

  @ParameterizedTest
  @EnumSource
  void readsTheCodesOfPillow(Resampling resampling) {
    int code = List.of(Resampling.values()).indexOf(resampling);
    assertThat(resize(read("{\"resample\":" + code + "}", VIT)).resampling()).isEqualTo(resampling);
  }

  @Test
  void refusesOtherFilters() {
    refused("{\"resample\":6}", "key 'resample' is 6, expected an integer from 0 to 5");
    refused("{\"resample\":-1}", "key 'resample' is -1");
    refused("{\"resample\":null}", "key 'resample' is null");
    refused("{\"resample\":\"bilinear\"}", "key 'resample' is \"bilinear\"");
  }

  @Test
  void leavesOutStepsThatAreOff() {
    for (String value : new String[] {"false", "null"}) {
      String off =
          "{\"do_resize\":%1$s,\"do_center_crop\":%1$s,\"do_rescale\":%1$s,\"do_normalize\":%1$s}"
              .formatted(value);
      assertThat(read(off, "{\"model_type\":\"deit\"}"))
          .isEqualTo(new PreprocessorConfig(null, null, null, null, List.of()));
    }
    refused("{\"do_resize\":1}", "key 'do_resize' is 1, expected true or false");
  }

  @Test
  void cropsWhereToldTo() {
    String crop = "{\"do_center_crop\":true,\"crop_size\":%s}";
    assertThat(read(crop.formatted("7"), VIT).centerCrop()).isEqualTo(crop(7, 7));
    assertThat(read(crop.formatted("{\"height\":7,\"width\":9}"), VIT).centerCrop())
        .isEqualTo(crop(7, 9));
    refused("{\"do_center_crop\":true}", "key 'crop_size' is missing, expected a size because");
    refused(crop.formatted("null"), "key 'crop_size' is null");
    refused(crop.formatted("{\"shortest_edge\":7}"), "size has the keys [shortest_edge]");
  }

  @Test
  void refusesNumbersThatMakeNoImage() {
    refused(
        "{\"image_mean\":[0.5]}", "'image_mean' has 1 numbers, expected 3 because num_channels");
    refused("{\"image_mean\":[0.5,\"x\",1]}", "expected a number");
    refused("{\"image_mean\":null}", "key 'image_mean' is null");
    refused("{\"image_std\":[1,0,1]}", "key 'image_std' has a 0");
    refused("{\"rescale_factor\":0}", "key 'rescale_factor' is 0, expected a number other than 0");
    refused("{\"rescale_factor\":null}", "key 'rescale_factor' is null, expected a number");
  }

  @Test
  void refusesProcessorsOfOtherModels() {
    refused(
        "{\"image_processor_type\":\"ConvNextImageProcessor\"}",
        "is \"ConvNextImageProcessor\", expected one of ViTImageProcessor, BeitImageProcessor");
    refused("{\"image_processor_type\":\"Siglip2ImageProcessor\"}", "\"Siglip2ImageProcessor\"");
    refused("{\"feature_extractor_type\":\"ViTHybridFeatureExtractor\"}", "expected one of");
    refused("{\"image_processor_type\":7}", "key 'image_processor_type' is 7, expected a string");
  }
}
