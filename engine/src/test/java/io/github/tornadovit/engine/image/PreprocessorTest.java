package io.github.tornadovit.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.testing.Golden.Tensor;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.CenterCrop;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.ResizeTarget;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every bit of the pixel values equals what transformers' PIL-backed processors return. The configs
 * are written out here as they are to be understood; that the files mean them is the weights
 * module's test.
 */
class PreprocessorTest {
  private static final double UNIT = 1 / 255.0;
  private static final Normalize HALF = same(0.5, 0.5);
  private static final Normalize IMAGENET =
      new Normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  private static final Normalize CLIP =
      new Normalize(
          List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711));
  private static final Resize SQUARE = to(24, 24, Resampling.BILINEAR);

  private static final Map<String, PreprocessorConfig> CASES =
      Map.ofEntries(
          Map.entry("vit-5x", config(SQUARE, null, UNIT, HALF)),
          Map.entry("vit-rectangle", config(to(20, 28, Resampling.BILINEAR), null, UNIT, HALF)),
          Map.entry("vit-shortest-edge", config(edge(24, 0), null, UNIT, HALF)),
          Map.entry("vit-shortest-and-longest-edge", config(edge(24, 30), null, UNIT, HALF)),
          Map.entry("vit-no-resize", config(null, null, UNIT, HALF)),
          Map.entry("vit-no-rescale", config(SQUARE, null, null, HALF)),
          Map.entry("vit-no-normalize", config(SQUARE, null, UNIT, null)),
          Map.entry("vit-scalar-mean", config(SQUARE, null, UNIT, same(0.4, 0.3))),
          Map.entry("vit-other-rescale", config(SQUARE, null, 1 / 127.5, same(1, 1))),
          Map.entry("vit-clip-mean", config(SQUARE, null, UNIT, CLIP)),
          Map.entry("vit-nearest", config(to(24, 24, Resampling.NEAREST), null, UNIT, HALF)),
          Map.entry("vit-lanczos", config(to(24, 24, Resampling.LANCZOS), null, UNIT, HALF)),
          Map.entry("vit-box", config(to(24, 24, Resampling.BOX), null, UNIT, HALF)),
          Map.entry("vit-hamming", config(to(24, 24, Resampling.HAMMING), null, UNIT, HALF)),
          Map.entry("vit-nested", config(to(24, 24, Resampling.BICUBIC), null, UNIT, HALF)),
          Map.entry("vit-center-crop", config(edge(25, 0), new Extent(24, 23), UNIT, HALF)),
          Map.entry(
              "bit-dinov2",
              config(edge(29, 0, Resampling.BICUBIC), new Extent(24, 24), UNIT, IMAGENET)),
          Map.entry(
              "clip-old", config(edge(24, 0, Resampling.BICUBIC), new Extent(24, 24), UNIT, CLIP)),
          Map.entry("siglip", config(SQUARE, null, UNIT, HALF)),
          Map.entry("beit-old", config(SQUARE, null, UNIT, HALF)),
          Map.entry(
              "beit-center-crop",
              config(to(29, 29, Resampling.BICUBIC), new Extent(24, 24), UNIT, HALF)),
          Map.entry(
              "deit-old",
              config(to(28, 28, Resampling.BICUBIC), new Extent(24, 24), UNIT, IMAGENET)),
          Map.entry(
              "deit-crop-larger",
              config(to(21, 20, Resampling.BICUBIC), new Extent(27, 27), UNIT, IMAGENET)),
          Map.entry(
              "deit-crop-wider",
              config(to(30, 20, Resampling.BICUBIC), new Extent(25, 25), UNIT, IMAGENET)));

  private static PreprocessorConfig config(
      @Nullable Resize resize,
      @Nullable Extent crop,
      @Nullable Double rescale,
      @Nullable Normalize normalize) {
    return new PreprocessorConfig(
        resize, crop == null ? null : new CenterCrop(crop), rescale, normalize, List.of());
  }

  private static Resize to(int height, int width, Resampling resampling) {
    return new Resize(new ResizeTarget.Exact(new Extent(height, width)), resampling);
  }

  private static Resize edge(int shortest, int longest) {
    return edge(shortest, longest, Resampling.BILINEAR);
  }

  private static Resize edge(int shortest, int longest, Resampling resampling) {
    return new Resize(new ResizeTarget.ShortestEdge(shortest, longest), resampling);
  }

  private static Normalize same(double mean, double deviation) {
    return new Normalize(Collections.nCopies(3, mean), Collections.nCopies(3, deviation));
  }

  @TestFactory
  List<DynamicTest> equalsTransformers() throws IOException {
    Golden golden = Golden.read(Golden.path("images/preprocess.safetensors"));
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, PreprocessorConfig> entry : CASES.entrySet()) {
      for (String image : List.of("portrait", "landscape")) {
        String name = entry.getKey() + "/" + image;
        tests.add(
            DynamicTest.dynamicTest(
                name, () -> check(entry.getValue(), image, golden.tensor(name))));
      }
    }
    return tests;
  }

  private static void check(PreprocessorConfig config, String image, Tensor expected) {
    RgbImage picture =
        new ImageDecoder().decode(Golden.path("images/preprocess/" + image + ".png"));
    Extent size = new Extent(expected.shape()[1], expected.shape()[2]);
    Preprocessor preprocessor = new Preprocessor(config, 3, size);
    int offset = 5;
    float[] values = new float[offset + expected.floats().length];
    preprocessor.apply(picture, values, offset);
    for (int i = 0; i < expected.floats().length; i++) {
      assertThat(Float.floatToRawIntBits(values[offset + i]))
          .as("value %d: %s, expected %s", i, values[offset + i], expected.floats()[i])
          .isEqualTo(Float.floatToRawIntBits(expected.floats()[i]));
    }
    assertThat(values).startsWith(0, 0, 0, 0, 0);
  }

  @Test
  void takesLumaForOneChannel() {
    PreprocessorConfig config = config(null, null, null, null);
    Preprocessor preprocessor = new Preprocessor(config, 1, new Extent(1, 3));
    float[] values = new float[3];
    preprocessor.apply(
        RgbImage.of(3, 1, new byte[] {10, 20, 30, (byte) 200, (byte) 200, (byte) 200, -1, 0, 0}),
        values,
        0);
    // (10 * 19595 + 20 * 38470 + 30 * 7471 + 32768) >> 16, and so on.
    assertThat(values).containsExactly(18, 200, 76);
  }

  @Test
  void refusesWhatDoesNotFitTheModel() {
    Extent size = new Extent(24, 24);
    assertThatThrownBy(() -> new Preprocessor(config(SQUARE, null, UNIT, HALF), 4, size))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("num_channels is 4", "expected 3");
    assertThatThrownBy(() -> new Preprocessor(config(SQUARE, null, UNIT, HALF), 1, size))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("image_mean has 3 values", "expected 1");
    assertThatThrownBy(
            () -> new Preprocessor(config(SQUARE, null, UNIT, HALF), 3, new Extent(32, 24)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("24x24", "expected 32x24", "image_size");
    Preprocessor unsized = new Preprocessor(config(null, null, UNIT, HALF), 3, size);
    assertThatThrownBy(
            () -> unsized.apply(RgbImage.of(2, 1, new byte[6]), new float[3 * 24 * 24], 0))
        .isInstanceOf(ImageException.class)
        .hasMessageContainingAll("2x1", "expected 24x24", "image_size");
  }

  @Test
  void refusesWhatTheShortestEdgeWouldMakeTooLarge() {
    Preprocessor preprocessor =
        new Preprocessor(
            config(edge(24, 0), new Extent(24, 24), UNIT, HALF), 3, new Extent(24, 24));
    RgbImage sliver = RgbImage.of(1_000_000, 1, new byte[3_000_000]);
    assertThatThrownBy(() -> preprocessor.apply(sliver, new float[3 * 24 * 24], 0))
        .isInstanceOf(ImageException.class)
        .hasMessageContainingAll("1000000x1", "24000000x24");
  }
}
