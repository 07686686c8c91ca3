package io.github.tornadovit.weights.configfile;

import io.github.tornadovit.weights.json.JsonObject;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The image processors of transformers that are followed. Files call one {@code
 * ViTFeatureExtractor}, {@code ViTImageProcessor}, {@code ViTImageProcessorFast} or {@code
 * ViTImageProcessorPil}; all of these are taken for the one that computes with Pillow.
 */
public enum ProcessorClass {
  VIT("ViT"),
  BEIT("Beit"),
  DEIT("DeiT"),
  /** That of DINOv2. */
  BIT("Bit"),
  CLIP("CLIP"),
  SIGLIP("Siglip"),
  DINOV3_VIT("DINOv3ViT");

  private static final Pattern TYPE =
      Pattern.compile("(\\w+?)(?:FeatureExtractor|ImageProcessor)(Fast|Pil)?");

  private final String stem;

  ProcessorClass(String stem) {
    this.stem = stem;
  }

  /** The class's name. */
  public String title() {
    return stem + "ImageProcessor";
  }

  /**
   * The class that a processor's file names.
   *
   * @param name class
   * @param fast whether it is the one of transformers 4 that computes with torchvision
   */
  record Named(ProcessorClass name, boolean fast) {
    /** Null if the file names none. */
    static @Nullable Named in(JsonObject file) {
      String key =
          file.holds("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
      String type = file.text(key);
      if (type == null) {
        return null;
      }
      Matcher matcher = TYPE.matcher(type);
      if (matcher.matches()) {
        for (ProcessorClass known : values()) {
          if (known.stem.equals(matcher.group(1))) {
            return new Named(known, "Fast".equals(matcher.group(2)));
          }
        }
      }
      throw file.wrong(
          key,
          "one of "
              + Arrays.stream(values())
                  .map(ProcessorClass::title)
                  .collect(Collectors.joining(", ")));
    }
  }
}
