package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.weights.config.PreprocessorConfig.Resampling;
import io.github.tornadovit.weights.config.ResizeTarget;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.json.JsonObject;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image processor class's defaults for keys that its file does not have. The defaults of two
 * classes changed with transformers' versions: the one that wrote {@code config.json} is taken for
 * the one that the model was trained with.
 *
 * @param target the size that images are resized to
 * @param square whether a {@code size} of one number is that of both sides, {@code
 *     default_to_square}; else of the shorter one
 * @param resampling the filter
 * @param centerCrop whether a centre crop follows
 * @param cropSize its side; 0 if the class has no default
 * @param mean per channel
 * @param standardDeviation per channel
 * @param origin whose defaults these are, for notes
 */
record ProcessorDefaults(
    ResizeTarget target,
    boolean square,
    Resampling resampling,
    boolean centerCrop,
    int cropSize,
    List<Double> mean,
    List<Double> standardDeviation,
    String origin) {

  static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  static final List<Double> IMAGENET_DEVIATION = List.of(0.229, 0.224, 0.225);
  private static final List<Double> HALF = List.of(0.5);
  private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> CLIP_DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);
  private static final ResizeTarget SQUARE_224 = new ResizeTarget.Exact(new Extent(224, 224));
  private static final ResizeTarget SQUARE_256 = new ResizeTarget.Exact(new Extent(256, 256));
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\D.*)?");

  /** Versions are compared as major * 1000 + minor. */
  private static final int VERSION_4_25 = 4025;

  private static final int VERSION_5 = 5000;

  /**
   * The defaults of a class.
   *
   * @param config {@code config.json}, which tells the version
   */
  static ProcessorDefaults of(ProcessorClass.Named named, JsonObject config) {
    int version = version(config);
    String origin = named.name().title();
    return switch (named.name()) {
      case VIT ->
          new ProcessorDefaults(
              SQUARE_224, true, Resampling.BILINEAR, false, 0, HALF, HALF, origin);
      case BEIT -> {
        boolean old = version < VERSION_5 && !named.fast();
        yield new ProcessorDefaults(
            old ? SQUARE_256 : SQUARE_224,
            true,
            Resampling.BICUBIC,
            old,
            224,
            HALF,
            HALF,
            old ? origin + " of transformers 4" : origin);
      }
      case DEIT -> {
        boolean imagenet = version <= VERSION_4_25;
        String era = version >= VERSION_5 ? "5" : imagenet ? "4.25" : "4.26";
        yield new ProcessorDefaults(
            SQUARE_256,
            true,
            Resampling.BICUBIC,
            true,
            224,
            imagenet ? IMAGENET_MEAN : HALF,
            imagenet ? IMAGENET_DEVIATION : HALF,
            origin + " of transformers " + era);
      }
      case BIT, CLIP ->
          new ProcessorDefaults(
              new ResizeTarget.ShortestEdge(224),
              false,
              Resampling.BICUBIC,
              true,
              224,
              CLIP_MEAN,
              CLIP_DEVIATION,
              origin);
      case SIGLIP ->
          new ProcessorDefaults(
              SQUARE_224, false, Resampling.BICUBIC, false, 0, HALF, HALF, origin);
      case DINOV3_VIT ->
          new ProcessorDefaults(
              SQUARE_224,
              true,
              Resampling.BILINEAR,
              false,
              0,
              IMAGENET_MEAN,
              IMAGENET_DEVIATION,
              origin);
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
