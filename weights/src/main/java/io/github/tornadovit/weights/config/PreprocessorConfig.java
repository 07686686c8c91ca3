package io.github.tornadovit.weights.config;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps from RGB bytes to pixel values, as {@code preprocessor_config.json} or timm's {@code
 * pretrained_cfg} has them, with the defaults filled in. The steps run in this order; a {@code
 * null} one is left out.
 *
 * @param resize the resize step
 * @param centerCrop the crop of the middle
 * @param rescaleFactor each byte is multiplied by it in float64 and rounded to float32
 * @param normalize subtracts a mean and divides by a deviation per channel, in float32
 * @param notes what was assumed where the file was silent or ambiguous, one sentence each
 * @param rule that the steps follow from, and follow from at another size; null where the file
 *     gives the steps
 */
public record PreprocessorConfig(
    @Nullable Resize resize,
    @Nullable CenterCrop centerCrop,
    @Nullable Double rescaleFactor,
    @Nullable Normalize normalize,
    List<String> notes,
    @Nullable TimmTransform rule) {

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
   * A resize.
   *
   * @param target the size that an image becomes
   * @param resampling the filter
   */
  public record Resize(ResizeTarget target, Resampling resampling) {
    /** This resize where the crop after it, or null for itself, becomes {@code end}. */
    private Resize scaled(@Nullable Extent crop, Extent end) {
      return switch (target) {
        case ResizeTarget.Exact(Extent size) -> {
          Extent from = crop != null ? crop : size;
          yield new Resize(new ResizeTarget.Exact(scaled(size, from, end)), resampling);
        }
        case ResizeTarget.ShortestEdge edge -> crop == null ? this : scaled(edge, crop, end);
        case ResizeTarget.Covering(Extent box) ->
            crop == null
                ? this
                : new Resize(new ResizeTarget.Covering(scaled(box, crop, end)), resampling);
        case ResizeTarget.Within(Extent box) ->
            crop == null
                ? this
                : new Resize(new ResizeTarget.Within(scaled(box, crop, end)), resampling);
      };
    }

    private Resize scaled(ResizeTarget.ShortestEdge edge, Extent crop, Extent end) {
      int shorter = Math.min(crop.height(), crop.width());
      int to = Math.min(end.height(), end.width());
      return new Resize(
          new ResizeTarget.ShortestEdge(
              scaled(edge.pixels(), shorter, to), scaled(edge.longestEdge(), shorter, to)),
          resampling);
    }

    private static Extent scaled(Extent size, Extent from, Extent to) {
      return new Extent(
          scaled(size.height(), from.height(), to.height()),
          scaled(size.width(), from.width(), to.width()));
    }

    private static int scaled(int side, int from, int to) {
      return (int) Math.min(Integer.MAX_VALUE, (long) side * to / from);
    }
  }

  /**
   * A crop of the middle, with a border where the image is smaller.
   *
   * @param size rows and columns that are left
   * @param margin where the middle lies when an odd number of pixels is to be cut or added
   * @param fill levels of the border from 0 to 255, one per channel or one for all
   */
  public record CenterCrop(Extent size, Margin margin, List<Integer> fill) {
    /** Which of two sides gives or gets the odd pixel. */
    public enum Margin {
      /** {@code center_crop} of transformers: less is cut before, more is added before. */
      TRANSFORMERS,
      /** torchvision's {@code CenterCrop}: half to even is cut before, less is added before. */
      TORCHVISION;

      /**
       * First row or column of the crop in the image; negative for a border.
       *
       * @param surplus rows or columns that the image has more than the crop
       */
      public int start(int surplus) {
        return switch (this) {
          case TRANSFORMERS -> Math.floorDiv(surplus, 2);
          case TORCHVISION -> surplus < 0 ? surplus / 2 : (int) Math.rint(surplus / 2.0);
        };
      }
    }

    public CenterCrop {
      fill = List.copyOf(fill);
    }

    /** As transformers' image processors crop: the border is black. */
    public CenterCrop(Extent size) {
      this(size, Margin.TRANSFORMERS, List.of(0));
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

  /** Steps that a file gives. */
  public PreprocessorConfig(
      @Nullable Resize resize,
      @Nullable CenterCrop centerCrop,
      @Nullable Double rescaleFactor,
      @Nullable Normalize normalize,
      List<String> notes) {
    this(resize, centerCrop, rescaleFactor, normalize, notes, null);
  }

  /** The size in which every image ends; null where that depends on the image. */
  public @Nullable Extent end() {
    if (centerCrop != null) {
      return centerCrop.size();
    }
    return resize != null && resize.target() instanceof ResizeTarget.Exact(Extent size)
        ? size
        : null;
  }

  /** The steps from RGB bytes to pixel values, in order, each in words. */
  public List<String> steps() {
    List<String> steps = new ArrayList<>();
    if (resize != null) {
      steps.add("resize " + resize.target() + ", " + resize.resampling());
    }
    if (centerCrop != null) {
      boolean black = centerCrop.fill().stream().allMatch(level -> level == 0);
      steps.add(
          "centre crop "
              + centerCrop.size()
              + (black ? "" : ", border of levels " + centerCrop.fill()));
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
    if (rule != null) {
      return rule.endingAt(size, notes);
    }
    CenterCrop crop =
        centerCrop == null ? null : new CenterCrop(size, centerCrop.margin(), centerCrop.fill());
    Extent from = centerCrop == null ? null : centerCrop.size();
    return new PreprocessorConfig(
        resize == null ? null : resize.scaled(from, size), crop, rescaleFactor, normalize, notes);
  }
}
