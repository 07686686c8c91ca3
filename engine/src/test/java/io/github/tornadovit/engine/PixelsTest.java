package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pixels own their numbers, know their shape, and fit a model or are refused. */
class PixelsTest {
  private static final ModelOptions CPU =
      ModelOptions.defaults().withBackend(BackendChoice.CPU).withBatch(2);
  private static final Path IMAGE = Path.of("../weights/demo/images/with_mask/9000003.jpg");

  private static Pixels numbered(int images, int from) {
    float[] values = new float[images * 6];
    for (int i = 0; i < values.length; i++) {
      values[i] = from + i;
    }
    return Pixels.of(images, 1, 2, 3, values);
  }

  @Test
  void nobodyCanChangeThem() {
    float[] values = {1, 2, 3, 4};
    Pixels pixels = Pixels.of(1, 1, 2, 2, values);
    values[0] = 9;
    pixels.toArray()[1] = 9;
    assertThat(pixels.toArray()).containsExactly(1, 2, 3, 4);
    assertThat(pixels.shape()).isEqualTo(Shape.of(1, 1, 2, 2));
  }

  @Test
  void batchesAreConcatenatedInOrderAndCutFromTheFront() {
    Pixels batch = Pixels.concat(List.of(numbered(2, 0), numbered(1, 12)));
    assertThat(batch.images()).isEqualTo(3);
    assertThat(batch.toArray()).isEqualTo(numbered(3, 0).toArray());
    assertThat(batch.first(2).toArray()).isEqualTo(numbered(2, 0).toArray());
    assertThat(Pixels.concat(List.of(batch.first(1), batch.first(1))).toArray())
        .containsExactly(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
    assertThatThrownBy(() -> batch.first(4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> batch.first(0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> Pixels.of(2, 3, 4, 5, new float[119]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pixels have 119 values, expected 120: [2, 3, 4, 5]");
    assertThatThrownBy(() -> Pixels.of(0, 3, 4, 5, new float[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 3, 4, 5]");
    assertThatThrownBy(() -> Pixels.concat(List.of())).isInstanceOf(IllegalArgumentException.class);
    Pixels wide = Pixels.of(1, 1, 3, 2, new float[6]);
    assertThatThrownBy(() -> Pixels.concat(List.of(numbered(1, 0), wide)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 1, 2, 3] and [1, 1, 3, 2]");
  }

  @Test
  void aModelRefusesThoseOfAnotherSize() {
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, CPU)) {
      Pixels other = Pixels.of(1, 3, 112, 448, new float[3 * 224 * 224]); // As many values.
      for (Runnable call :
          List.<Runnable>of(
              () -> model.classify(other),
              () -> model.session().run(other, Set.of(Stage.LOGITS)),
              () -> model.embed(other, Feature.of(Pooling.CLS)),
              () -> model.attention().layers(other, 0),
              () -> model.attention().rollout(other, AttentionToken.CLS))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("[1, 3, 112, 448], expected [images, 3, 224, 224]");
      }
      Pixels two = Pixels.of(2, 3, 224, 224, new float[2 * 3 * 224 * 224]);
      assertThat(model.classify(two)).hasSize(2);
      assertThatThrownBy(() -> model.attention().layers(two, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("of 2 images, expected 1");
      assertThatThrownBy(() -> model.classify(Pixels.concat(List.of(two, two))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected 1 to 2");
    }
  }

  @Test
  void fromFileImageAndViewTheyAreTheSame() {
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, CPU)) {
      ImageProcessor processor = model.imageProcessor();
      RgbImage image = processor.read(IMAGE);
      float[] expected = processor.pixels(image).toArray();
      assertThat(processor.pixels(IMAGE).toArray()).isEqualTo(expected);
      assertThat(processor.normalize(processor.view(IMAGE)).toArray()).isEqualTo(expected);
      assertThat(processor.pixels(List.of(image, image)).first(1).toArray()).isEqualTo(expected);
      assertThat(model.classify(processor.pixels(IMAGE)).getFirst().logits())
          .isEqualTo(model.classify(List.of(image)).getFirst().logits());
      assertThatThrownBy(() -> processor.normalize(RgbImage.of(2, 1, new byte[6])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2x1 pixels (width x height), expected 224x224");
    }
  }
}
