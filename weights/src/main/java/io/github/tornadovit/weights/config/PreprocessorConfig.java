package io.github.tornadovit.weights.config;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps from RGB bytes to pixel values, as {@code preprocessor_config.json} has them, with the
 * defaults of its image processor filled in. The steps run in this order; a {@code null} one is
 * left out.
 *
 * @param resize the resize step
 * @param centerCrop size of the centre crop, padded with zeros where the image is smaller
 * @param rescaleFactor each byte is multiplied by it in float64 and rounded to float32
 * @param normalize subtracts a mean and divides by a deviation per channel, in float32
 * @param notes what was assumed where the file was silent or ambiguous, one sentence each
 */
public record PreprocessorConfig(
    @Nullable Resize resize,
    @Nullable Extent centerCrop,
    @Nullable Double rescaleFactor,
    @Nullable Normalize normalize,
    List<String> notes) {

  /** Pillow's resampling filters, in the order of the codes that files use. */
  public enum Resampling {
    NEAREST,
    LANCZOS,
    BILINEAR,
    BICUBIC,
    BOX,
    HAMMING
  }

  /**
   * A resize to an exact size, or of the shortest edge with the aspect ratio kept.
   *
   * @param size exact target, or null if {@code shortestEdge} is given
   * @param shortestEdge pixels of the shorter side; the longer becomes {@code (int) (shortestEdge *
   *     longer / shorter)}; 0 if {@code size} is given
   * @param longestEdge limit of the longer side in pixels when {@code shortestEdge} is given; 0 for
   *     none
   * @param resampling the filter
   */
  public record Resize(
      @Nullable Extent size, int shortestEdge, int longestEdge, Resampling resampling) {

    /** This resize where the crop after it, or null for itself, becomes {@code target}. */
    private Resize scaled(@Nullable Extent crop, Extent target) {
      Extent from = crop != null ? crop : size;
      if (from == null) {
        return this;
      }
      Extent exact =
          size == null
              ? null
              : new Extent(
                  scaled(size.height(), from.height(), target.height()),
                  scaled(size.width(), from.width(), target.width()));
      int shorter = Math.min(from.height(), from.width());
      int edge = Math.min(target.height(), target.width());
      return new Resize(
          exact,
          scaled(shortestEdge, shorter, edge),
          scaled(longestEdge, shorter, edge),
          resampling);
    }

    private static int scaled(int side, int from, int to) {
      return (int) Math.min(Integer.MAX_VALUE, (long) side * to / from);
    }
  }

  /**
   * Per-channel normalisation. A single value in the file is repeated for each channel.
   *
   * @param mean subtracted, one per channel
   * @param standardDeviation divided by, one per channel
   */
  public record Normalize(List<Double> mean, List<Double> standardDeviation) {
    public Normalize {
      mean = List.copyOf(mean);
      standardDeviation = List.copyOf(standardDeviation);
    }
  }

  public PreprocessorConfig {
    notes = List.copyOf(notes);
  }

  /** The size in which every image ends; null where that depends on the image. */
  public @Nullable Extent end() {
    return centerCrop != null ? centerCrop : resize == null ? null : resize.size();
  }

  /** The steps from RGB bytes to pixel values, in order, each in words. */
  public List<String> steps() {
    List<String> steps = new ArrayList<>();
    if (resize != null) {
      Object target =
          resize.size() == null ? "shortest edge to " + resize.shortestEdge() : resize.size();
      steps.add("resize " + target + ", " + resize.resampling());
    }
    if (centerCrop != null) {
      steps.add("centre crop " + centerCrop);
    }
    if (rescaleFactor != null) {
      steps.add("rescale by " + rescaleFactor);
    }
    if (normalize != null) {
      steps.add(
          "normalise by mean %s, deviation %s"
              .formatted(normalize.mean(), normalize.standardDeviation()));
    }
    return steps;
  }

  /**
   * These steps, ending at another size. A resize before a crop keeps its proportion to the crop,
   * rounded down, as published checkpoints of several sizes have it: 256 before a crop of 224
   * becomes 438 before a crop of 384.
   */
  public PreprocessorConfig endingAt(Extent size) {
    Resize resized = resize == null ? null : resize.scaled(centerCrop, size);
    return new PreprocessorConfig(
        resized, centerCrop == null ? null : size, rescaleFactor, normalize, notes);
  }
}
