package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.Chunks;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.file.GitLfsPointer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.SequencedMap;

/**
 * An opened {@code pytorch_model.bin}: tensors as views over its mapping, which the folder's arena
 * owns.
 *
 * @param format {@code "pytorch zip"} or {@code "pytorch legacy"}
 * @param bytes size of the file
 * @param tensors by name, in the order of the state dict
 */
public record PytorchFile(String format, long bytes, SequencedMap<String, TensorView> tensors) {
  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};
  private static final byte[] TAR_MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);
  private static final int TAR_MAGIC_OFFSET = 257;
  private static final byte PICKLE_PROTOCOL = (byte) 0x80;

  /** Maps a file, finds out its form and checks it. Reads all bytes of a zip, for their CRCs. */
  public static PytorchFile open(CheckpointFolder folder, String file) {
    MemorySegment bytes = folder.map(file);
    String where = folder.where(file);
    GitLfsPointer.refuse(bytes, where);
    if (Chunks.startsWith(bytes, 0, ZIP_MAGIC)) {
      return new PytorchFile("pytorch zip", bytes.byteSize(), TorchZip.tensors(bytes, file, where));
    }
    if (Chunks.startsWith(bytes, 0, LegacyTorch.MAGIC)) {
      return new PytorchFile(
          "pytorch legacy", bytes.byteSize(), LegacyTorch.tensors(bytes, file, where));
    }
    throw new CheckpointException(where, reason(bytes));
  }

  private static String reason(MemorySegment bytes) {
    if (bytes.byteSize() == 0) {
      return "is empty";
    }
    if (Chunks.startsWith(bytes, TAR_MAGIC_OFFSET, TAR_MAGIC)) {
      return "is in the tar form that torch wrote before 2017; load it there and save it again";
    }
    if (bytes.get(ValueLayout.JAVA_BYTE, 0) == PICKLE_PROTOCOL) {
      return "is a pickle, but not one that torch.save wrote; refused";
    }
    return "begins neither like a zip nor like an old file of torch.save";
  }
}
