package io.github.tornadovit.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.testing.Golden.Tensor;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every pixel of every filter and size equals Pillow's. */
class PillowResizeTest {
  @TestFactory
  Stream<DynamicTest> equalsPillow() throws IOException {
    Golden tensors = Golden.read(Golden.path("images/resize.safetensors"));
    return tensors.names().stream()
        .filter(key -> key.startsWith("dst/"))
        .map(key -> DynamicTest.dynamicTest(key, () -> check(key, tensors)));
  }

  private static void check(String key, Golden tensors) {
    String[] parts = key.split("/", -1);
    String[] size = parts[3].split("x", -1);
    Resampling resampling = Resampling.valueOf(parts[2].toUpperCase(Locale.ROOT));
    RgbImage source = image(tensors.tensor("src/" + parts[1]));
    RgbImage resized =
        new PillowResize(resampling)
            .resize(source, Integer.parseInt(size[0]), Integer.parseInt(size[1]));
    assertThat(resized).hasToString(parts[3]);
    assertThat(resized.pixels()).isEqualTo(tensors.tensor(key).bytes());
  }

  static RgbImage image(Tensor tensor) {
    return RgbImage.of(tensor.shape()[1], tensor.shape()[0], tensor.bytes());
  }

  @Test
  void keepsAnImageOfTheTargetSize() {
    RgbImage image = RgbImage.of(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    assertThat(new PillowResize(Resampling.BICUBIC).resize(image, 2, 1)).isSameAs(image);
  }
}
