package io.github.tornadovit.engine;

import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import org.jspecify.annotations.Nullable;

/**
 * The image size that a model runs at.
 *
 * @param size of the pixels
 * @param preprocessing that ends there
 */
public record ImageSize(Extent size, PreprocessorConfig preprocessing) {
  /** Far above any model in use; memory grows with its fourth power. */
  private static final long MAX_PATCHES = 1 << 18;

  /**
   * The size asked for, else the one that transformers would run at: the preprocessor's where the
   * architecture interpolates its positions unasked, else {@code image_size}.
   *
   * @param asked null for what the checkpoint says
   * @throws IllegalArgumentException if the size asked for does not hold one patch, or so many that
   *     no array holds the position biases
   */
  public static ImageSize of(Checkpoint checkpoint, @Nullable Extent asked) {
    VisionConfig config = checkpoint.config();
    PreprocessorConfig preprocessing = checkpoint.preprocessor();
    Extent end = preprocessing.end();
    if (asked != null) {
      check(config.withImageSize(asked));
      return new ImageSize(asked, preprocessing.endingAt(asked));
    }
    if (end != null && config.geometry().anySize()) {
      check(config.withImageSize(end));
      return new ImageSize(end, preprocessing);
    }
    return new ImageSize(config.imageSize(), preprocessing);
  }

  private static void check(VisionConfig config) {
    Extent grid = config.grid();
    if (grid.height() < 1 || grid.width() < 1) {
      throw new IllegalArgumentException(
          "image size %s is smaller than a patch, expected at least patch_size=%s"
              .formatted(config.imageSize(), config.patchSize()));
    }
    long patches = (long) grid.height() * grid.width();
    boolean biased = !config.encoder().attention().biasTables().isEmpty();
    double tokens = (double) config.prefixTokens() + patches;
    double biases = biased ? config.heads() * tokens * tokens : 0;
    if (patches > MAX_PATCHES || biases > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "image size %s makes %d patches of %s, more than this model can relate; choose a smaller size"
              .formatted(config.imageSize(), patches, config.patchSize()));
    }
  }
}
