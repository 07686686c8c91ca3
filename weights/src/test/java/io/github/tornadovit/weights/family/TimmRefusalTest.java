package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.tensor.TensorView;
import org.junit.jupiter.api.Test;

/** Configurations of timm that contradict their tensors or are of something else. */
class TimmRefusalTest extends TimmTestCase {
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
        "m/config.json: timm's vit_base_patch16_224, which has no such part, leaves out 2 tensors");
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

  /** timm loads no other tensors than the architecture or an argument asks for. */
  @Test
  void theArchitectureTellsOfBiasesAndScales() {
    String qkv = ",\"init_values\":null";
    refused(
        config("vit_base_patch16_224_miil", qkv, ""),
        "m/config.json: architecture=vit_base_patch16_224_miil has no qkv_bias, but the file has"
            + " tensors 'attn.qkv.bias'; name the architecture that it is of, or give qkv_bias in");
    refused(
        config("vit_base_patch14_dinov2", "", ""),
        "has init_values, but the file has no tensors 'ls1.gamma'");
    tensors.keySet().removeIf(name -> name.endsWith("qkv.bias"));
    refused(
        config("vit_base_patch16_dinov3_qkvb", qkv, ""),
        "has qkv_bias, but the file has no tensors 'attn.q_bias'");
    refused(config("vit_base_patch16_224", "", ""), "has no tensors 'attn.qkv.bias'");
    read(config("vit_base_patch16_224", ",\"qkv_bias\":null", ""));
    put("blocks.0.gamma_1", WIDTH);
    refused(
        config("vit_base_patch16_dinov3", qkv, ""),
        "key 'model_args.init_values' is null, expected what goes with the file, which has tensors"
            + " 'gamma_1'");
  }

  @Test
  void theKeyThatLeavesAPartOutIsNamed() {
    String vit = "vit_base_patch16_224";
    refused(
        config(vit, ",\"class_token\":false", ""),
        "global_pool=token of architecture=vit_base_patch16_224, expected avg or map, for"
            + " model_args.class_token=false");
    refused(
        config(vit, ",\"class_token\":false,\"global_pool\":\"avg\"", ""),
        "m/config.json: model_args.class_token=false, but there is a tensor 'cls_token'");
    refused(
        config(vit, ",\"final_norm\":false", ""),
        "model_args.final_norm=false leaves out 2 tensors of the encoder: 'norm.bias'");
    norm("norm_pre");
    refused(
        config(vit, ",\"pre_norm\":true", ""),
        "model_args.pre_norm=true leaves out 1 tensor of the encoder: 'patch_embed.proj.bias'");
    TensorView bias = tensors.remove("patch_embed.proj.bias");
    refused(
        config(vit, "", ""),
        "'patch_embed.proj.bias' is missing, expected [6] because model_args.embed_dim=6 and"
            + " pre_norm=false (vit_base_patch16_224)");
    tensors.keySet().removeIf(name -> name.startsWith("norm_pre"));
    tensors.put("patch_embed.proj.bias", bias);
    put("blocks.0.attn.k_bias", WIDTH);
    refused(
        config(vit, "", ""),
        "timm's vit_base_patch16_224, whose keys have no biases of their own, leaves out 1 tensor");
    tensors.remove("blocks.0.attn.k_bias");
    put("attn_pool.latent", 1, 1, WIDTH);
    refused(config(vit, "", ""), "global_pool=token (vit_base_patch16_224) leaves out 1 tensor");
    tensors.remove("attn_pool.latent");
    norm("fc_norm");
    refused(
        config(vit, "", ""),
        "fc_norm=false (vit_base_patch16_224 with global_pool=token) leaves out 2 tensors of the"
            + " encoder: 'fc_norm.bias'");
    refused(
        config(vit, ",\"global_pool\":\"avg\"", ""),
        "fc_norm=true (vit_base_patch16_224 with global_pool=avg) leaves out 2 tensors of the"
            + " encoder: 'norm.bias'");
  }

  @Test
  void otherNamesThanTheFamilysAreSaid() {
    refused(
        config("vit_base_patch16_224", "", ",\"model_type\":\"vit\""),
        "has no ViT encoder",
        "; these are timm's names: config.json needs timm's 'architecture' (as"
            + " vit_base_patch16_224), and no model_type beside it");
    tensors.clear();
    put("vit.encoder.layer.0.output.dense.weight", WIDTH, WIDTH);
    refused(
        config("vit_base_patch16_224", "", ""),
        "m/config.json: architecture=vit_base_patch16_224, but the tensors have other names than"
            + " timm's: none is below 'blocks.'; those below 'vit.' are of model_type=vit");
  }

  @Test
  void anEdgeThatFillsNoPatchIsLeftOutOrRefusedAsByTimm() {
    String nine =
        config("vit_base_patch16_224", "", "").replace("\"img_size\":8", "\"img_size\":9");
    assertThat(read(nine).config().patches()).isEqualTo(4);
    assertThat(notes)
        .anyMatch(
            note ->
                note.startsWith(
                    "model_args.img_size=9x9 is no multiple of model_args.patch_size=4x4: the last"
                        + " 1 rows and 1 columns of an image are in no patch"));
    refused(
        nine.replace("\"img_size\":9", "\"img_size\":[9,8],\"dynamic_img_size\":true"),
        "model_args.img_size=9x8 is no multiple of model_args.patch_size=4x4, as dynamic_img_size"
            + " asks: timm refuses such images; expected 8x8 or 12x8");
  }

  @Test
  void layerScaleIsOfAllBlocksOrNone() {
    put("blocks.1.ls1.gamma", WIDTH);
    refused(
        config("vit_base_patch16_224", ",\"init_values\":1", ""),
        "tensor 'blocks.0.ls1.gamma' is missing");
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
