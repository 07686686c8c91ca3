package io.github.tornadovit.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.cli.Main;
import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.testing.OtherJvm;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Photographs that are larger than the heap, and what does not go through a small one. */
class LargeImagesTest {
  @TempDir private Path folder;

  private Path jpeg(String name, int width, int height, int components, int orientation)
      throws IOException {
    return Files.write(folder.resolve(name), FlatJpeg.of(width, height, components, orientation));
  }

  private static OtherJvm classify(List<Path> images) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("classify", "--backend", "cpu", "--format", "csv", "--top-k", "1"));
    images.forEach(image -> arguments.add(image.toString()));
    return OtherJvm.run(Main.class, List.of("-Xmx96m"), arguments);
  }

  @Test
  void photographsLargerThanTheHeapAreAnswered() throws Exception {
    List<Path> images = new ArrayList<>();
    images.add(jpeg("small.jpg", 40, 30, 3, 1));
    images.add(jpeg("108-megapixels.jpg", 12_000, 9_000, 1, 1));
    images.add(jpeg("108-megapixels-turned.jpg", 12_000, 9_000, 1, 6));
    for (int orientation = 1; orientation <= 8; orientation++) {
      images.add(jpeg("24-megapixels-" + orientation + ".jpg", 6_000, 4_000, 3, orientation));
    }
    OtherJvm ran = classify(images);
    assertThat(ran.exitCode()).as(ran.toString()).isZero();
    // All are of one gray, and so are their answers.
    assertThat(ran.out().lines().skip(1).map(line -> line.substring(line.indexOf(','))).distinct())
        .as(ran.toString())
        .hasSize(1);
    assertThat(ran.out().lines()).hasSize(1 + images.size());
  }

  @Test
  void anImageThatTheHeapDoesNotHoldCostsItselfAlone() throws Exception {
    Path large = folder.resolve("large.png");
    BufferedImage bits = new BufferedImage(12_000, 9_000, BufferedImage.TYPE_BYTE_BINARY);
    ImageIO.write(bits, "png", large.toFile());
    OtherJvm ran =
        classify(List.of(jpeg("a.jpg", 64, 64, 3, 1), large, jpeg("b.jpg", 64, 64, 3, 1)));
    assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(1);
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).as(ran.toString()).hasSize(4);
    assertThat(lines.get(1)).contains("a.jpg,1,").endsWith(",");
    assertThat(lines.get(2))
        .contains("large.png", "-Xmx")
        .containsPattern("needs more memory than is left of 9\\d MiB of heap");
    assertThat(lines.get(3)).contains("b.jpg,1,").endsWith(",");
    assertThat(ran.err()).contains("1 of 3 images could not be read");
  }

  @Test
  void theLimitIsPillowsAndSaysWhatRaisesIt() throws IOException {
    Path above = jpeg("above.jpg", 17_895, 10_001, 1, 1);
    assertThatThrownBy(() -> new ImageDecoder().decode(above))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("17895x10001 pixels, more than the limit of 178956970")
        .hasMessageContaining("--max-pixels");
    assertThat(17_895L * 10_001).isGreaterThan(ImageDecoder.DEFAULT_MAX_PIXELS);
    assertThat(17_895L * 10_000).isLessThan(ImageDecoder.DEFAULT_MAX_PIXELS);
  }
}
