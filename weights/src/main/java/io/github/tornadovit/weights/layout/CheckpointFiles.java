package io.github.tornadovit.weights.layout;

import java.util.List;

/**
 * The names of the files that describe a checkpoint; those of the weights are {@link WeightForm}s.
 */
public final class CheckpointFiles {
  /** The model's configuration. */
  public static final String CONFIG = "config.json";

  /** The preprocessing since transformers 5, nested in this file. */
  public static final String PROCESSOR = "processor_config.json";

  /** The preprocessing. */
  public static final String PREPROCESSOR = "preprocessor_config.json";

  /** The files that a checkpoint may have besides config and weights. */
  public static final List<String> OPTIONAL = List.of(PROCESSOR, PREPROCESSOR);

  private CheckpointFiles() {}
}
