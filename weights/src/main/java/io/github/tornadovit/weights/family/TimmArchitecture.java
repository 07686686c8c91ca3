package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.weights.config.Positions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What timm builds by the name of an architecture, before {@code model_args}: its registry as a
 * table of sizes and the words that names are made of.
 *
 * @param name without the tag of its weights
 * @param kind of model
 * @param width {@code embed_dim}
 * @param depth number of blocks
 * @param heads per block
 * @param patch pixels of a patch's side
 * @param words of the name, between underscores
 */
record TimmArchitecture(
    String name, Kind kind, int width, int depth, int heads, int patch, List<String> words) {

  /** timm's classes. */
  enum Kind {
    /** {@code VisionTransformer}. */
    VIT,
    /** {@code VisionTransformerDistilled}. */
    DISTILLED,
    /** {@code Beit}. */
    BEIT,
    /** {@code Eva} with learned positions, or with DINOv3's rotary ones. */
    EVA
  }

  private record Size(int width, int depth, int heads) {}

  private static final Map<String, Size> SIZES =
      Map.ofEntries(
          Map.entry("tiny", new Size(192, 12, 3)),
          Map.entry("xsmall", new Size(256, 10, 4)),
          Map.entry("wee", new Size(256, 14, 4)),
          Map.entry("little", new Size(320, 14, 5)),
          Map.entry("small", new Size(384, 12, 6)),
          Map.entry("medium", new Size(512, 12, 8)),
          Map.entry("mediumd", new Size(512, 20, 8)),
          Map.entry("betwixt", new Size(640, 12, 10)),
          Map.entry("base", new Size(768, 12, 12)),
          Map.entry("so150m2", new Size(832, 21, 13)),
          Map.entry("so150m", new Size(896, 18, 14)),
          Map.entry("large", new Size(1024, 24, 16)),
          Map.entry("intern300m", new Size(1024, 24, 16)),
          Map.entry("so400m", new Size(1152, 27, 16)),
          Map.entry("huge", new Size(1280, 32, 16)),
          Map.entry("giant", new Size(1408, 40, 16)),
          Map.entry("giantopt", new Size(1536, 40, 16)),
          Map.entry("gigantic", new Size(1664, 48, 16)),
          Map.entry("7b", new Size(4096, 40, 32)));

  private static final Pattern NAME =
      Pattern.compile("(vit|deit|deit3|beit|beitv2|eva|flexivit)_(\\w+?)(?:_(\\w+))?");
  private static final Pattern PATCH = Pattern.compile("patch(\\d+)");

  /**
   * An architecture.
   *
   * @param given its name, perhaps with the tag of its weights behind a dot
   * @return null if it is none of these
   */
  static @Nullable TimmArchitecture of(String given) {
    String name = untagged(given);
    if (TimmOthers.what(name) != null) {
      return null;
    }
    List<String> words = Arrays.asList(name.split("_"));
    if (words.getFirst().equals("test")) {
      return ofTest(name, words);
    }
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches() || words.size() < 2) {
      return null;
    }
    Size size = size(name, words);
    Matcher patch = PATCH.matcher(words.size() < 3 ? "" : patchWord(words));
    boolean flexible = words.getFirst().equals("flexivit");
    if (size == null || flexible == patch.matches()) {
      return null;
    }
    Kind kind = kind(words);
    int side = flexible ? 16 : Integer.parseInt(patch.group(1));
    return new TimmArchitecture(name, kind, size.width(), size.depth(), size.heads(), side, words);
  }

  static String untagged(String given) {
    return given.contains(".") ? given.substring(0, given.indexOf('.')) : given;
  }

  /** The smallest, with which timm tests itself. */
  private static @Nullable TimmArchitecture ofTest(String name, List<String> words) {
    return switch (name) {
      case "test_vit" -> new TimmArchitecture(name, Kind.VIT, 64, 6, 2, 16, words);
      case "test_vit2" -> new TimmArchitecture(name, Kind.VIT, 64, 8, 2, 16, words);
      case "test_vit3" -> new TimmArchitecture(name, Kind.VIT, 96, 9, 3, 16, words);
      default -> null;
    };
  }

  private static String patchWord(List<String> words) {
    boolean later = List.of("distilled", "plus").contains(words.get(2)) && words.size() > 3;
    return words.get(later ? 3 : 2);
  }

  private static @Nullable Size size(String name, List<String> words) {
    String word = words.get(1);
    if (word.equals("base") && words.contains("plus")) {
      return new Size(896, 12, 14);
    }
    if (word.equals("huge") && words.contains("plus")) {
      return new Size(1280, 32, 20);
    }
    if (word.equals("giant")
        && Stream.of("dinov2", "tipsv2", "lingbot").anyMatch(words::contains)) {
      return new Size(1536, 40, 24);
    }
    return switch (name) {
      case "vit_base_patch16_gap_224" -> new Size(768, 12, 16);
      case "vit_small_patch16_36x1_224" -> new Size(384, 36, 6);
      default -> SIZES.get(word);
    };
  }

  private static Kind kind(List<String> words) {
    return switch (words.getFirst()) {
      case "beit", "beitv2" -> Kind.BEIT;
      case "deit" -> words.contains("distilled") ? Kind.DISTILLED : Kind.VIT;
      case "eva" -> words.get(1).equals("giant") ? Kind.EVA : Kind.VIT;
      default -> words.contains("dinov3") || words.contains("lingbot") ? Kind.EVA : Kind.VIT;
    };
  }

  private boolean has(String word) {
    return words.contains(word);
  }

  private boolean isVit() {
    return words.getFirst().equals("vit");
  }

  /** Whether positions are rotary, as those of DINOv3. */
  boolean rotary() {
    return has("dinov3") || has("lingbot");
  }

  /** {@code global_pool}: the architecture's own, or what its class does unasked. */
  String pooling() {
    boolean mapped = (has("siglip") && !has("gap")) || has("map") || name.equals("test_vit3");
    boolean averaged =
        has("gap")
            || kind == Kind.BEIT
            || has("dinov3")
            || (words.getFirst().equals("eva") && !has("clip"))
            || name.equals("test_vit2");
    return mapped ? "map" : averaged ? "avg" : "token";
  }

  /** Whether {@link #pooling} is the architecture's own, before that of {@code pretrained_cfg}. */
  boolean fixesPooling() {
    boolean eva = words.getFirst().equals("eva") && (kind != Kind.EVA || has("clip"));
    return eva
        || has("lingbot")
        || (!pooling().equals("token") && kind != Kind.BEIT && kind != Kind.EVA);
  }

  /** {@code class_token}. */
  boolean classToken() {
    boolean none = has("gap") || has("siglip") || has("map");
    return !none && !name.equals("test_vit2") && !name.equals("test_vit3");
  }

  /** {@code reg_tokens}, or {@code num_reg_tokens}. */
  int registers() {
    if (rotary()) {
      return 4;
    }
    if (words.getFirst().equals("test")) {
      return name.equals("test_vit") ? 0 : 1;
    }
    return words.stream()
        .filter(word -> word.matches("reg\\d+"))
        .mapToInt(word -> Integer.parseInt(word.substring(3)))
        .findFirst()
        .orElse(0);
  }

  /** {@code pre_norm}, with which the embedding of patches has no bias. */
  boolean preNorm() {
    return isVit() && has("clip");
  }

  /** {@code dynamic_img_size}. */
  boolean anySize() {
    return name.equals("test_vit") || name.equals("test_vit2") || has("intern300m") || rotary();
  }

  /** Of positions for another image size than the trained. */
  Positions.Interpolation interpolation() {
    return words.getFirst().equals("flexivit")
        ? Positions.Interpolation.BILINEAR
        : Positions.Interpolation.ANTIALIASED_BICUBIC;
  }

  /** {@code final_norm}. */
  boolean finalNorm() {
    return !has("intern300m");
  }

  /** {@code fc_norm} where the mean of the patches is pooled: whether it is normed afterwards. */
  boolean normAfterMean() {
    boolean before = rotary() || (has("gap") && (registers() == 0 || has("so150m")));
    return !before;
  }

  /** {@code pool_include_prefix}: whether class token and registers are pooled as patches are. */
  boolean poolsPrefix() {
    return name.equals("test_vit3");
  }

  /** {@code qkv_bias}: whether queries and values have biases. */
  boolean qkvBias() {
    boolean gap = has("gap") && (registers() == 0 || has("so150m2"));
    boolean without =
        kind == Kind.EVA
            ? rotary() && !has("qkvb") && !(has("lingbot") && !has("giant"))
            : name.equals("vit_base_patch16_224_miil")
                || (gap && Stream.of("betwixt", "medium", "so150m2").anyMatch(this::has));
    return !without;
  }

  /** {@code init_values}: whether residual branches are scaled. */
  boolean layerScale() {
    boolean small =
        Stream.of("wee", "little", "medium", "mediumd", "betwixt", "so150m2").anyMatch(this::has);
    return switch (kind) {
      case EVA -> rotary();
      case BEIT -> true;
      case DISTILLED -> false;
      case VIT ->
          words.getFirst().equals("deit3")
              || Stream.of("dinov2", "tipsv2", "intern300m", "36x1").anyMatch(this::has)
              || (has("base") && has("plus") && !has("clip"))
              || (small && has("gap"))
              || name.equals("test_vit2")
              || name.equals("test_vit3");
    };
  }

  /** Added to the variances. */
  double eps() {
    return preNorm() || rotary() ? 1e-5 : 1e-6;
  }

  /** Whether the MLP is gated, with SiLU. */
  boolean gated() {
    return gateApart() || (has("giant") && (has("dinov2") || has("tipsv2")));
  }

  /** Whether a gated MLP makes its gate by a layer of its own. */
  boolean gateApart() {
    return rotary() && (has("plus") || has("7b") || has("giant"));
  }

  /** Of the MLP. */
  Activation activation() {
    if (has("quickgelu")) {
      return Activation.QUICK_GELU;
    }
    if (gated()) {
      return Activation.SILU;
    }
    boolean tanh =
        has("siglip")
            && (has("giantopt")
                || (has("base") && patch == 32)
                || (has("so400m") && patch == 16)
                || (has("large") && has("512")));
    return tanh ? Activation.GELU_TANH : Activation.GELU;
  }
}
