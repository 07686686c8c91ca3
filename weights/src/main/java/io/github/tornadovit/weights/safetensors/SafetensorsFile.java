package io.github.tornadovit.weights.safetensors;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.file.GitLfsPointer;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * An opened safetensors file: tensors as views over its mapping, which the folder's arena owns.
 *
 * @param bytes size of the file
 * @param metadata the content of {@code __metadata__}
 * @param tensors by name, in the order of their data
 */
public record SafetensorsFile(
    long bytes, Map<String, String> metadata, SequencedMap<String, TensorView> tensors) {

  /** Maps a file and checks it; reads the header only. */
  public static SafetensorsFile open(CheckpointFolder folder, String file) {
    MemorySegment bytes = folder.map(file);
    GitLfsPointer.refuse(bytes, folder.where(file));
    SafetensorsHeader header = SafetensorsHeader.parse(bytes, folder.where(file));
    MemorySegment data = bytes.asSlice(header.dataStart());
    SequencedMap<String, TensorView> tensors = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      MemorySegment slice = data.asSlice(entry.begin(), entry.end() - entry.begin());
      tensors.put(
          entry.name(), TensorView.of(entry.name(), file, entry.dtype(), entry.shape(), slice));
    }
    return new SafetensorsFile(bytes.byteSize(), header.metadata(), tensors);
  }
}
