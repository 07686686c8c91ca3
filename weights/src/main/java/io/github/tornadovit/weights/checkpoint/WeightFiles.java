package io.github.tornadovit.weights.checkpoint;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.layout.ShardIndex;
import io.github.tornadovit.weights.layout.WeightForm;
import io.github.tornadovit.weights.layout.WrongFolder;
import io.github.tornadovit.weights.pytorch.PytorchFile;
import io.github.tornadovit.weights.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The files of weights in a folder: those of the first {@link WeightForm} that is there. */
final class WeightFiles {
  private final CheckpointFolder folder;
  private final List<WeightFile> files = new ArrayList<>();
  private final SequencedMap<String, TensorView> tensors = new TreeMap<>();

  private WeightFiles(CheckpointFolder folder) {
    this.folder = folder;
  }

  /**
   * Opens the first form that is there, all its shards included.
   *
   * @param path of the folder, to say what is there if that is nothing of the kind
   */
  static WeightFiles open(CheckpointFolder folder, Path path) {
    WeightFiles weights = new WeightFiles(folder);
    for (WeightForm form : WeightForm.values()) {
      if (folder.has(form.file())) {
        if (form.isSharded()) {
          weights.addShards(ShardIndex.read(folder, form));
        } else {
          weights.add(form.file());
        }
        return weights;
      }
    }
    throw WrongFolder.withoutWeights(path, folder.name());
  }

  List<WeightFile> files() {
    return files;
  }

  SequencedMap<String, TensorView> tensors() {
    return tensors;
  }

  private void add(String file) {
    SequencedMap<String, TensorView> added;
    if (file.endsWith(WeightForm.PYTORCH.suffix())) {
      PytorchFile opened = PytorchFile.open(folder, file);
      files.add(new WeightFile(file, opened.format(), opened.bytes(), Map.of()));
      added = opened.tensors();
    } else {
      SafetensorsFile opened = SafetensorsFile.open(folder, file);
      files.add(new WeightFile(file, "safetensors", opened.bytes(), opened.metadata()));
      added = opened.tensors();
    }
    added.forEach(
        (name, tensor) -> {
          TensorView known = tensors.put(name, tensor);
          if (known != null) {
            throw new CheckpointException(
                folder.where(file), "tensor '%s' is also in %s".formatted(name, known.source()));
          }
        });
  }

  private void addShards(ShardIndex index) {
    for (String shard : index.shards()) {
      if (!folder.has(shard)) {
        throw new CheckpointException(
            index.where(),
            "names the file '%s', which is not in the folder; download or copy all of its files"
                .formatted(shard));
      }
      add(shard);
    }
    index
        .shardOf()
        .forEach(
            (name, shard) -> {
              TensorView tensor = tensors.get(name);
              if (tensor == null || !tensor.source().equals(shard)) {
                throw new CheckpointException(
                    index.where(), "tensor '%s' is not in %s, as it says".formatted(name, shard));
              }
            });
  }
}
