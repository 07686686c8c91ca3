package io.github.tornadovit.fuzz;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.safetensors.SafetensorsFile;
import io.github.tornadovit.weights.safetensors.SafetensorsWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A safetensors file, mapped and read to its values. What was read is written, and must be read
 * again as it was.
 */
final class SafetensorsFileTarget implements FuzzTarget {
  private static final String FILE = "model.safetensors";

  private final Scratch scratch = Scratch.create();

  @Override
  public void read(byte[] input) throws IOException {
    byte[] written;
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    scratch.write(FILE, input);
    try (Arena arena = Arena.ofShared()) {
      SafetensorsFile file = open(arena);
      Tensors.touch(file.tensors());
      for (TensorView tensor : file.tensors().values()) {
        if (tensor.dtype().isFloat()) {
          tensors.add(
              new SafetensorsWriter.Tensor(tensor.name(), tensor.shape(), tensor.toArray()));
        }
      }
      ByteArrayOutputStream target = new ByteArrayOutputStream();
      SafetensorsWriter.write(target, file.metadata(), tensors);
      written = target.toByteArray();
    }
    scratch.write(FILE, written);
    try (Arena arena = Arena.ofShared()) {
      compare(tensors, open(arena));
    }
  }

  private SafetensorsFile open(Arena arena) {
    return SafetensorsFile.open(new CheckpointFolder(scratch.folder(), "input", arena), FILE);
  }

  private static void compare(List<SafetensorsWriter.Tensor> expected, SafetensorsFile file) {
    if (file.tensors().size() != expected.size()) {
      throw new AssertionError("wrote " + expected.size() + ", read " + file.tensors().size());
    }
    for (SafetensorsWriter.Tensor tensor : expected) {
      TensorView again = file.tensors().get(tensor.name());
      if (again == null
          || !again.shape().equals(tensor.shape())
          || !Arrays.equals(bits(again.toArray()), bits(tensor.values()))) {
        throw new AssertionError("wrote " + tensor.name() + ", read " + again);
      }
    }
  }

  /** NaNs are compared by their bits. */
  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
