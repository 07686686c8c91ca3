package io.github.tornadovit.weights.layout;

import java.util.List;

/**
 * The names of the files that describe a checkpoint; those of the weights are {@link WeightForm}s.
 */
public final class CheckpointFiles {
  /** What the model is. */
  public static final String CONFIG = "config.json";

  /** What brings images to the model's size, since transformers 5: nested in this file. */
  public static final String PROCESSOR = "processor_config.json";

  /** What brings images to the model's size. */
  public static final String PREPROCESSOR = "preprocessor_config.json";

  /** The files that a checkpoint may have besides config and weights. */
  public static final List<String> OPTIONAL = List.of(PROCESSOR, PREPROCESSOR);

  private CheckpointFiles() {}
}
