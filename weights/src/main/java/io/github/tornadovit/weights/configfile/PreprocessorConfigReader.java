package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resize;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
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
  private final int channels;
  private final ProcessorDefaults defaults;
  private final Extent trainedSize;
  private final List<String> defaulted = new ArrayList<>();

  private PreprocessorConfigReader(@Nullable JsonObject file, JsonObject config, int channels) {
    this.file = file;
    this.where = file == null ? config.where() : file.where();
    this.channels = channels;
    this.defaults = ProcessorDefaults.of(file, config);
    this.trainedSize = config.extent("image_size", new Extent(224, 224), MAX_SIDE);
  }

  /**
   * Reads the configuration of an image processor.
   *
   * @param file its file, or null if there is none
   * @param config {@code config.json}, which tells the class and the era where the file does not
   * @param channels of an image
   * @throws CheckpointException if a value is not known or out of range
   */
  public static PreprocessorConfig read(
      @Nullable JsonObject file, JsonObject config, int channels) {
    return new PreprocessorConfigReader(file, config, channels).read();
  }

  private PreprocessorConfig read() {
    Resize resize = does("do_resize", true) ? new Sizes().resize() : null;
    Extent crop = does("do_center_crop", defaults.centerCrop()) ? cropSize() : null;
    Double rescale = does("do_rescale", true) ? rescaleFactor() : null;
    Normalize normalize = does("do_normalize", true) ? normalize() : null;
    PreprocessorConfig read = new PreprocessorConfig(resize, crop, rescale, normalize, List.of());
    if (file == null) {
      read = read.endingAt(trainedSize);
    }
    return new PreprocessorConfig(
        read.resize(), read.centerCrop(), rescale, normalize, notes(read));
  }

  /** The assumptions, with the values that were taken. */
  private List<String> notes(PreprocessorConfig read) {
    if (file == null) {
      return List.of(
          "no preprocessor_config.json: taken are the defaults of %s at the model's image_size (%s);"
                  .formatted(defaults.origin(), String.join("; ", read.steps()))
              + " if it was trained otherwise, its answers are wrong");
    }
    return defaulted.isEmpty()
        ? List.of()
        : List.of(
            "%s: %s not given, taken are the defaults of %s (%s)"
                .formatted(
                    where,
                    String.join(", ", defaulted),
                    defaults.origin(),
                    String.join("; ", read.steps())));
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
    List<Double> deviation = perChannel("image_std", defaults.standardDeviation());
    if (deviation.contains(0.0)) {
      throw new CheckpointException(
          where, "key 'image_std' has a 0, expected numbers other than 0");
    }
    return new Normalize(mean, deviation);
  }

  private List<Double> perChannel(String key, List<Double> absent) {
    JsonObject given = given(key);
    List<Double> values = given == null ? absent : given.numbers(key);
    boolean repeats = given == null ? values.size() == 1 : given.isNumber(key);
    if (repeats) {
      return Collections.nCopies(channels, values.getFirst());
    }
    if (values.size() != channels) {
      throw new CheckpointException(
          where,
          "key '%s' has %d numbers, expected %d because num_channels=%d"
              .formatted(key, values.size(), channels, channels));
    }
    return values;
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
      JsonObject given = given(KEY);
      if (given == null) {
        return to(new Extent(defaults.size(), defaults.size()));
      }
      if (given.isObject(KEY)) {
        JsonObject size = given.object(KEY);
        return size.has("shortest_edge") ? shortestEdge(size) : to(exact(size));
      }
      if (given.isNumber(KEY) && !given.bool("default_to_square", true)) {
        return new Resize(null, given.integer(KEY, 0, 1, MAX_SIDE), 0, resampling());
      }
      return to(given.extent(KEY, new Extent(0, 0), MAX_SIDE));
    }

    private Resize to(Extent size) {
      return new Resize(size, 0, 0, resampling());
    }

    private Resize shortestEdge(JsonObject size) {
      int longest = size.integer("longest_edge", 0, 1, MAX_SIDE);
      if (size.keys().size() != (longest == 0 ? 1 : 2)) {
        throw new CheckpointException(
            size.where(),
            "size has the keys %s, expected shortest_edge alone or with longest_edge"
                .formatted(size.keys()));
      }
      return new Resize(null, size.integer("shortest_edge", 0, 1, MAX_SIDE), longest, resampling());
    }
  }
}
