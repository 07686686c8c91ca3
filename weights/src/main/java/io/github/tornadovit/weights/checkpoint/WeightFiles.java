package io.github.tornadovit.weights.checkpoint;

import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.pytorch.PytorchFile;
import io.github.tornadovit.weights.safetensors.SafetensorsFile;
import io.github.tornadovit.weights.tensor.TensorView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files of weights in a folder, in the order in which transformers looks: {@code
 * model.safetensors}, its index, {@code pytorch_model.bin}, its index.
 */
final class WeightFiles {
  static final int MAX_SHARDS = 1000;

  private static final String SAFETENSORS = ".safetensors";
  private static final String BIN = ".bin";
  private static final String INDEX = ".index.json";
  private static final List<String> MAIN = List.of("model" + SAFETENSORS, "pytorch_model" + BIN);

  private final CheckpointFolder folder;
  private final List<WeightFile> files = new ArrayList<>();
  private final SequencedMap<String, TensorView> tensors = new TreeMap<>();

  private WeightFiles(CheckpointFolder folder) {
    this.folder = folder;
  }

  /** Opens the first form that is there, all its shards included. */
  static WeightFiles open(CheckpointFolder folder) {
    WeightFiles weights = new WeightFiles(folder);
    for (String main : MAIN) {
      if (folder.has(main)) {
        weights.add(main);
        return weights;
      }
      if (folder.has(main + INDEX)) {
        weights.addShards(main + INDEX, main.endsWith(BIN) ? BIN : SAFETENSORS);
        return weights;
      }
    }
    throw new CheckpointException(
        folder.name(),
        "has no weights, expected model.safetensors or pytorch_model.bin, or the .index.json of one;"
            + " TensorFlow and Flax weights are not read");
  }

  List<WeightFile> files() {
    return files;
  }

  SequencedMap<String, TensorView> tensors() {
    return tensors;
  }

  private void add(String file) {
    SequencedMap<String, TensorView> added;
    if (file.endsWith(BIN)) {
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

  private void addShards(String index, String suffix) {
    JsonObject map = JsonObject.read(folder, index).object("weight_map");
    SequencedMap<String, String> shardOf = map.entries();
    Set<String> shards = new LinkedHashSet<>(shardOf.values());
    if (shards.isEmpty() || shards.size() > MAX_SHARDS) {
      throw new CheckpointException(
          map.where(),
          "key 'weight_map' names %d files, expected 1 to %d".formatted(shards.size(), MAX_SHARDS));
    }
    for (String shard : shards) {
      if (!CheckpointFolder.isPlainName(shard) || !shard.endsWith(suffix)) {
        throw new CheckpointException(
            map.where(),
            "key 'weight_map' names the file '%s', expected one of the folder that ends in %s"
                .formatted(shard, suffix));
      }
      if (!folder.has(shard)) {
        throw new CheckpointException(
            map.where(), "names the file '%s', which is not in the folder".formatted(shard));
      }
      add(shard);
    }
    shardOf.forEach(
        (name, shard) -> {
          TensorView tensor = tensors.get(name);
          if (tensor == null || !tensor.source().equals(shard)) {
            throw new CheckpointException(
                map.where(), "tensor '%s' is not in %s, as it says".formatted(name, shard));
          }
        });
  }
}
