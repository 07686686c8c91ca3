package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.weights.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every architecture that timm 1.0.29 registers, with the arguments that it builds it from ({@code
 * timm-architectures.json}, made by {@code make_timm_goldens.py} of the engine's tests).
 */
class TimmArchitectureTest {
  private static final JsonObject TIMM = timm();

  /** Arguments that make an encoder another one. */
  private static final Set<String> OTHERS =
      Set.of(
          "block_fn",
          "attn_layer",
          "qk_norm",
          "scale_attn_norm",
          "scale_mlp_norm",
          "embed_norm_layer",
          "use_post_norm");

  private static JsonObject timm() {
    try (InputStream in =
        TimmArchitectureTest.class.getResourceAsStream("timm-architectures.json")) {
      return JsonObject.parse(Objects.requireNonNull(in).readAllBytes(), "timm");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<String> plain() {
    return TIMM.keys().stream().filter(TimmArchitectureTest::isPlain);
  }

  private static boolean isPlain(String name) {
    if (!TIMM.holds(name)) {
      return false;
    }
    JsonObject built = TIMM.object(name);
    boolean rms = built.holds("norm_layer") && !built.isObject("norm_layer");
    boolean rotary = built.holds("use_rot_pos_emb") && !isDinov3(built);
    return !rms && !rotary && OTHERS.stream().noneMatch(built::holds);
  }

  private static boolean isDinov3(JsonObject built) {
    return "dinov3".equals(built.text("rope_type"));
  }

  @Test
  void isEverythingThatTimmHas() {
    assertThat(TIMM.keys()).hasSizeGreaterThan(1300);
    assertThat(plain()).hasSizeGreaterThan(150);
  }

  @ParameterizedTest
  @MethodSource("plain")
  void knowsWhatTimmBuilds(String name) {
    JsonObject built = TIMM.object(name);
    TimmArchitecture known = Objects.requireNonNull(TimmArchitecture.of(name + ".some_tag"), name);
    boolean eva = "Eva".equals(built.text("kind"));
    boolean beit = "Beit".equals(built.text("kind"));
    int max = 1 << 16;
    assertThat(known.kind().name())
        .isEqualTo(
            switch (String.valueOf(built.text("kind"))) {
              case "VisionTransformer" -> "VIT";
              case "VisionTransformerDistilled" -> "DISTILLED";
              case "Beit" -> "BEIT";
              default -> "EVA";
            });
    assertThat(known.width()).isEqualTo(built.integer("embed_dim", 0, 1, max));
    assertThat(known.depth()).isEqualTo(built.integer("depth", 0, 1, max));
    assertThat(known.heads()).isEqualTo(built.integer("num_heads", 0, 1, max));
    assertThat(known.patch()).isEqualTo(built.integer("patch_size", 16, 1, max));
    String pooling = built.text("global_pool");
    assertThat(known.pooling())
        .isEqualTo(pooling == null ? beit || eva ? "avg" : "token" : pooling);
    assertThat(known.fixesPooling()).isEqualTo(pooling != null);
    assertThat(known.classToken()).isEqualTo(built.bool("class_token", true));
    assertThat(known.registers())
        .isEqualTo(built.integer("reg_tokens", built.integer("num_reg_tokens", 0, 0, max), 0, max));
    assertThat(known.preNorm()).isEqualTo(built.bool("pre_norm", false));
    assertThat(known.finalNorm()).isEqualTo(built.bool("final_norm", true));
    assertThat(known.anySize()).isEqualTo(built.bool("dynamic_img_size", false));
    if (known.pooling().equals("avg")) {
      assertThat(known.normAfterMean())
          .isEqualTo(built.bool("fc_norm", built.bool("use_fc_norm", true)));
    }
    assertThat(known.qkvBias()).isEqualTo(built.bool("qkv_bias", true));
    assertThat(known.layerScale()).isEqualTo(built.number("init_values", 0) != 0);
    boolean eps = built.isObject("norm_layer");
    assertThat(known.eps()).isEqualTo(eps ? built.object("norm_layer").number("eps", 0) : 1e-6);
    boolean apart = built.bool("swiglu_mlp", false);
    assertThat(known.gateApart()).isEqualTo(apart);
    assertThat(known.gated()).isEqualTo(built.holds("mlp_layer") || apart);
    assertThat(known.rotary()).isEqualTo(isDinov3(built));
    assertThat(built.number("rope_temperature", 100)).isEqualTo(100);
    assertThat(known.activation())
        .isEqualTo(
            switch (apart ? "SiLU" : built.text("act_layer")) {
              case "quick_gelu" -> Activation.QUICK_GELU;
              case "gelu_tanh" -> Activation.GELU_TANH;
              case "SiLU" -> Activation.SILU;
              case null, default -> Activation.GELU;
            });
  }

  @Test
  void refusesEveryOtherArchitecture() {
    assertThat(TIMM.keys())
        .filteredOn(name -> !isPlain(name))
        .filteredOn(name -> TimmArchitecture.of(name) != null)
        .isEmpty();
    for (String made : new String[] {"vit", "vit_base", "vit_vast_patch16_224", "", "test_vit9"}) {
      assertThat(TimmArchitecture.of(made)).as(made).isNull();
    }
  }

  @Test
  void saysWhatOthersAre() {
    assertThat(TimmOthers.what("swin_base_patch4_window7_224")).contains("stages");
    assertThat(TimmOthers.what("convnext_tiny.fb_in1k")).contains("convolutional network");
    assertThat(TimmOthers.what("resnet50")).contains("convolutional network");
    assertThat(TimmOthers.what("vit_base_r50_s16_224")).contains("hybrid");
    assertThat(TimmOthers.what("eva02_base_patch14_448")).contains("rotary");
    assertThat(TimmOthers.what("vit_small_patch16_rope_224")).contains("rotary");
    assertThat(TimmOthers.what("vit_small_patch16_dinov3")).isNull();
    assertThat(TimmOthers.what("vit_relpos_base_patch16_224")).contains("relative");
    assertThat(TimmOthers.what("vit_base_patch16_224")).isNull();
  }
}
