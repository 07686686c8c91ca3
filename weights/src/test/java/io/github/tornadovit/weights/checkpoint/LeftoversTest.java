package io.github.tornadovit.weights.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.TinyCheckpoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors that a configuration leaves out of the encoder that was trained with them. */
class LeftoversTest {
  private static final String VIT = "vit.encoder.layer.0.";
  private static final String BEIT = "beit.encoder.layer.0.";
  private static final String DINOV2 = "dinov2_with_registers.";

  @TempDir Path folder;

  private void refused(TinyCheckpoint model, String... facts) {
    try (Checkpoint checkpoint = Checkpoint.open(model.write(folder), "m")) {
      for (var reading : List.<Runnable>of(checkpoint::weights, checkpoint::unread)) {
        assertThatExceptionOfType(CheckpointException.class)
            .isThrownBy(reading::run)
            .withMessageStartingWith("m/config.json: ")
            .satisfies(e -> assertThat(e.getMessage()).contains(facts));
      }
    }
  }

  private void unread(TinyCheckpoint model, String... names) {
    try (Checkpoint checkpoint = Checkpoint.open(model.write(folder), "m")) {
      assertThat(checkpoint.unread()).extracting(TensorView::name).containsExactly(names);
    }
  }

  @Test
  void refusesFewerBlocksThanThereAre() {
    refused(
        TinyCheckpoint.vit()
            .norm("vit.encoder.layer.1.layernorm_before")
            .norm("vit.encoder.layer.11.layernorm_before"),
        "m/config.json: num_hidden_layers=1, of 12 blocks, leaves out 4 tensors of the encoder:"
            + " 'vit.encoder.layer.1.layernorm_before.bias',"
            + " 'vit.encoder.layer.1.layernorm_before.weight',"
            + " 'vit.encoder.layer.11.layernorm_before.bias', …; answers without are not the trained"
            + " model's. Correct config.json, or take out of the file what is not wanted");
    refused(
        TinyCheckpoint.vit().renamed("vit.", "").norm("encoder.layer.1.layernorm_before"),
        "num_hidden_layers=1, of 2 blocks, leaves out 2 tensors");
  }

  /** As transformers 5.17 saves the classifier of a ViT-MSN: blocks without the prefix. */
  @Test
  void findsBlocksWithoutThePrefix() {
    TinyCheckpoint msn =
        TinyCheckpoint.vit()
            .config("model_type", "\"vit_msn\"")
            .config("architectures", "")
            .renamed("vit.encoder", "encoder");
    unread(msn);
    refused(
        msn.norm("encoder.layer.1.layernorm_before"),
        "num_hidden_layers=1, of 2 blocks, leaves out 2 tensors");
  }

  @Test
  void refusesBiasesThatTheConfigDenies() {
    refused(
        TinyCheckpoint.vit().config("qkv_bias", "false"),
        "qkv_bias=false leaves out 3 tensors of the encoder: '%1$skey.bias', '%1$squery.bias', '%1$svalue.bias';"
            .formatted(VIT + "attention.attention."));
    refused(
        TinyCheckpoint.deit().config("qkv_bias", "false"), "qkv_bias=false leaves out 3 tensors");
    refused(
        TinyCheckpoint.dinov2().config("qkv_bias", "false"), "qkv_bias=false leaves out 3 tensors");
    refused(
        TinyCheckpoint.beit().with(BEIT + "attention.attention.key.bias", 4),
        "model_type=beit, whose keys have no biases, leaves out 1 tensor of the encoder: '"
            + BEIT
            + "attention.attention.key.bias';");
  }

  @Test
  void refusesPartsThatTheConfigDenies() {
    refused(
        TinyCheckpoint.beit().config("use_relative_position_bias", "false"),
        "use_relative_position_bias=false leaves out 1 tensor");
    refused(
        TinyCheckpoint.beit().config("use_relative_position_bias", ""),
        "use_relative_position_bias=false (default) leaves out 1 tensor");
    refused(
        TinyCheckpoint.beit()
            .with("beit.encoder.relative_position_bias.relative_position_bias_table", 12, 2),
        "use_shared_relative_position_bias=false (default) leaves out 1 tensor");
    refused(
        TinyCheckpoint.beit().with("beit.embeddings.position_embeddings", 1, 5, 4),
        "use_absolute_position_embeddings=false");
    refused(
        TinyCheckpoint.beit().config("layer_scale_init_value", "0"),
        "layer_scale_init_value=0 leaves out 2 tensors of the encoder: '" + BEIT + "lambda_1'");
    refused(TinyCheckpoint.beit().norm("beit.layernorm"), "use_mean_pooling=true (default)");
    refused(
        TinyCheckpoint.beit().config("use_mean_pooling", "false").norm("beit.layernorm"),
        "use_mean_pooling=false leaves out 2 tensors of the encoder: 'beit.pooler.layernorm.bias'");
    refused(
        TinyCheckpoint.dinov2()
            .dense(DINOV2 + "encoder.layer.0.mlp.weights_in", 16, 4)
            .config("use_swiglu_ffn", "false"),
        "use_swiglu_ffn=false leaves out 2 tensors");
  }

  @Test
  void refusesModulesThatTheFamilyDoesNotHave() {
    refused(
        TinyCheckpoint.vit().with("vit.embeddings.register_tokens", 1, 4, 4),
        "ViT, which has no such part, leaves out 1 tensor of the encoder:"
            + " 'vit.embeddings.register_tokens'");
    refused(
        TinyCheckpoint.vit().norm(VIT + "attention.q_norm"),
        "ViT, which has no such part, leaves out 2 tensors of the encoder: '"
            + VIT
            + "attention.q_norm.bias'");
    refused(
        TinyCheckpoint.vit().with(VIT + "output.dense.weight_scale", 4),
        "leaves out 1 tensor of the encoder: '" + VIT + "output.dense.weight_scale'");
    refused(
        TinyCheckpoint.vit().prefixed("model.").with("model." + VIT + "lambda_1", 4),
        "leaves out 1 tensor of the encoder: 'model." + VIT + "lambda_1'");
  }

  /** What transformers saves with an encoder, and what others keep beside one. */
  @Test
  void leavesUnreadWhatNoAnswerNeeds() {
    unread(
        TinyCheckpoint.vit()
            .with("vit.embeddings.mask_token", 1, 1, 4)
            .dense("vit.pooler.dense", 4, 4)
            .with("vit.my_projection.weight", 2, 4)
            .with("loss.weight", 3),
        "loss.weight",
        "vit.embeddings.mask_token",
        "vit.my_projection.weight",
        "vit.pooler.dense.bias",
        "vit.pooler.dense.weight");
  }
}
