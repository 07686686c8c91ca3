package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.Tensors;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.model.VisionWeights;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Configurations of timm, true ones and such as contradict their tensors. */
class TimmTest {
  private static final int WIDTH = 6;
  private final List<String> notes = new ArrayList<>();
  private final Map<String, TensorView> tensors = new TreeMap<>();

  TimmTest() {
    put("cls_token", 1, 1, WIDTH);
    put("pos_embed", 1, 5, WIDTH);
    put("patch_embed.proj.weight", WIDTH, 3, 4, 4);
    put("patch_embed.proj.bias", WIDTH);
    for (int i = 0; i < 2; i++) {
      String block = "blocks." + i + ".";
      norm(block + "norm1");
      put(block + "attn.qkv.weight", 3 * WIDTH, WIDTH);
      put(block + "attn.qkv.bias", 3 * WIDTH);
      put(block + "attn.proj.weight", WIDTH, WIDTH);
      put(block + "attn.proj.bias", WIDTH);
      norm(block + "norm2");
      put(block + "mlp.fc1.weight", 7, WIDTH);
      put(block + "mlp.fc1.bias", 7);
      put(block + "mlp.fc2.weight", WIDTH, 7);
      put(block + "mlp.fc2.bias", WIDTH);
    }
    norm("norm");
    put("head.weight", 3, WIDTH);
    put("head.bias", 3);
  }

  private void put(String name, long... shape) {
    tensors.put(name, Tensors.of(name, shape));
  }

  private void norm(String name) {
    put(name + ".weight", WIDTH);
    put(name + ".bias", WIDTH);
  }

  private static JsonObject json(String text) {
    return JsonObject.parse(text.getBytes(StandardCharsets.UTF_8), "m/config.json");
  }

  private static String config(String architecture, String arguments, String more) {
    return """
        {"architecture":"%s",
         "model_args":{"img_size":8,"patch_size":4,"embed_dim":6,"depth":2,"num_heads":2%s}%s}"""
        .formatted(architecture, arguments, more);
  }

  private VisionWeights read(String config) {
    JsonObject json = json(config);
    Family family = Family.of(json);
    VisionConfig read = family.config(json, tensors, note -> notes.add(note.toString()));
    return family.weights(json, read, Scope.root("m", tensors));
  }

  private void refused(String config, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(config))
        .withMessageStartingWith("m")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  @Test
  void readsWhatArgumentsSay() {
    VisionWeights weights = read(config("vit_base_patch16_224", "", ",\"num_classes\":3"));
    VisionConfig config = weights.config();
    assertThat(config.architecture()).hasToString("timm's vit_base_patch16_224");
    assertThat(config.imageSize()).isEqualTo(new Extent(8, 8));
    assertThat(config.heads()).isEqualTo(2);
    assertThat(config.encoder().mlp().size()).isEqualTo(7);
    assertThat(config.encoder().norms().eps()).isEqualTo(1e-6f);
    assertThat(config.head()).isEqualTo(Head.CLASSIFIER);
    assertThat(config.labels()).containsExactly("class 0", "class 1", "class 2");
    assertThat(notes).singleElement().asString().contains("called by their number");
    assertThat(weights.blocks().getFirst().value().weight().shape()).hasToString("[6, 6]");
    assertThat(weights.blocks().getFirst().key().bias()).isNotNull();
  }

  @Test
  void readsAnEncoderThatTransformersWrapped() {
    tensors.remove("head.weight");
    tensors.remove("head.bias");
    for (String name : List.copyOf(tensors.keySet())) {
      tensors.put("timm_model." + name, tensors.remove(name));
    }
    VisionWeights weights =
        read(config("vit_base_patch16_224", "", ",\"model_type\":\"timm_wrapper\""));
    assertThat(weights.config().head()).isEqualTo(Head.NONE);
    assertThat(weights.config().encoder().mlp().size()).isEqualTo(7);
    assertThat(weights.blocks()).hasSize(2);
  }

  @Test
  void readsFilesFromBefore2023() {
    String flat =
        """
        {"architecture":"vit_base_patch16_224","input_size":[3,8,8],"crop_pct":0.9,
         "interpolation":"bicubic","mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5],"num_classes":3,
         "labels":["a","b","c"],"model_args":{"patch_size":4,"embed_dim":6,"depth":2,"num_heads":2}}""";
    VisionConfig config = read(flat).config();
    assertThat(config.imageSize()).isEqualTo(new Extent(8, 8));
    assertThat(config.labels()).containsExactly("a", "b", "c");
    PreprocessorConfig steps = Timm.TIMM.preprocessor(null, json(flat), config);
    assertThat(steps.steps()).startsWith("resize shortest edge to 8, BICUBIC", "centre crop 8x8");
  }

  @Test
  void bringsImagesToTheModelsSize() {
    String config =
        config("vit_base_patch16_224", "", ",\"pretrained_cfg\":{\"input_size\":[3,224,224]}");
    PreprocessorConfig steps = Timm.TIMM.preprocessor(null, json(config), read(config).config());
    assertThat(steps.end()).isEqualTo(new Extent(8, 8));
    assertThat(steps.notes()).first().asString().contains("input_size is 224x224", "to 8x8");
  }

  @Test
  void keepsToTheProcessorsFileWhereThereIsOne() {
    String config = config("vit_base_patch16_224", "", "");
    JsonObject file = json("{\"image_processor_type\":\"ViTImageProcessor\",\"size\":8}");
    assertThat(Timm.TIMM.preprocessor(file, json(config), read(config).config()).steps())
        .first()
        .isEqualTo("resize 8x8, BILINEAR");
  }

  @Test
  void readsModelsWithoutAClassifier() {
    tensors.remove("head.weight");
    tensors.remove("head.bias");
    assertThat(read(config("vit_base_patch16_224", "", ",\"num_classes\":0")).config().head())
        .isEqualTo(Head.NONE);
    assertThat(notes).isEmpty();
    String three = ",\"num_classes\":3";
    read(config("vit_base_patch16_224", "", three + ",\"architectures\":[\"TimmWrapperModel\"]"));
    assertThat(notes).isEmpty();
    read(config("vit_base_patch16_224", "", three));
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("has 3 classes, but there is no tensor 'head.weight': read as an encoder alone");
  }

  @Test
  void distilledModelsHaveTwoClassifiers() {
    put("head_dist.weight", 3, WIDTH);
    put("head_dist.bias", 3);
    refused(
        config("vit_base_patch16_224", "", ""),
        "there is a tensor 'head_dist.weight', but architecture=vit_base_patch16_224 has one");
    put("dist_token", 1, 1, WIDTH);
    put("pos_embed", 1, 6, WIDTH);
    String distilled = config("deit_base_distilled_patch16_224", "", "");
    assertThat(read(distilled).config().head()).isEqualTo(Head.DISTILLED);
    tensors.remove("head_dist.weight");
    refused(distilled, "tensor 'head_dist.weight' is missing");
  }

  @Test
  void poolingIsWhatTheConfigSaysAndTheTensorsHave() {
    refused(
        config("vit_base_patch16_224", ",\"global_pool\":\"avg\"", ""),
        "tensor 'fc_norm.weight' is missing");
    tensors.remove("norm.weight");
    tensors.remove("norm.bias");
    norm("fc_norm");
    String mean = ",\"pretrained_cfg\":{\"global_pool\":\"avg\"}";
    assertThat(read(config("vit_base_patch16_224", "", mean)).config().pooling())
        .isEqualTo(new TokenPooling.PatchMean(true));
    refused(config("vit_base_patch16_224", "", ""), "tensor 'norm.weight' is missing");
    for (String other : new String[] {"max", "avgmax", "prr", ""}) {
      refused(
          config("vit_base_patch16_224", ",\"global_pool\":\"" + other + "\"", ""),
          "global_pool=" + other + " of architecture=vit_base_patch16_224, expected token");
    }
    refused(config("vit_base_patch16_224", ",\"fc_norm\":true", ""), "fc_norm=true of global_pool");
  }

  /** timm writes {@code global_pool} beside {@code pretrained_cfg}, and never reads it. */
  @Test
  void takesThePoolingThatTimmDoesNotReadOnlyWhereTheTensorsAskForIt() {
    String beside = ",\"pretrained_cfg\":{},\"global_pool\":\"%s\"";
    for (String other : new String[] {"avg", "max", "catavgmax"}) {
      notes.clear();
      VisionConfig config =
          read(config("vit_base_patch16_224", "", beside.formatted(other))).config();
      assertThat(config.pooling()).isEqualTo(new TokenPooling.ClassToken());
      assertThat(notes)
          .first()
          .asString()
          .contains("global_pool=" + other, "timm does not read it", "pooled by token");
    }
    notes.clear();
    read(config("vit_base_patch16_224", "", beside.formatted("token")));
    assertThat(notes).hasSize(1); // That of the labels.
    tensors.remove("norm.weight");
    tensors.remove("norm.bias");
    norm("fc_norm");
    assertThat(read(config("vit_base_patch16_224", "", beside.formatted("avg"))).config().pooling())
        .isEqualTo(new TokenPooling.PatchMean(true));
    assertThat(notes).anyMatch(note -> note.contains("the tensors go with it and not with token"));
    refused(
        config("vit_base_patch16_224", "", beside.formatted("max")),
        "global_pool=max of architecture=vit_base_patch16_224, expected token");
    refused(
        config("vit_base_patch16_224", "", beside.formatted("map")),
        "tensor 'norm.weight' is missing");
  }

  /** Before {@code pretrained_cfg}, as timm passes arguments on. */
  @Test
  void theArchitecturesOwnPoolingComesFirst() {
    String token = ",\"pretrained_cfg\":{\"global_pool\":\"token\"}";
    tensors.remove("cls_token");
    put("pos_embed", 1, 4, WIDTH);
    assertThat(read(config("vit_medium_patch16_gap_256", "", token)).config().pooling())
        .isEqualTo(new TokenPooling.PatchMean(false));
  }

  @Test
  void leavesThePoolingHeadOfASiglipThatDoesNotUseIt() {
    tensors.remove("cls_token");
    put("pos_embed", 1, 4, WIDTH);
    put("attn_pool.latent", 1, 1, WIDTH);
    assertThat(read(config("vit_base_patch16_siglip_gap_224", "", "")).attentionPooler()).isNull();
    refused(
        config("vit_medium_patch16_gap_256", "", ""),
        "leaves out 1 tensor of the encoder: 'attn_pool.latent'");
  }

  @Test
  void refusesPartsThatNothingAsksFor() {
    norm("norm_pre");
    refused(
        config("vit_base_patch16_224", "", ""),
        "pre_norm=false (vit_base_patch16_224) leaves out 2 tensors of the encoder:"
            + " 'norm_pre.bias', 'norm_pre.weight'");
    tensors.remove("norm_pre.weight");
    tensors.remove("norm_pre.bias");
    norm("blocks.0.attn.q_norm");
    refused(
        config("vit_base_patch16_224", "", ""),
        "m/config.json: this configuration of timm's vit_base_patch16_224 leaves out 2 tensors");
  }

  @Test
  void registersAreThoseThatAreSaid() {
    refused(config("vit_base_patch14_reg4_dinov2", "", ""), "tensor 'reg_token' is missing");
    put("reg_token", 1, 4, WIDTH);
    refused(
        config("vit_base_patch16_224", "", ""),
        "there is a tensor 'reg_token', but architecture=vit_base_patch16_224 has none");
    refused(
        config("vit_base_patch14_reg4_dinov2", ",\"reg_tokens\":2", ""),
        "tensor 'reg_token' has shape [1, 4, 6], expected [1, 2, 6]");
    refused(
        config("vit_base_patch14_reg4_dinov2", "", ""),
        "tensor 'pos_embed' has shape [1, 5, 6], expected [1, 9, 6]");
    put("pos_embed", 1, 4, WIDTH);
    VisionConfig config = read(config("vit_base_patch14_reg4_dinov2", "", "")).config();
    assertThat(config.encoder().embeddings().count(Kind.REGISTER)).isEqualTo(4);
    assertThat(config.encoder().embeddings().positionedPrefix()).isZero();
  }

  @Test
  void refusesAConfigThatLiesAboutItsTensors() {
    refused(
        "{\"architecture\":\"vit_tiny_patch16_224\"}",
        "tensor 'patch_embed.proj.weight' has shape [6, 3, 4, 4], expected [192, 3, 16, 16] because"
            + " embed_dim=192 (vit_tiny_patch16_224), in_chans=3 (vit_tiny_patch16_224) and"
            + " patch_size=16x16 (vit_tiny_patch16_224)");
    refused(
        config("vit_base_patch16_224", ",\"num_classes\":5", ""),
        "num_classes=5, but tensor 'head.weight' has 3 rows");
    refused(
        config("vit_base_patch16_224", "", "").replace("\"depth\":2", "\"depth\":1"),
        "m/config.json: model_args.depth=1, of 2 blocks, leaves out 12 tensors of the encoder:"
            + " 'blocks.1.attn.proj.bias', 'blocks.1.attn.proj.weight', 'blocks.1.attn.qkv.bias', …");
    refused(
        config("vit_base_patch16_224", "", "").replace("\"depth\":2", "\"depth\":3"),
        "model_args.depth=3, but block 2 is missing: no tensor is below 'blocks.2.'");
    refused(
        config("vit_base_patch16_224", "", "").replace("\"num_heads\":2", "\"num_heads\":4"),
        "embed_dim=6 is not a multiple of num_heads=4");
    refused(
        config("vit_base_patch16_224", "", "").replace("\"img_size\":8", "\"img_size\":16"),
        "tensor 'pos_embed' has shape [1, 5, 6], expected [1, 17, 6] because"
            + " model_args.img_size=16x16 and model_args.patch_size=4x4, model_args.embed_dim=6");
    refused(
        config("vit_base_patch16_224", "", ",\"pretrained_cfg\":{\"input_size\":[3,16,16]}")
            .replace("\"img_size\":8,", ""),
        "because pretrained_cfg.input_size of 16x16 and model_args.patch_size=4x4");
    refused(
        config("vit_base_patch16_224", ",\"qkv_bias\":false", ""),
        "key 'model_args.qkv_bias' is false, expected what goes with the file, which has tensors"
            + " 'attn.qkv.bias'");
    refused(
        config("vit_base_patch16_224", ",\"init_values\":1e-5", ""),
        "key 'model_args.init_values' is 1.0E-5, expected what goes with the file, which has no"
            + " tensors 'ls1.gamma'");
    read(config("vit_base_patch16_224", ",\"init_values\":0,\"qkv_bias\":true", ""));
    tensors.remove("blocks.1.attn.qkv.bias");
    refused(config("vit_base_patch16_224", "", ""), "tensor 'blocks.1.attn.qkv.bias' is missing");
  }

  /** As timm resizes those of FlexiViT, which were trained with it, and those of all others. */
  @Test
  void positionsAreInterpolatedAsThoseOfTheirArchitecture() {
    assertThat(read(config("flexivit_base", "", "")).config().encoder().embeddings().positions())
        .isEqualTo(new Positions.Learned(Positions.Interpolation.BILINEAR));
    VisionConfig vit = read(config("vit_base_patch16_224", "", "")).config();
    assertThat(vit.encoder().embeddings().positions())
        .isEqualTo(new Positions.Learned(Positions.Interpolation.ANTIALIASED_BICUBIC));
  }

  @Test
  void layerScaleIsOfAllBlocksOrNone() {
    put("blocks.1.ls1.gamma", WIDTH);
    refused(config("vit_base_patch16_224", "", ""), "tensor 'blocks.0.ls1.gamma' is missing");
  }

  @Test
  void anAttentionPoolingHeadHasToBeThere() {
    tensors.remove("cls_token");
    put("pos_embed", 1, 4, WIDTH);
    refused(
        config("vit_base_patch16_siglip_224", "", ""),
        "tensor 'attn_pool.mlp.fc2.weight' is missing");
  }

  @Test
  void rotaryPositionsTurnPairsOfBothAxesAndAreAlone() {
    refused(
        config("vit_base_patch16_dinov3", "", ""),
        "model_args.embed_dim=6 and model_args.num_heads=2 make heads of 3, expected a multiple");
    refused(
        config("vit_base_patch16_dinov3", ",\"use_abs_pos_emb\":true", ""),
        "'model_args.use_abs_pos_emb' is true, expected false: positions are rotary or learned");
    refused(
        config("vit_base_patch16_dinov3", ",\"rope_temperature\":10", ""),
        "'model_args.rope_temperature' is 10, expected nothing");
  }

  @Test
  void refusesWhatIsNoSuchEncoder() {
    refused(
        "{\"architecture\":\"swin_base_patch4_window7_224\"}",
        "key 'architecture' is \"swin_base_patch4_window7_224\", expected a plain Vision",
        "and this is none: it has stages of several resolutions");
    refused("{\"architecture\":\"vit_base_patch16_rope_224\"}", "rotary positions");
    refused("{\"architecture\":\"vit_vast_patch16_224\"}", "of a size that is known");
    for (String file :
        new String[] {
          "{\"model_type\":\"timm_wrapper\"}",
          "{\"pretrained_cfg\":{},\"num_classes\":3}",
          "{\"model_args\":{}}"
        }) {
      refused(
          file,
          "key 'architecture' is missing, expected a plain Vision Transformer of timm",
          "it stands beside pretrained_cfg and model_args");
    }
    refused(
        config("vit_base_patch16_224", ",\"qk_norm\":true", ""),
        "key 'model_args.qk_norm' is true, expected nothing: such a part is not supported");
    refused(
        config("vit_small_patch16_dinov3", ",\"use_rot_pos_emb\":false", ""),
        "key 'model_args.use_rot_pos_emb' is false, expected nothing: such a part is not supported");
    refused(
        config("vit_base_patch16_224", ",\"act_layer\":\"selu\"", ""),
        "key 'model_args.act_layer' is \"selu\"");
    assertThat(
            read(config("vit_base_patch16_224", ",\"qk_norm\":false,\"drop_rate\":0.1", ""))
                .config()
                .layers())
        .isEqualTo(2);
  }
}
