package io.github.tornadovit.benchmarks.model;

import io.github.tornadovit.weights.config.VisionConfig;
import org.jspecify.annotations.Nullable;

/**
 * Samples per second of evaluation as a model card publishes them: by transformers' Trainer,
 * loading of data included, on hardware that the card does not name.
 *
 * @param card whose
 */
public record PublishedRate(String card, double samplesPerSecond) {
  private static final PublishedRate VIT_BASE =
      new PublishedRate("model card of a fine-tuned ViT-base", 97.685);
  private static final PublishedRate BEIT_BASE =
      new PublishedRate("model card of a fine-tuned BEiT-base", 18.629);

  /** The rate for a model of this size, or null if none is published. */
  public static @Nullable PublishedRate of(VisionConfig config) {
    boolean base =
        config.hiddenSize() == 768
            && config.layers() == 12
            && config.imageSize().equals(new VisionConfig.Extent(224, 224))
            && config.patchSize().equals(new VisionConfig.Extent(16, 16));
    if (!base) {
      return null;
    }
    return switch (config.architecture().type()) {
      case "vit" -> VIT_BASE;
      case "beit" -> BEIT_BASE;
      default -> null;
    };
  }
}
