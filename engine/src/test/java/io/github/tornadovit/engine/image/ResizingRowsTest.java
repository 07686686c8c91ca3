package io.github.tornadovit.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.image.codec.Turn;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.CenterCrop;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.ResizeTarget;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A picture that is resized while it comes row by row is the one that is resized as a whole. */
class ResizingRowsTest {
  private static final Extent[] SIZES = {
    new Extent(7, 5), new Extent(40, 3), new Extent(3, 40), new Extent(23, 31), new Extent(1, 1)
  };

  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new Random(width * 31L + height).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }

  /** Turned as EXIF says it in words: what {@code ImageOps.exif_transpose} does. */
  private static RgbImage turned(RgbImage image, int code) {
    int width = image.width();
    int height = image.height();
    boolean transposed = code >= 5 && code <= 8;
    int newWidth = transposed ? height : width;
    int newHeight = transposed ? width : height;
    byte[] source = image.pixels();
    byte[] rgb = new byte[source.length];
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        int[] from =
            switch (code) {
              case 2 -> new int[] {width - 1 - x, y};
              case 3 -> new int[] {width - 1 - x, height - 1 - y};
              case 4 -> new int[] {x, height - 1 - y};
              case 5 -> new int[] {y, x};
              case 6 -> new int[] {y, height - 1 - x};
              case 7 -> new int[] {width - 1 - y, height - 1 - x};
              case 8 -> new int[] {width - 1 - y, x};
              default -> new int[] {x, y};
            };
        System.arraycopy(source, (from[1] * width + from[0]) * 3, rgb, (y * newWidth + x) * 3, 3);
      }
    }
    return RgbImage.of(newWidth, newHeight, rgb);
  }

  @ParameterizedTest
  @EnumSource
  void everyTurnAndSize(Resampling resampling) {
    PillowResize resize = new PillowResize(resampling);
    RgbImage image = noise(23, 31);
    for (int code = 0; code <= 9; code++) {
      RgbImage whole = turned(image, code);
      WholeImage collected = new WholeImage();
      collected.picture(image.picture(), code);
      assertThat(collected.image().pixels()).isEqualTo(whole.pixels());
      for (Extent size : SIZES) {
        Turn turn = Turn.of(image.width(), image.height(), code);
        ResizingRows rows = resize.rows(turn, size);
        for (int y = 0; y < image.height(); y++) {
          rows.row(y, image.pixels(), y * image.width() * 3);
        }
        assertThat(rows.result().pixels())
            .as("orientation %d to %s", code, size)
            .isEqualTo(resize.resize(whole, size.width(), size.height()).pixels());
      }
    }
  }

  /** Every file of the goldens, whose decoded pixels and resizes are compared with Pillow's. */
  @Test
  void filesAreSeenAsTheirDecodedImages() throws IOException {
    ImageDecoder decoder = new ImageDecoder();
    List<Preprocessor> preprocessors = new ArrayList<>();
    Extent size = new Extent(24, 20);
    Resize exact = new Resize(new ResizeTarget.Exact(size), Resampling.BICUBIC);
    Resize shortest = new Resize(new ResizeTarget.ShortestEdge(30), Resampling.LANCZOS);
    preprocessors.add(new Preprocessor(config(exact, null), 3, size));
    preprocessors.add(new Preprocessor(config(exact, null), 1, size));
    preprocessors.add(new Preprocessor(config(shortest, size), 3, size));
    preprocessors.add(new Preprocessor(config(null, size), 3, size));
    List<Path> files;
    try (Stream<Path> all = Files.list(Golden.path("images/decode"))) {
      files = all.sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(50);
    int compared = 0;
    for (Path file : files) {
      RgbImage whole;
      try {
        whole = decoder.decode(file);
      } catch (ImageException refused) {
        continue;
      }
      for (Preprocessor preprocessor : preprocessors) {
        assertThat(preprocessor.view(decoder, file).pixels())
            .as(file.toString())
            .isEqualTo(preprocessor.view(whole).pixels());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(4 * 50);
  }

  private static PreprocessorConfig config(@Nullable Resize resize, @Nullable Extent crop) {
    return new PreprocessorConfig(
        resize, crop == null ? null : new CenterCrop(crop), 1 / 255.0, null, List.of());
  }
}
