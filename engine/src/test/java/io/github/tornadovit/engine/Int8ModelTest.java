package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole models in int8, on the held-out drawings: nearly the answers of float32. */
class Int8ModelTest {
  private static final Path DRAWINGS = Path.of("../weights/demo/images");

  /** Logits of these models reach from about -4 to 4. */
  private static final double LARGEST_DIFFERENCE = 0.25;

  private static final ModelOptions CPU = ModelOptions.defaults().withBackend(BackendChoice.CPU);

  private static List<Path> drawings() throws IOException {
    try (Stream<Path> files = Files.walk(DRAWINGS)) {
      return files.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersNearlyAsFloat32(DemoCheckpoint demo) throws IOException {
    try (VisionModel f32 = VisionModel.load(demo, CPU);
        VisionModel int8 = VisionModel.load(demo, CPU.withPrecision(Precision.INT8))) {
      assertNearlyEqual(f32, int8);
    }
  }

  /** Trained models have a few channels that are far larger than the others; these are made so. */
  @Test
  void channelsFarLargerThanTheOthersCostTheOthersNothing(@TempDir Path folder) throws IOException {
    ChangedCheckpoint.write(folder, Int8ModelTest::withOutliers);
    try (VisionModel f32 = VisionModel.load(folder, CPU);
        VisionModel int8 = VisionModel.load(folder, CPU.withPrecision(Precision.INT8))) {
      assertNearlyEqual(f32, int8);
    }
  }

  /** Channels of every norm, and rows of every first MLP layer, 64 times; their columns divided. */
  private static float[] withOutliers(String name, Shape shape, float[] values) {
    boolean writes = name.contains("layernorm_") || name.contains("intermediate");
    boolean reads = name.matches(".*(query|key|value|intermediate|[0-9].output).*weight");
    int columns = Math.toIntExact(shape.extent(shape.rank() - 1));
    for (int i = 0; i < values.length; i++) {
      int output = shape.rank() == 1 ? i : i / columns;
      if (writes && output % 50 == 7) {
        values[i] *= 64;
      }
      if (reads && i % columns % 50 == 7) {
        values[i] /= 64;
      }
    }
    return values;
  }

  private static void assertNearlyEqual(VisionModel f32, VisionModel int8) throws IOException {
    List<RgbImage> images = drawings().stream().map(f32.imageProcessor()::read).toList();
    List<Classification> exact = f32.classify(images);
    List<Classification> coarse = int8.classify(images);
    int same = 0;
    double worst = 0;
    for (int i = 0; i < images.size(); i++) {
      same += exact.get(i).top().label().equals(coarse.get(i).top().label()) ? 1 : 0;
      for (int label = 0; label < exact.get(i).logits().length; label++) {
        double difference = coarse.get(i).logits()[label] - exact.get(i).logits()[label];
        worst = Math.max(worst, Math.abs(difference));
      }
    }
    assertThat(images).hasSize(100);
    assertThat(same).as("equal labels").isGreaterThanOrEqualTo(99);
    assertThat(worst).as("largest difference of a logit").isBetween(1e-4, LARGEST_DIFFERENCE);
  }

  @Test
  void theResultNamesPrecisionAndInstructions() {
    try (VisionModel model =
        VisionModel.load(
            DemoCheckpoint.VIT, ModelOptions.defaults().withPrecision(Precision.INT8))) {
      assertThat(model.session().device().backend()).isEqualTo("cpu");
      assertThat(model.session().device().name()).startsWith("int8: ");
      assertThat(model.session().reason()).isEqualTo("auto: int8 runs on the cpu");
    }
  }

  @Test
  void devicesOfTornadoVmHaveNoInt8() {
    ModelOptions tornado = ModelOptions.defaults().withBackend(BackendChoice.TORNADO);
    assertThatThrownBy(() -> tornado.withPrecision(Precision.INT8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use backend cpu, or precision f32");
    assertThatThrownBy(
            () -> ModelOptions.defaults().withDevice("gpu").withPrecision(Precision.INT8))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The reference's float32 parts differ in the last places, so a code may differ by one. */
  @Test
  void theReferenceAgrees() throws IOException {
    ModelOptions reference = CPU.withBackend(BackendChoice.REFERENCE).withPrecision(Precision.INT8);
    Path drawing = drawings().getFirst();
    try (VisionModel cpu = VisionModel.load(DemoCheckpoint.VIT, CPU.withPrecision(Precision.INT8));
        VisionModel oracle = VisionModel.load(DemoCheckpoint.VIT, reference)) {
      float[] got = cpu.classify(drawing).logits();
      float[] expected = oracle.classify(drawing).logits();
      for (int label = 0; label < got.length; label++) {
        assertThat(Math.abs(got[label] - expected[label])).isLessThan(0.02f);
      }
    }
  }
}
