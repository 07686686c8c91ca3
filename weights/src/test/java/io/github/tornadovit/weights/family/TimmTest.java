package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.weights.config.Pooler;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.PrefixToken.Kind;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.TokenPooling;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.config.VisionConfig.Head;
import io.github.tornadovit.weights.config.VisionConfig.ProblemType;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.model.VisionWeights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read of configurations of timm. */
class TimmTest extends TimmTestCase {
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
  void transformersNamesAndProblemCountInItsWrapper() {
    String wrapped =
        ",\"model_type\":\"timm_wrapper\",\"problem_type\":\"multi_label_classification\""
            + ",\"id2label\":{\"0\":\"p\",\"1\":\"q\",\"2\":\"r\"}";
    VisionConfig config = read(config("vit_base_patch16_224", "", wrapped)).config();
    assertThat(config.labels()).containsExactly("p", "q", "r");
    assertThat(config.problemType()).isEqualTo(ProblemType.MULTI_LABEL);
    assertThat(notes).isEmpty();
    refused(
        config("vit_base_patch16_224", "", ",\"problem_type\":\"multi\""),
        "key 'problem_type' is \"multi\", expected one of single_label_classification");
  }

  @Test
  void takesArgumentsThatSayWhatIsSoAnyway() {
    String usual =
        ",\"proj_bias\":true,\"pos_embed\":\"learn\",\"norm_layer\":\"layernorm\""
            + ",\"pool_include_prefix\":false,\"qk_norm\":false";
    assertThat(read(config("vit_base_patch16_224", usual, "")).blocks()).hasSize(2);
    for (String other :
        List.of("\"proj_bias\":false", "\"pos_embed\":\"none\"", "\"norm_layer\":\"rmsnorm\"")) {
      refused(config("vit_base_patch16_224", "," + other, ""), "expected nothing: such a part");
    }
  }

  @Test
  void normsTheMeanOfASiglipThatIsMadeToAverage() {
    norm("fc_norm");
    tensors.remove("norm.weight");
    tensors.remove("norm.bias");
    tensors.remove("cls_token");
    put("pos_embed", 1, 4, WIDTH);
    assertThat(
            read(config("vit_base_patch16_siglip_224", ",\"global_pool\":\"avg\"", ""))
                .config()
                .pooling())
        .isEqualTo(new TokenPooling.PatchMean(true));
  }

  @Test
  void refusesAMeanOfAllTokens() {
    refused(
        config(
            "vit_base_patch16_224",
            ",\"global_pool\":\"avg\",\"fc_norm\":false,\"pool_include_prefix\":true",
            ""),
        "global_pool=avg with model_args.pool_include_prefix=true: such a mean is not supported");
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
    assertThat(read(distilled).config().pooler()).isEqualTo(new Pooler.DistilledPair());
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
    assertThat(read(config("vit_medium_patch16_gap_256", AS_HERE, token)).config().pooling())
        .isEqualTo(new TokenPooling.PatchMean(false));
  }

  @Test
  void leavesThePoolingHeadOfASiglipThatDoesNotUseIt() {
    tensors.remove("cls_token");
    put("pos_embed", 1, 4, WIDTH);
    put("attn_pool.latent", 1, 1, WIDTH);
    assertThat(read(config("vit_base_patch16_siglip_gap_224", "", "")).attentionPooler()).isNull();
    refused(
        config("vit_medium_patch16_gap_256", AS_HERE, ""),
        "leaves out 1 tensor of the encoder: 'attn_pool.latent'");
  }

  @Test
  void registersAreThoseThatAreSaid() {
    refused(config("vit_base_patch14_reg4_dinov2", AS_HERE, ""), "tensor 'reg_token' is missing");
    put("reg_token", 1, 4, WIDTH);
    refused(
        config("vit_base_patch16_224", "", ""),
        "m/config.json: reg_tokens=0 (vit_base_patch16_224), but there is a tensor 'reg_token'");
    refused(
        config("vit_base_patch14_reg4_dinov2", AS_HERE + ",\"reg_tokens\":2", ""),
        "tensor 'reg_token' has shape [1, 4, 6], expected [1, 2, 6]");
    refused(
        config("vit_base_patch14_reg4_dinov2", AS_HERE, ""),
        "tensor 'pos_embed' has shape [1, 5, 6], expected [1, 9, 6]");
    put("pos_embed", 1, 4, WIDTH);
    VisionConfig config = read(config("vit_base_patch14_reg4_dinov2", AS_HERE, "")).config();
    assertThat(config.encoder().embeddings().count(Kind.REGISTER)).isEqualTo(4);
    assertThat(config.encoder().embeddings().positionedPrefix()).isZero();
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
  void rotaryPositionsTurnPairsOfBothAxesAndAreAlone() {
    refused(
        config("vit_base_patch16_dinov3", AS_HERE, ""),
        "model_args.embed_dim=6 and model_args.num_heads=2 make heads of 3, expected a multiple");
    refused(
        config("vit_base_patch16_dinov3", ",\"use_abs_pos_emb\":true", ""),
        "'model_args.use_abs_pos_emb' is true, expected false: positions are rotary or learned");
    refused(
        config("vit_base_patch16_dinov3", ",\"rope_temperature\":10", ""),
        "'model_args.rope_temperature' is 10, expected nothing");
  }
}
