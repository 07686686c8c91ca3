package io.github.tornadovit.engine;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The demo ViT with other values in its tensors. */
final class ChangedCheckpoint {
  private static final Path DEMO = Path.of("../weights/demo/vit");

  private ChangedCheckpoint() {}

  /** Gives a tensor its values, which may be those that it had, changed. */
  @FunctionalInterface
  interface Change {
    float[] of(String tensor, Shape shape, float[] values);
  }

  /** Writes the checkpoint into an empty folder. */
  static void write(Path folder, Change change) throws IOException {
    for (String file : List.of("config.json", "preprocessor_config.json")) {
      Files.copy(DEMO.resolve(file), folder.resolve(file));
    }
    try (Checkpoint checkpoint = Checkpoint.open(DEMO);
        OutputStream file = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      List<SafetensorsWriter.Tensor> tensors =
          checkpoint.tensors().values().stream()
              .map(
                  tensor ->
                      new SafetensorsWriter.Tensor(
                          tensor.name(),
                          tensor.shape(),
                          change.of(tensor.name(), tensor.shape(), tensor.toArray())))
              .toList();
      SafetensorsWriter.write(file, Map.of("format", "pt"), tensors);
    }
  }
}
