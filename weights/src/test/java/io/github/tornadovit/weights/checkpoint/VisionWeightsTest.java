package io.github.tornadovit.weights.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.TinyCheckpoint;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.model.VisionWeights;
import io.github.tornadovit.weights.model.VisionWeights.Block;
import io.github.tornadovit.weights.model.VisionWeights.Norm;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tensor becomes which part, and what is said when one does not fit. */
class VisionWeightsTest {
  private static final String BLOCK = "vit.encoder.layer.0.";

  @TempDir Path folder;

  private void opened(TinyCheckpoint model, Consumer<VisionWeights> check, String... unread) {
    try (Checkpoint checkpoint = Checkpoint.open(model.write(folder), "m")) {
      check.accept(checkpoint.weights());
      assertThat(checkpoint.unread()).extracting(TensorView::name).containsExactly(unread);
    }
  }

  private void refused(TinyCheckpoint model, String message) {
    try (Checkpoint checkpoint = Checkpoint.open(model.write(folder), "m")) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(checkpoint::weights)
          .withMessageContaining(message);
    }
  }

  private static String name(Norm norm) {
    return Objects.requireNonNull(norm).weight().name();
  }

  @Test
  void readsVit() {
    opened(
        TinyCheckpoint.vit(),
        weights -> {
          Block block = weights.blocks().getFirst();
          assertThat(weights.blocks()).hasSize(1);
          assertThat(weights.prefixTokens()).hasSize(1);
          assertThat(weights.positions()).isNotNull();
          assertThat(block.key().bias()).isNotNull();
          assertThat(block.key().weight().name())
              .isEqualTo(BLOCK + "attention.attention.key.weight");
          assertThat(block.attentionOutput().weight().name())
              .isEqualTo(BLOCK + "attention.output.dense.weight");
          assertThat(block.mlpUp().weight().name()).isEqualTo(BLOCK + "intermediate.dense.weight");
          assertThat(block.mlpDown().weight().name()).isEqualTo(BLOCK + "output.dense.weight");
          assertThat(name(block.attentionNorm())).isEqualTo(BLOCK + "layernorm_before.weight");
          assertThat(name(block.mlpNorm())).isEqualTo(BLOCK + "layernorm_after.weight");
          assertThat(block.attentionScale()).isNull();
          assertThat(block.relativePositions()).isNull();
          assertThat(weights.finalNorm()).isNotNull();
          assertThat(weights.pooler()).isNull();
          assertThat(weights.pooledNorm()).isNull();
          assertThat(weights.heads()).hasSize(1);
        });
  }

  private static TinyCheckpoint modules(TinyCheckpoint model) {
    return model
        .renamed("encoder.layer.", "layers.")
        .renamed("attention.attention.relative_position_bias", "relative_position_bias")
        .renamed("attention.attention.query", "attention.q_proj")
        .renamed("attention.attention.key", "attention.k_proj")
        .renamed("attention.attention.value", "attention.v_proj")
        .renamed("attention.output.dense", "attention.o_proj")
        .renamed("intermediate.dense", "mlp.fc1")
        .renamed("output.dense", "mlp.fc2")
        .renamed("encoder.relative_position_bias", "shared_position_bias");
  }

  @Test
  void readsTheNamesOfModules() {
    opened(
        modules(TinyCheckpoint.vit()),
        weights ->
            assertThat(weights.blocks().getFirst().mlpDown().weight().name())
                .isEqualTo("vit.layers.0.mlp.fc2.weight"));
    opened(modules(TinyCheckpoint.beit()), weights -> assertThat(weights.heads()).hasSize(1));
  }

  @Test
  void readsABaseModelWithAndWithoutPooler() {
    TinyCheckpoint base =
        TinyCheckpoint.vit()
            .config("architectures", "[\"ViTModel\"]")
            .config("pooler_output_size", "7")
            .withoutBelow("classifier")
            .renamed("vit.", "");
    opened(base, weights -> assertThat(weights.pooler()).isNull());
    opened(
        base.dense("pooler.dense", 7, 4),
        weights -> {
          assertThat(weights.pooler()).isNotNull();
          assertThat(weights.heads()).isEmpty();
        });
  }

  @Test
  void leavesThePoolerOfAClassifierUnread() {
    opened(
        TinyCheckpoint.vit().dense("vit.pooler.dense", 4, 4),
        weights -> assertThat(weights.pooler()).isNull(),
        "vit.pooler.dense.bias",
        "vit.pooler.dense.weight");
  }

  @Test
  void readsVitWithoutQueryKeyValueBias() {
    TinyCheckpoint model = TinyCheckpoint.vit().config("qkv_bias", "false");
    for (String part : List.of("query", "key", "value")) {
      model.without(BLOCK + "attention.attention." + part + ".bias");
    }
    opened(
        model,
        weights -> {
          assertThat(weights.blocks().getFirst().query().bias()).isNull();
          assertThat(weights.blocks().getFirst().value().bias()).isNull();
          assertThat(weights.blocks().getFirst().attentionOutput().bias()).isNotNull();
        });
  }

  @Test
  void readsHeadsThatDoNotAddUpToTheHiddenSize() {
    TinyCheckpoint model = TinyCheckpoint.vit().config("head_dim", "3");
    for (String part : List.of("query", "key", "value")) {
      model.dense(BLOCK + "attention.attention." + part, 6, 4);
    }
    opened(model.dense(BLOCK + "attention.output.dense", 4, 6), weights -> {});
  }

  @Test
  void readsBeit() {
    String index = "attention.attention.relative_position_bias.relative_position_index";
    opened(
        TinyCheckpoint.beit()
            .with("beit.embeddings.mask_token", 1, 1, 4)
            .with("beit.encoder.layer.0." + index, 5, 5)
            .type("beit.encoder.layer.0." + index, DType.I64),
        weights -> {
          Block block = weights.blocks().getFirst();
          assertThat(block.relativePositions()).isNotNull();
          assertThat(block.attentionScale()).isNotNull();
          assertThat(block.mlpScale()).isNotNull();
          assertThat(block.key().bias()).isNull();
          assertThat(block.query().bias()).isNotNull();
          assertThat(weights.positions()).isNull();
          assertThat(weights.finalNorm()).isNull();
          assertThat(name(Objects.requireNonNull(weights.pooledNorm())))
              .isEqualTo("beit.pooler.layernorm.weight");
        },
        "beit.embeddings.mask_token",
        "beit.encoder.layer.0." + index);
  }

  @Test
  void readsBeitOfOtherForms() {
    String table = "beit.encoder.relative_position_bias.relative_position_bias_table";
    opened(
        TinyCheckpoint.beit()
            .withoutBelow("beit.encoder.layer.0.attention.attention.relative")
            .withoutBelow("beit.encoder.layer.0.lambda")
            .withoutBelow("beit.pooler")
            .norm("beit.layernorm")
            .with(table, 12, 2)
            .with("beit.embeddings.position_embeddings", 1, 5, 4)
            .config("use_relative_position_bias", "false")
            .config("use_shared_relative_position_bias", "true")
            .config("use_absolute_position_embeddings", "true")
            .config("use_mean_pooling", "false")
            .config("layer_scale_init_value", "0"),
        weights -> {
          assertThat(Objects.requireNonNull(weights.sharedRelativePositions()).name())
              .isEqualTo(table);
          assertThat(weights.positions()).isNotNull();
          assertThat(weights.finalNorm()).isNotNull();
          assertThat(weights.pooledNorm()).isNull();
          assertThat(weights.blocks().getFirst().mlpScale()).isNull();
          assertThat(weights.blocks().getFirst().relativePositions()).isNull();
        });
  }

  @Test
  void readsDeit() {
    opened(TinyCheckpoint.deit(), weights -> assertThat(weights.prefixTokens()).hasSize(2));
    opened(
        TinyCheckpoint.deit()
            .config("architectures", "[\"DeiTForImageClassificationWithTeacher\"]")
            .renamed("classifier", "cls_classifier")
            .dense("distillation_classifier", 3, 4),
        weights ->
            assertThat(weights.heads())
                .extracting(head -> head.weight().name())
                .containsExactly("cls_classifier.weight", "distillation_classifier.weight"));
  }

  @Test
  void namesTensorGotExpectedAndTheKeysThatAskForIt() {
    String query = BLOCK + "attention.attention.query.weight";
    refused(
        TinyCheckpoint.vit().with(query, 4, 5),
        "m/model.safetensors: tensor '"
            + query
            + "' has shape [4, 5], expected [4, 4] because"
            + " hidden_size=4 and num_attention_heads=2 of 2");
    refused(
        TinyCheckpoint.vit().with("vit.embeddings.position_embeddings", 1, 6, 4),
        "has shape [1, 6, 4], expected [1, 5, 4] because image_size=8x8 and patch_size=4x4,"
            + " hidden_size=4");
    refused(
        TinyCheckpoint.vit().dense("classifier", 2, 4),
        "tensor 'classifier.weight' has shape [2, 4], expected [3, 4] because hidden_size=4 and"
            + " config.json has 3 labels");
    refused(
        TinyCheckpoint.vit().config("num_channels", "3"),
        "has shape [4, 1, 4, 4], expected [4, 3, 4, 4] because hidden_size=4, num_channels=3 and");
    refused(
        TinyCheckpoint.beit().config("image_size", "12"),
        "has shape [12, 2], expected [28, 2] because image_size=12x12 and patch_size=4x4,"
            + " num_attention_heads=2 and use_relative_position_bias=true");
  }

  @Test
  void namesWhatIsMissing() {
    refused(
        TinyCheckpoint.vit().without(BLOCK + "output.dense.bias"),
        "m: tensor '"
            + BLOCK
            + "output.dense.bias' is missing, expected [4] because hidden_size=4"
            + " and intermediate_size=6; nearest in the file: '"
            + BLOCK
            + "attention.output.dense.bias' and '"
            + BLOCK
            + "output.dense.weight'");
    refused(
        TinyCheckpoint.vit().config("num_hidden_layers", "2"),
        "m/config.json: num_hidden_layers=2, but block 1 is missing: no tensor is below"
            + " 'vit.encoder.layer.1.'");
    String query = BLOCK + "attention.attention.query.bias";
    refused(
        TinyCheckpoint.vit().without(query),
        "tensor '%s' is missing, expected [4] because hidden_size=4 and num_attention_heads=2 of 2 and qkv_bias=true (default);"
            .formatted(query));
    refused(
        TinyCheckpoint.beit().withoutBelow("beit.pooler"),
        "tensor 'beit.pooler.layernorm.weight' is missing, expected [4] because hidden_size=4 and"
            + " use_mean_pooling=true (default)");
    refused(
        TinyCheckpoint.beit().config("use_absolute_position_embeddings", "true"),
        "and patch_size=4x4, hidden_size=4 and use_absolute_position_embeddings=true");
    refused(
        TinyCheckpoint.vit().without("classifier.weight"),
        "m: tensor 'classifier.weight' is missing, expected [3, 4] because hidden_size=4 and"
            + " config.json has 3 labels");
    refused(
        TinyCheckpoint.beit().without("beit.encoder.layer.0.lambda_2"),
        "lambda_2' is missing, expected [4] because hidden_size=4 and layer_scale_init_value");
    refused(
        TinyCheckpoint.vit().prefixed("model.").without("model." + BLOCK + "output.dense.bias"),
        "tensor 'model.%1$soutput.dense.bias' is missing, expected [4] because hidden_size=4 and intermediate_size=6; nearest in the file: 'model.%1$sattention."
            .formatted(BLOCK));
  }

  @Test
  void saysWhatEncoderThereIsInstead() {
    refused(
        TinyCheckpoint.vit().renamed("vit.", "deit."),
        "m: has no ViT encoder: no tensor is below 'vit.' or named so without that; its 24"
            + " tensors are 'classifier.bias', 'classifier.weight', …; those below 'deit.' are of"
            + " model_type=deit");
    refused(TinyCheckpoint.dinov2().withoutBelow(DINOV2), "has no DINOv2 with registers encoder");
  }

  /** Of a CLIP or SigLIP, what is about the vision encoder is an object of its own. */
  @Test
  void namesTheObjectThatAKeyIsIn() {
    TinyCheckpoint clip =
        TinyCheckpoint.vit()
            .config("model_type", "\"clip\"")
            .config("architectures", "")
            .withoutBelow("vit.")
            .with("vision_model.embeddings.class_embedding", 4)
            .with("vision_model.embeddings.patch_embedding.weight", 4, 1, 4, 4);
    refused(
        clip,
        "expected [768, 3, 32, 32] because vision_config.hidden_size=768 (default, for want of"
            + " 'vision_config'), vision_config.num_channels=3 (default, for want of");
    refused(
        clip.config("vision_config", "{\"hidden_size\":8,\"num_attention_heads\":2}"),
        "expected [8, 3, 32, 32] because vision_config.hidden_size=8,"
            + " vision_config.num_channels=3 (default) and vision_config.patch_size=32x32 (default)");
  }

  @Test
  void refusesWhatContradictsTheArchitecture() {
    refused(
        TinyCheckpoint.vit().with("embeddings.cls_token", 1, 1, 4),
        "has tensors both at 'embeddings.cls_token' and at 'vit.embeddings.cls_token'");
    refused(
        TinyCheckpoint.vit().with("vit.layers.0.mlp.fc1.weight", 6, 4),
        "has tensors both at 'vit.encoder.layer' and at 'vit.layers', expected one");
    refused(
        TinyCheckpoint.vit().type("vit.layernorm.bias", DType.I32),
        "tensor 'vit.layernorm.bias' has type I32, expected one of F32, F16, BF16, F64");
  }

  private static final String DINOV2 = "dinov2_with_registers.";

  private static TinyCheckpoint gated() {
    String mlp = DINOV2 + "encoder.layer.0.mlp.";
    return TinyCheckpoint.dinov2()
        .config("use_swiglu_ffn", "true")
        .withoutBelow(mlp)
        .dense(mlp + "weights_in", 2 * 8, 4)
        .dense(mlp + "weights_out", 4, 8);
  }

  @Test
  void readsDinov2() {
    String block = DINOV2 + "encoder.layer.0.";
    opened(
        TinyCheckpoint.dinov2(),
        weights -> {
          Block first = weights.blocks().getFirst();
          assertThat(weights.prefixTokens())
              .extracting(TensorView::name)
              .containsExactly(
                  DINOV2 + "embeddings.cls_token", DINOV2 + "embeddings.register_tokens");
          assertThat(first.mlpUp().weight().name()).isEqualTo(block + "mlp.fc1.weight");
          assertThat(first.mlpDown().weight().name()).isEqualTo(block + "mlp.fc2.weight");
          assertThat(name(first.attentionNorm())).isEqualTo(block + "norm1.weight");
          assertThat(name(first.mlpNorm())).isEqualTo(block + "norm2.weight");
          assertThat(Objects.requireNonNull(first.attentionScale()).name())
              .isEqualTo(block + "layer_scale1.lambda1");
          assertThat(Objects.requireNonNull(first.mlpScale()).name())
              .isEqualTo(block + "layer_scale2.lambda1");
          assertThat(weights.heads()).hasSize(1);
        },
        DINOV2 + "embeddings.mask_token");
    opened(
        gated(),
        weights ->
            assertThat(weights.blocks().getFirst().mlpUp().weight().name())
                .isEqualTo(block + "mlp.weights_in.weight"),
        DINOV2 + "embeddings.mask_token");
  }

  @Test
  void refusesRegistersThatAreNotThoseOfTheConfig() {
    String registers = DINOV2 + "embeddings.register_tokens";
    refused(
        TinyCheckpoint.dinov2().without(registers),
        "tensor '%s' is missing, expected [1, 2, 4] because hidden_size=4 and num_register_tokens=2"
            .formatted(registers));
    refused(
        TinyCheckpoint.dinov2().config("num_register_tokens", "3"),
        "has shape [1, 2, 4], expected [1, 3, 4] because hidden_size=4 and num_register_tokens=3");
    refused(
        TinyCheckpoint.dinov2().config("num_register_tokens", "0"),
        "num_register_tokens=0 leaves out 1 tensor of the encoder: '%s'".formatted(registers));
    refused(
        TinyCheckpoint.dinov2().config("model_type", "\"dinov2\"").renamed(DINOV2, "dinov2."),
        "model_type=dinov2, which has no registers, leaves out 1 tensor of the encoder");
    refused(
        TinyCheckpoint.dinov2().with(DINOV2 + "embeddings.position_embeddings", 1, 7, 4),
        "has shape [1, 7, 4], expected [1, 5, 4]");
  }

  @Test
  void refusesAnMlpThatIsNotTheConfigs() {
    refused(
        TinyCheckpoint.dinov2().config("use_swiglu_ffn", "true"),
        "mlp.weights_in.weight' is missing, expected [16, 4] because hidden_size=4 and mlp_ratio"
            + " for an MLP of 8, use_swiglu_ffn=true; nearest in the file:");
    refused(
        gated().config("use_swiglu_ffn", "false"),
        "mlp.fc1.weight' is missing, expected [6, 4] because hidden_size=4 and mlp_ratio"
            + " for an MLP of 6, use_swiglu_ffn=false; nearest in the file:");
    refused(
        gated().config("mlp_ratio", "4"),
        "weights_in.weight' has shape [16, 4], expected [32, 4] because hidden_size=4");
  }

  @Test
  void readsDinov3() {
    TinyCheckpoint gated = TinyCheckpoint.dinov3().config("use_gated_mlp", "true");
    gated.dense("layer.0.mlp.gate_proj", 6, 4);
    for (TinyCheckpoint model :
        List.of(TinyCheckpoint.dinov3(), gated, gated.renamed("layer.0.", "model.layer.0."))) {
      opened(
          model,
          weights -> {
            Block first = weights.blocks().getFirst();
            assertThat(weights.positions()).isNull();
            assertThat(first.key().bias()).isNull();
            assertThat(first.query().bias()).isNotNull();
            assertThat(first.mlpUp().weight().name()).endsWith("layer.0.mlp.up_proj.weight");
            assertThat(first.mlpGate() != null)
                .isEqualTo(weights.config().encoder().mlp() instanceof Mlp.Gated);
            assertThat(weights.heads()).isEmpty();
          },
          "embeddings.mask_token");
    }
    opened(
        TinyCheckpoint.dinov3()
            .config("num_register_tokens", "0")
            .with("embeddings.register_tokens", 1, 0, 4), // As transformers saves none.
        weights -> assertThat(weights.prefixTokens()).hasSize(1),
        "embeddings.mask_token",
        "embeddings.register_tokens");
  }

  @Test
  void refusesADinov3ThatIsNotTheConfigs() {
    refused(
        TinyCheckpoint.dinov3().without("embeddings.register_tokens"),
        "'embeddings.register_tokens' is missing, expected [1, 2, 4] because hidden_size=4 and"
            + " num_register_tokens=2");
    refused(
        TinyCheckpoint.dinov3().config("num_register_tokens", ""),
        "num_register_tokens=0 (default) leaves out 1 tensor of the encoder");
    refused(
        TinyCheckpoint.dinov3().with("embeddings.position_embeddings", 1, 5, 4),
        "DINOv3, which has no such part, leaves out 1 tensor of the encoder:"
            + " 'embeddings.position_embeddings'");
    refused(
        TinyCheckpoint.dinov3().config("use_gated_mlp", "true"),
        "tensor 'layer.0.mlp.gate_proj.weight' is missing, expected [6, 4] because hidden_size=4"
            + " and intermediate_size=6, use_gated_mlp=true");
    refused(
        TinyCheckpoint.dinov3().dense("layer.0.mlp.gate_proj", 6, 4),
        "use_gated_mlp=false (default) leaves out 2 tensors of the encoder");
    String[][] biases = {
      {"query_bias", "attention.q_proj"},
      {"value_bias", "attention.v_proj"},
      {"proj_bias", "attention.o_proj"},
      {"mlp_bias", "mlp.down_proj"},
    };
    for (String[] bias : biases) {
      refused(TinyCheckpoint.dinov3().config(bias[0], "false"), bias[0] + "=false leaves out ");
      refused(
          TinyCheckpoint.dinov3().without("layer.0." + bias[1] + ".bias"),
          "'layer.0." + bias[1] + ".bias' is missing, expected [4]");
    }
    refused(
        TinyCheckpoint.dinov3().config("key_bias", "true"),
        "'layer.0.attention.k_proj.bias' is missing");
    refused(
        TinyCheckpoint.dinov3().with("layer.0.attention.k_proj.bias", 4),
        "key_bias=false (default) leaves out 1 tensor");
  }

  @Test
  void refusesAClassifierOfTheClassTokenAlone() {
    refused(
        TinyCheckpoint.dinov2().with("classifier.weight", 3, 4),
        "has shape [3, 4], expected [3, 8] because hidden_size=4 and config.json has 3 labels"
            + " of class token and mean of the patches");
  }

  @Test
  void refusesADinov2WithoutLayerScale() {
    refused(
        TinyCheckpoint.dinov2().without(DINOV2 + "encoder.layer.0.layer_scale2.lambda1"),
        "layer_scale2.lambda1' is missing, expected [4] because hidden_size=4 and"
            + " model_type=dinov2_with_registers");
  }
}
