package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.PreprocessorConfig.Normalize;
import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.TimmTransform;
import io.github.tornadovit.weights.config.TimmTransform.CropMode;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * timm's {@code pretrained_cfg} to the {@link PreprocessorConfig} of its transform for evaluation,
 * with the defaults of {@code resolve_data_config}. A {@code null} is taken for an absent key, and
 * so is a {@code crop_pct} of 0, as there.
 */
public final class TimmTransformReader {
  private static final double DEFAULT_CROP = 0.875;
  private static final double MAX_CROP = 16;

  private final JsonObject pretrained;
  private final PerChannel channels;
  private final List<String> defaulted = new ArrayList<>();

  private TimmTransformReader(JsonObject pretrained, int channels) {
    this.pretrained = pretrained;
    this.channels = new PerChannel(channels, pretrained.where());
  }

  /**
   * Reads the configuration.
   *
   * @param pretrained the object with {@code mean}, {@code crop_pct} and so on
   * @param trainedSize the model's image size, at which the steps end
   * @param channels of an image
   * @throws io.github.tornadovit.base.CheckpointException if a value is not known or out of range
   */
  public static PreprocessorConfig read(JsonObject pretrained, Extent trainedSize, int channels) {
    return new TimmTransformReader(pretrained, channels).read(trainedSize);
  }

  private PreprocessorConfig read(Extent size) {
    TimmTransform transform =
        new TimmTransform(cropFraction(), cropMode(), interpolation(), normalize());
    PreprocessorConfig read = transform.endingAt(size, List.of());
    return transform.endingAt(size, notes(read, inputSize(pretrained, size)));
  }

  /** The object with {@code mean} and so on, which is the file itself in those before 2023. */
  public static JsonObject pretrained(JsonObject config) {
    return config.holds("pretrained_cfg") ? config.object("pretrained_cfg") : config;
  }

  /** Channels of {@code input_size}. */
  public static int channels(JsonObject pretrained, int absent) {
    return pretrained.holds("input_size") ? sides(pretrained).getFirst() : absent;
  }

  /** Rows and columns of {@code input_size}. */
  public static Extent inputSize(JsonObject pretrained, Extent absent) {
    if (!pretrained.holds("input_size")) {
      return absent;
    }
    List<Integer> sides = sides(pretrained);
    return new Extent(sides.get(1), sides.get(2));
  }

  /** {@code input_size}, {@code [C, H, W]}. */
  private static List<Integer> sides(JsonObject pretrained) {
    String key = "input_size";
    List<Double> sides = pretrained.numbers(key);
    int max = PreprocessorConfigReader.MAX_SIDE;
    boolean pixels =
        sides.size() == 3
            && sides.stream().allMatch(side -> side >= 1 && side <= max && side % 1 == 0);
    if (!pixels) {
      throw pretrained.wrong(
          key, "[channels, height, width] of integers from 1 to %d".formatted(max));
    }
    return sides.stream().map(Double::intValue).toList();
  }

  private List<String> notes(PreprocessorConfig read, Extent inputSize) {
    List<String> notes = new ArrayList<>();
    if (!inputSize.equals(read.end())) {
      notes.add(
          "%s: input_size is %s; images are brought to %s, which the model takes"
              .formatted(pretrained.where(), inputSize, read.end()));
    }
    if (!defaulted.isEmpty()) {
      notes.add(
          "%s: %s not given, taken are timm's defaults (%s)"
              .formatted(
                  pretrained.where(),
                  String.join(", ", defaulted),
                  String.join("; ", read.steps())));
    }
    return notes;
  }

  /** The file if it has the key, else null and the default is noted. */
  private @Nullable JsonObject given(String key) {
    if (pretrained.holds(key)) {
      return pretrained;
    }
    defaulted.add(key);
    return null;
  }

  private double cropFraction() {
    String key = "crop_pct";
    JsonObject given = given(key);
    double fraction = given == null ? 0 : given.number(key, 0);
    if (fraction == 0) {
      return DEFAULT_CROP;
    }
    double least = 1.0 / PreprocessorConfigReader.MAX_SIDE;
    if (fraction < least || fraction > MAX_CROP) {
      throw pretrained.wrong(
          key, "the part of the image that the crop keeps, a number above 0 up to 1");
    }
    return fraction;
  }

  private CropMode cropMode() {
    String key = "crop_mode";
    String name = pretrained.text(key);
    return name == null || name.isEmpty() ? CropMode.CENTER : named(key, name, CropMode.values());
  }

  private Resampling interpolation() {
    String key = "interpolation";
    JsonObject given = given(key);
    String name = given == null ? null : given.text(key);
    return name == null || name.isEmpty()
        ? Resampling.BICUBIC
        : named(key, name, Resampling.values());
  }

  private <T extends Enum<T>> T named(String key, String name, T[] all) {
    for (T value : all) {
      if (lower(value).equals(name)) {
        return value;
      }
    }
    throw pretrained.wrong(
        key,
        "one of "
            + Stream.of(all).map(TimmTransformReader::lower).collect(Collectors.joining(", ")));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Normalize normalize() {
    List<Double> mean = channels.read(given("mean"), "mean", true, ProcessorDefaults.IMAGENET_MEAN);
    List<Double> deviation =
        channels.read(given("std"), "std", true, ProcessorDefaults.IMAGENET_DEVIATION);
    return channels.normalize(mean, "std", deviation);
  }
}
