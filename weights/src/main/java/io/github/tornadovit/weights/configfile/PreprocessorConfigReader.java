package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.CenterCrop;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.ResizeTarget;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code preprocessor_config.json} to {@link PreprocessorConfig}. A step whose {@code do_} key is
 * {@code null} is off, as in transformers; a {@code null} that a step needs is an error, as there.
 */
public final class PreprocessorConfigReader {
  static final int MAX_SIDE = 1 << 14;
  private static final double BYTE_TO_UNIT = 1.0 / 255;

  /** Index = the code that files use. */
  private static final List<Resampling> PILLOW_CODES =
      List.of(
          Resampling.NEAREST,
          Resampling.LANCZOS,
          Resampling.BILINEAR,
          Resampling.BICUBIC,
          Resampling.BOX,
          Resampling.HAMMING);

  private final @Nullable JsonObject file;
  private final String where;
  private final PerChannel channels;
  private final ProcessorClass.Named processor;
  private final ProcessorDefaults defaults;
  private final Extent trainedSize;
  private final List<String> defaulted = new ArrayList<>();

  private PreprocessorConfigReader(
      @Nullable JsonObject file,
      JsonObject config,
      ProcessorClass absent,
      Extent trainedSize,
      int channels) {
    this.file = file;
    this.where = file == null ? config.where() : file.where();
    this.channels = new PerChannel(channels, where);
    ProcessorClass.Named named = file == null ? null : ProcessorClass.Named.in(file);
    this.processor = named == null ? new ProcessorClass.Named(absent, false) : named;
    this.defaults = ProcessorDefaults.of(processor, config);
    this.trainedSize = trainedSize;
  }

  /**
   * Reads the configuration of an image processor.
   *
   * @param file its file, or null if there is none
   * @param config {@code config.json}, which tells the era where the file does not
   * @param absent the class where the file names none
   * @param trainedSize the model's image size, which is taken if there is no file
   * @param channels of an image
   * @throws CheckpointException if a value is not known or out of range
   */
  public static PreprocessorConfig read(
      @Nullable JsonObject file,
      JsonObject config,
      ProcessorClass absent,
      Extent trainedSize,
      int channels) {
    return new PreprocessorConfigReader(file, config, absent, trainedSize, channels).read();
  }

  private PreprocessorConfig read() {
    Resize resize = does("do_resize", true) ? new Sizes().resize() : null;
    CenterCrop crop =
        does("do_center_crop", defaults.centerCrop()) ? new CenterCrop(cropSize()) : null;
    Double rescale = does("do_rescale", true) ? rescaleFactor() : null;
    Normalize normalize = does("do_normalize", true) ? normalize() : null;
    refusePadding();
    PreprocessorConfig read = new PreprocessorConfig(resize, crop, rescale, normalize, List.of());
    if (file == null) {
      read = read.endingAt(trainedSize);
    }
    return new PreprocessorConfig(
        read.resize(), read.centerCrop(), rescale, normalize, notes(read));
  }

  /** The assumptions, with the values that were taken. */
  private List<String> notes(PreprocessorConfig read) {
    List<String> notes = new ArrayList<>();
    if (file == null) {
      notes.add(
          "no preprocessor_config.json: taken are the defaults of %s at the model's image_size (%s);"
                  .formatted(defaults.origin(), String.join("; ", read.steps()))
              + " if it was trained otherwise, its answers are wrong");
    } else if (!defaulted.isEmpty()) {
      notes.add(
          "%s: %s not given, taken are the defaults of %s (%s)"
              .formatted(
                  where,
                  String.join(", ", defaulted),
                  defaults.origin(),
                  String.join("; ", read.steps())));
    }
    if (processor.name() == ProcessorClass.DINOV3_VIT && read.resize() != null) {
      notes.add(
          "DINOv3ViTImageProcessor resizes in floating point, without Pillow: here levels are"
              + " rounded to 8 bits between, as Pillow does");
    }
    return notes;
  }

  /** A border after all other steps, which the classes that are followed never need. */
  private void refusePadding() {
    if (file != null && does("do_pad", false) && file.holds("pad_size")) {
      throw file.wrong("pad_size", "none: padding at the end (do_pad) is not supported");
    }
  }

  private boolean does(String key, boolean absent) {
    if (file == null || !file.has(key)) {
      return absent;
    }
    return file.holds(key) && file.bool(key, absent);
  }

  /** The file, if it has the key; else the default is noted and must be taken. */
  private @Nullable JsonObject given(String key) {
    if (file != null && file.has(key)) {
      return file;
    }
    defaulted.add(key);
    return null;
  }

  private Resampling resampling() {
    JsonObject given = given("resample");
    return given == null
        ? defaults.resampling()
        : PILLOW_CODES.get(given.integer("resample", 0, 0, PILLOW_CODES.size() - 1));
  }

  private double rescaleFactor() {
    if (file == null || !file.has("rescale_factor")) {
      return BYTE_TO_UNIT;
    }
    double factor = file.number("rescale_factor", BYTE_TO_UNIT);
    if (factor == 0) {
      throw file.wrong("rescale_factor", "a number other than 0");
    }
    return factor;
  }

  private Extent cropSize() {
    JsonObject given = given("crop_size");
    if (given == null) {
      if (defaults.cropSize() == 0) {
        throw new CheckpointException(
            where, "key 'crop_size' is missing, expected a size because do_center_crop=true");
      }
      return new Extent(defaults.cropSize(), defaults.cropSize());
    }
    if (given.isObject("crop_size")) {
      return exact(given.object("crop_size"));
    }
    return given.extent("crop_size", new Extent(0, 0), MAX_SIDE);
  }

  private Normalize normalize() {
    List<Double> mean = perChannel("image_mean", defaults.mean());
    return channels.normalize(
        mean, "image_std", perChannel("image_std", defaults.standardDeviation()));
  }

  private List<Double> perChannel(String key, List<Double> absent) {
    return channels.read(given(key), key, false, absent);
  }

  private static Extent exact(JsonObject size) {
    if (size.keys().size() != 2 || !size.holds("height") || !size.holds("width")) {
      throw new CheckpointException(
          size.where(), "size has the keys %s, expected height and width".formatted(size.keys()));
    }
    return new Extent(
        size.integer("height", 0, 1, MAX_SIDE), size.integer("width", 0, 1, MAX_SIDE));
  }

  /** The forms of {@code size}. */
  private final class Sizes {
    private static final String KEY = "size";

    Resize resize() {
      ResizeTarget target = target(given(KEY));
      return new Resize(target, resampling());
    }

    private ResizeTarget target(@Nullable JsonObject given) {
      if (given == null) {
        return defaults.target();
      }
      if (given.isObject(KEY)) {
        JsonObject size = given.object(KEY);
        return size.has("shortest_edge") ? shortestEdge(size) : new ResizeTarget.Exact(exact(size));
      }
      if (given.isNumber(KEY) && !given.bool("default_to_square", defaults.square())) {
        return new ResizeTarget.ShortestEdge(given.integer(KEY, 0, 1, MAX_SIDE));
      }
      return new ResizeTarget.Exact(given.extent(KEY, new Extent(0, 0), MAX_SIDE));
    }

    private ResizeTarget shortestEdge(JsonObject size) {
      int longest = size.integer("longest_edge", 0, 1, MAX_SIDE);
      if (size.keys().size() != (longest == 0 ? 1 : 2)) {
        throw new CheckpointException(
            size.where(),
            "size has the keys %s, expected shortest_edge alone or with longest_edge"
                .formatted(size.keys()));
      }
      return new ResizeTarget.ShortestEdge(size.integer("shortest_edge", 0, 1, MAX_SIDE), longest);
    }
  }
}
