package io.github.tornadovit.weights.checkpoint;

import java.util.Map;

/**
 * One file of weights in a checkpoint folder.
 *
 * @param name its name in the folder
 * @param format {@code "safetensors"}, {@code "pytorch zip"} or {@code "pytorch legacy"}
 * @param bytes its size
 * @param metadata what a safetensors file says of itself; empty for the other formats
 */
public record WeightFile(String name, String format, long bytes, Map<String, String> metadata) {
  public WeightFile {
    metadata = Map.copyOf(metadata);
  }
}
