package io.github.tornadovit.weights.config;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code preprocessor_config.json} says of the way from RGB bytes to pixel values, with the
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
      @Nullable Extent size, int shortestEdge, int longestEdge, Resampling resampling) {}

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
}
