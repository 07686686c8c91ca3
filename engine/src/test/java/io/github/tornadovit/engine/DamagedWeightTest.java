package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A value that is not finite among the weights: the error says in which tensor. */
class DamagedWeightTest {
  private static final String DAMAGED = "vit.encoder.layer.1.output.dense.weight";

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "INT8"})
  void theTensorIsNamed(Precision precision, @TempDir Path folder) throws IOException {
    ChangedCheckpoint.write(
        folder,
        (tensor, shape, values) -> {
          if (tensor.equals(DAMAGED)) {
            values[Math.toIntExact(shape.extent(1)) + 3] = Float.NaN;
          }
          return values;
        });
    ModelOptions options =
        ModelOptions.defaults().withBackend(BackendChoice.CPU).withPrecision(precision);
    try (VisionModel model = VisionModel.load(folder, options)) {
      Path image = Path.of("../weights/demo/images/with_mask/9000031.jpg");
      assertThatThrownBy(() -> model.classify(image))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("that it computes hold NaN: its weight '" + DAMAGED + " [")
          .hasMessageContaining("]' holds NaN at [1, 3]; get the checkpoint again");
    }
  }
}
