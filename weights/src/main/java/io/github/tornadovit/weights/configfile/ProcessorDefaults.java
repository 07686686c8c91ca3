package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.VisionConfig.Architecture;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image processor class's defaults for keys that its file does not have. The defaults of two
 * classes changed with transformers' versions: the one that wrote {@code config.json} is taken for
 * the one that the model was trained with.
 *
 * @param size side that images are resized to
 * @param resampling the filter
 * @param centerCrop whether a centre crop follows
 * @param cropSize its side; 0 if the class has no default
 * @param mean per channel
 * @param standardDeviation per channel
 * @param origin whose defaults these are, for notes
 */
record ProcessorDefaults(
    int size,
    Resampling resampling,
    boolean centerCrop,
    int cropSize,
    List<Double> mean,
    List<Double> standardDeviation,
    String origin) {

  private static final List<Double> HALF = List.of(0.5);
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_DEVIATION = List.of(0.229, 0.224, 0.225);
  private static final Pattern TYPE =
      Pattern.compile("(ViT|Beit|DeiT)(?:FeatureExtractor|ImageProcessor)(Fast|Pil)?");
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\D.*)?");

  /** Versions are compared as major * 1000 + minor. */
  private static final int VERSION_4_25 = 4025;

  private static final int VERSION_5 = 5000;

  /**
   * The defaults of the class that a processor's file names, else of the model's family.
   *
   * @param processor the file, or null if there is none
   * @param config {@code config.json}
   */
  static ProcessorDefaults of(@Nullable JsonObject processor, JsonObject config) {
    String key = "image_processor_type";
    if (processor != null && !processor.holds(key)) {
      key = "feature_extractor_type";
    }
    String type = processor == null ? null : processor.text(key);
    if (processor == null || type == null) {
      return of(VisionConfigReader.architecture(config), false, version(config));
    }
    Matcher matcher = TYPE.matcher(type);
    if (!matcher.matches()) {
      throw processor.wrong(
          key, "one of ViTImageProcessor, BeitImageProcessor, DeiTImageProcessor");
    }
    Architecture family =
        switch (matcher.group(1)) {
          case "ViT" -> Architecture.VIT;
          case "Beit" -> Architecture.BEIT;
          default -> Architecture.DEIT;
        };
    return of(family, "Fast".equals(matcher.group(2)), version(config));
  }

  private static ProcessorDefaults of(Architecture family, boolean fast, int version) {
    String era = version >= VERSION_5 ? "5" : version > VERSION_4_25 ? "4.26" : "4.25";
    return switch (family) {
      case VIT, VIT_MAE, VIT_MSN ->
          new ProcessorDefaults(
              224, Resampling.BILINEAR, false, 0, HALF, HALF, "ViTImageProcessor");
      case BEIT, DATA2VEC_VISION -> {
        boolean old = version < VERSION_5 && !fast;
        yield new ProcessorDefaults(
            old ? 256 : 224,
            Resampling.BICUBIC,
            old,
            224,
            HALF,
            HALF,
            old ? "BeitImageProcessor of transformers 4" : "BeitImageProcessor");
      }
      case DEIT -> {
        boolean imagenet = version <= VERSION_4_25;
        yield new ProcessorDefaults(
            256,
            Resampling.BICUBIC,
            true,
            224,
            imagenet ? IMAGENET_MEAN : HALF,
            imagenet ? IMAGENET_DEVIATION : HALF,
            "DeiTImageProcessor of transformers " + era);
      }
    };
  }

  /** The version that wrote the config; one that does not say counts as new. */
  private static int version(JsonObject config) {
    String text = config.text("transformers_version");
    Matcher matcher = VERSION.matcher(text == null ? "" : text);
    return matcher.matches()
        ? Integer.parseInt(matcher.group(1)) * 1000 + Integer.parseInt(matcher.group(2))
        : Integer.MAX_VALUE;
  }
}
