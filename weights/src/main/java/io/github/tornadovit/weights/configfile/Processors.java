package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.layout.CheckpointFiles;
import org.jspecify.annotations.Nullable;

/** Finds the file of a checkpoint's image processor. */
public final class Processors {
  private static final String NESTED = "image_processor";

  private Processors() {}

  /**
   * The {@code image_processor} in {@code processor_config.json}, else {@code
   * preprocessor_config.json}, else null: the order of transformers 5.
   */
  public static @Nullable JsonObject find(CheckpointFolder folder) {
    if (folder.has(CheckpointFiles.PROCESSOR)) {
      JsonObject processor = JsonObject.read(folder, CheckpointFiles.PROCESSOR);
      if (processor.holds(NESTED)) {
        return processor.object(NESTED);
      }
    }
    return folder.has(CheckpointFiles.PREPROCESSOR)
        ? JsonObject.read(folder, CheckpointFiles.PREPROCESSOR)
        : null;
  }
}
