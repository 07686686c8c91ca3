package io.github.tornadovit.weights.config;

import io.github.tornadovit.weights.config.PreprocessorConfig.CenterCrop;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.List;

/**
 * timm's transform for evaluation ({@code transforms_imagenet_eval}): a rule that gives the steps
 * of {@link PreprocessorConfig} for an image size.
 *
 * @param cropFraction {@code crop_pct}: the part of the resized image that the crop keeps, along
 *     each axis
 * @param cropMode how the resized image relates to the crop, {@code crop_mode}
 * @param interpolation the filter
 * @param normalize {@code mean} and {@code std}
 */
public record TimmTransform(
    double cropFraction, CropMode cropMode, Resampling interpolation, Normalize normalize) {

  /** The values of {@code crop_mode}. */
  public enum CropMode {
    /** The image covers the crop and loses what sticks out. */
    CENTER,
    /** The image takes the aspect ratio of the crop. */
    SQUASH,
    /** The image is held by the crop, in a border of the mean colour. */
    BORDER
  }

  /**
   * The steps that end at a size.
   *
   * @param notes of the configuration
   */
  public PreprocessorConfig endingAt(Extent size, List<String> notes) {
    Extent scaled = new Extent(scaled(size.height()), scaled(size.width()));
    return new PreprocessorConfig(
        resize(scaled),
        new CenterCrop(size, CenterCrop.Margin.TORCHVISION, fill()),
        1.0 / 255,
        normalize,
        notes,
        this);
  }

  private int scaled(int side) {
    return Math.max(1, (int) Math.floor(side / cropFraction));
  }

  private Resize resize(Extent scaled) {
    return switch (cropMode) {
      case SQUASH -> new Resize(new ResizeTarget.Exact(scaled), interpolation);
      case BORDER -> new Resize(new ResizeTarget.Within(scaled), interpolation);
      case CENTER ->
          scaled.height() == scaled.width()
              ? new Resize(new ResizeTarget.ShortestEdge(scaled.height()), interpolation)
              // timm gives this one no filter, whatever the configuration says: its default is
              // taken.
              : new Resize(new ResizeTarget.Covering(scaled), Resampling.BILINEAR);
    };
  }

  private List<Integer> fill() {
    return normalize.mean().stream()
        .map(mean -> cropMode == CropMode.BORDER ? (int) Math.rint(255 * mean) : 0)
        .map(level -> Math.clamp(level, 0, 255))
        .toList();
  }
}
