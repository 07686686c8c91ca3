package io.github.tornadovit.hub;

import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.layout.CheckpointFiles;
import io.github.tornadovit.weights.layout.ShardIndex;
import io.github.tornadovit.weights.layout.WeightForm;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** Selects the files of a model that a checkpoint is made of. */
final class SnapshotFiles {
  /** More than any vision transformer has in one file. */
  static final long MAX_WEIGHT_BYTES = 100L << 30;

  /** A source of files. */
  interface Source {
    /** Whether the model has the file; {@link #bring} has it come then. */
    boolean has(String file, long maxBytes);

    /** The first of some files that the model lacks, if any. */
    default Optional<String> lacking(Collection<String> files, long maxBytes) {
      return files.stream().filter(file -> !has(file, maxBytes)).findFirst();
    }

    /** Puts one of the files that were found into the snapshot. */
    default void bring(String file) {}

    /** Puts all files that were found into the snapshot. */
    default void bring() {}
  }

  private SnapshotFiles() {}

  /**
   * Asks a source for every file that is needed, and for no other.
   *
   * @param snapshot the folder that they come into
   * @param where the model, for messages
   * @throws HubException if the model lacks one
   */
  static void collect(Source source, Path snapshot, String where) {
    require(source, CheckpointFiles.CONFIG, JsonObject.MAX_BYTES, where);
    for (String file : CheckpointFiles.OPTIONAL) {
      boolean _ = source.has(file, JsonObject.MAX_BYTES);
    }
    WeightForm form = weights(source, where);
    if (form.isSharded()) {
      source.bring(form.file());
      source
          .lacking(index(snapshot, form, where).shards(), MAX_WEIGHT_BYTES)
          .ifPresent(
              shard -> {
                throw missing(shard, where);
              });
    }
    source.bring();
  }

  /** The first form that the model has. */
  private static WeightForm weights(Source source, String where) {
    for (WeightForm form : WeightForm.values()) {
      if (source.has(form.file(), form.isSharded() ? JsonObject.MAX_BYTES : MAX_WEIGHT_BYTES)) {
        return form;
      }
    }
    throw new HubException(
        HubException.Reason.FILE_NOT_FOUND,
        "%s: has no weights, expected model.safetensors or pytorch_model.bin, or the .index.json of"
                .formatted(where)
            + " one; TensorFlow, Flax and ONNX weights are not read");
  }

  /** Checks that a commit's files are in the cache, all that {@link #collect} asks for. */
  static void collectCached(HubCache cache, HubModel model, String commit) {
    collect((file, maxBytes) -> cache.has(commit, file), cache.snapshot(commit), model.toString());
  }

  private static void require(Source source, String file, long maxBytes, String where) {
    if (!source.has(file, maxBytes)) {
      throw missing(file, where);
    }
  }

  private static HubException missing(String file, String where) {
    return new HubException(
        HubException.Reason.FILE_NOT_FOUND,
        "%s: has no file %s; is it a checkpoint of transformers or timm?".formatted(where, file));
  }

  private static ShardIndex index(Path snapshot, WeightForm form, String where) {
    try (Arena arena = Arena.ofConfined()) {
      return ShardIndex.read(new CheckpointFolder(snapshot, where, arena), form);
    }
  }
}
