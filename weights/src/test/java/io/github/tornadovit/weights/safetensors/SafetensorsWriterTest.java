package io.github.tornadovit.weights.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.safetensors.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @Test
  void whatIsWrittenIsReadBack(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.safetensors");
    float[] weight = {1, -2, 3.5f, Float.MIN_VALUE, 0, -0f};
    try (OutputStream target = Files.newOutputStream(file)) {
      SafetensorsWriter.write(
          target,
          Map.of("format", "a \"quoted\" word"),
          List.of(
              new Tensor("weight", Shape.of(2, 3), weight),
              new Tensor("empty", Shape.of(0, 4), new float[0]),
              new Tensor("bias", Shape.of(1), new float[] {7})));
    }
    long header =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
    try (Arena arena = Arena.ofShared()) {
      SafetensorsFile read =
          SafetensorsFile.open(new CheckpointFolder(folder, "folder", arena), "x.safetensors");
      assertThat(read.metadata()).containsExactly(Map.entry("format", "a \"quoted\" word"));
      assertThat(read.tensors().keySet()).containsExactlyInAnyOrder("weight", "empty", "bias");
      TensorView matrix = Objects.requireNonNull(read.tensors().get("weight"));
      assertThat(matrix.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(matrix.toArray()).containsExactly(weight);
      assertThat(Objects.requireNonNull(read.tensors().get("bias")).toArray()).containsExactly(7);
    }
  }

  @Test
  void refusesValuesThatDoNotFitTheShape() {
    assertThatThrownBy(() -> new Tensor("bias", Shape.of(3), new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tensor 'bias' has 2 values, expected 3");
  }
}
