package io.github.tornadovit.fuzz;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.pytorch.PytorchFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * A {@code pytorch_model.bin} of either form, as it is and, if it is a zip, once more with its
 * checksums corrected: a fuzzer does not guess them, whoever means harm writes them.
 */
final class PytorchFileTarget implements FuzzTarget {
  private static final String FILE = "pytorch_model.bin";

  private final Scratch scratch = Scratch.create();

  @Override
  public void read(byte[] input) throws IOException {
    byte[] corrected = ZipChecksums.corrected(input);
    if (!Arrays.equals(corrected, input)) {
      try {
        open(input);
      } catch (CheckpointException damaged) {
        // As it should be, more often than not.
      }
    }
    open(corrected);
  }

  private void open(byte[] input) throws IOException {
    scratch.write(FILE, input);
    // Checksums are verified by several threads.
    try (Arena arena = Arena.ofShared()) {
      CheckpointFolder folder = new CheckpointFolder(scratch.folder(), "input", arena);
      Tensors.touch(PytorchFile.open(folder, FILE).tensors());
    }
  }
}
