package io.github.tornadovit.weights.family;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Architectures of timm that are something else than plain Vision Transformers, and what. */
final class TimmOthers {
  /** By a pattern of the whole name. */
  private static final Map<Pattern, String> OTHERS = others();

  private TimmOthers() {}

  /**
   * What a model is, in words; null if it may be a plain one.
   *
   * @param architecture its name, perhaps with the tag of its weights behind a dot
   */
  static @Nullable String what(String architecture) {
    String name = TimmArchitecture.untagged(architecture);
    for (var other : OTHERS.entrySet()) {
      if (other.getKey().matcher(name).matches()) {
        return other.getValue();
      }
    }
    return null;
  }

  private static Map<Pattern, String> others() {
    Map<Pattern, String> others = new LinkedHashMap<>();
    String rotary = "it has rotary positions";
    others.put(Pattern.compile("eva02_enormous.*"), "it has norms behind its branches");
    others.put(Pattern.compile("eva02_.*"), rotary);
    others.put(Pattern.compile("vit_.*_rope(_.*)?"), rotary);
    others.put(Pattern.compile("vit_pe_.*"), rotary);
    others.put(Pattern.compile("vit_s?relpos_.*"), "it has relative positions of another kind");
    others.put(
        Pattern.compile("vit_[a-z]+_(r|r\\d+|resnet\\d+[a-z]?|mci)_.*"),
        "it has a convolutional network before its blocks (a hybrid)");
    others.put(Pattern.compile("vit_.*_rpn_.*"), "it has norms behind its branches");
    others.put(
        Pattern.compile("vit_(.*_(xp|18x2)_.*|d?pwee_.*)"), "its blocks have branches in parallel");
    others.put(Pattern.compile("vit_(dwee|dlittle)_.*"), "it has differential attention");
    others.put(Pattern.compile("(aimv2_.*|test_vit4)"), "it has RMS norms");
    others.put(Pattern.compile("beit3_.*"), "it has norms inside its branches");
    others.put(Pattern.compile("samvit_.*"), "it attends within windows");
    others.put(Pattern.compile("naflexvit_.*"), "it takes images of any aspect ratio (NaFlex)");
    others.put(
        Pattern.compile("(swin|davit|maxvit|coatnet|maxxvit|hiera|twins|nest|volo|pit|mvit).*"),
        "it has stages of several resolutions");
    others.put(
        Pattern.compile("(.*resne|convnext|efficientnet|mobilenet|regnet|densenet|vgg|nfnet).*"),
        "it is a convolutional network");
    others.put(Pattern.compile("(mixer|resmlp|gmlp|gmixer).*"), "it has no attention");
    return others;
  }
}
