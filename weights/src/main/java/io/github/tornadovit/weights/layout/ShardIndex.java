package io.github.tornadovit.weights.layout;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The index of a checkpoint in several files: the file of each tensor.
 *
 * @param where the index, for messages
 * @param shardOf file by tensor, every file of the same folder and of the index's form
 */
public record ShardIndex(String where, SequencedMap<String, String> shardOf) {
  static final int MAX_SHARDS = 1000;

  /**
   * Reads the index of a folder.
   *
   * @throws CheckpointException if it is malformed, or names a file that is none of the folder
   */
  public static ShardIndex read(CheckpointFolder folder, WeightForm form) {
    JsonObject map = JsonObject.read(folder, form.file()).object("weight_map");
    ShardIndex index = new ShardIndex(map.where(), map.entries());
    Set<String> shards = index.shards();
    if (shards.isEmpty() || shards.size() > MAX_SHARDS) {
      throw new CheckpointException(
          map.where(),
          "key 'weight_map' names %d files, expected 1 to %d".formatted(shards.size(), MAX_SHARDS));
    }
    for (String shard : shards) {
      if (!CheckpointFolder.isPlainName(shard) || !shard.endsWith(form.suffix())) {
        throw new CheckpointException(
            map.where(),
            "key 'weight_map' names the file '%s', expected one of the folder that ends in %s"
                .formatted(shard, form.suffix()));
      }
    }
    return index;
  }

  /** The files, in the order of the index. */
  public Set<String> shards() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(shardOf.values()));
  }
}
