"""
Makes golden/models: tiny random checkpoints in every form that Hugging Face tools write, and what transformers computes
from them.

    python make_model_goldens.py [OUT_DIR [VARIANT...]]

Each folder is a checkpoint as the Hub has it (config.json, preprocessor_config.json, weights) plus golden.safetensors.
The goldens come from the folder as read back by from_pretrained, in float32, and must equal those of the model that was
saved.
"""

import copy
import json
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import torch
import transformers
from safetensors.torch import load_file, save_file

import golden
from golden import GOLDEN, fresh_folder, write_json, write_tensors

VIT = dict(hidden_size=20, num_hidden_layers=2, num_attention_heads=4, intermediate_size=37, image_size=24, patch_size=6)
TINY = dict(VIT, hidden_size=15, num_attention_heads=3, intermediate_size=29, image_size=16, patch_size=4)
WIDE = dict(VIT, hidden_size=33, num_hidden_layers=3, num_attention_heads=3, intermediate_size=50, image_size=28, patch_size=7)
DEIT = dict(VIT, image_size=20, patch_size=4)
BEIT = dict(VIT, use_relative_position_bias=True)
DINOV2 = dict(hidden_size=20, num_hidden_layers=2, num_attention_heads=4, mlp_ratio=2, image_size=24, patch_size=6)
DINOV3 = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=37, image_size=24, patch_size=6)
TEXT = dict(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, vocab_size=11, max_position_embeddings=6)
CLIP = dict(text_config=TEXT, vision_config=VIT, projection_dim=6)
SIGLIP = dict(text_config=TEXT, vision_config=VIT)
# The 24x24 patches of the 384-pixel checkpoints.
GRID_24 = dict(hidden_size=14, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, image_size=48, patch_size=2)


def legacy_state(folder, model):
    """The saved state dict with the names of transformers 4, as torch.save wrote it then."""
    state = OrderedDict(load_file(folder / "model.safetensors"))
    state._metadata = model.state_dict()._metadata
    (folder / "model.safetensors").unlink()
    return state


def save_safetensors(model, folder):
    """model.safetensors with the names of transformers 4, the default of transformers 5 too."""
    model.save_pretrained(folder)


def save_new_names(model, folder):
    """model.safetensors with the module names of transformers 5."""
    model.save_pretrained(folder, save_original_format=False)


def save_sharded(model, folder):
    """Several safetensors files and an index."""
    model.save_pretrained(folder, max_shard_size="16KB")
    assert len(list(folder.glob("model-*.safetensors"))) >= 2


def save_bin(model, folder):
    """pytorch_model.bin, the zip form."""
    model.save_pretrained(folder)
    torch.save(legacy_state(folder, model), folder / "pytorch_model.bin")


def save_legacy_bin(model, folder):
    """pytorch_model.bin as torch wrote it before 1.6."""
    model.save_pretrained(folder)
    state = legacy_state(folder, model)
    torch.save(state, folder / "pytorch_model.bin", _use_new_zipfile_serialization=False)


def save_sharded_bin(model, folder):
    """Two pytorch_model-*.bin and an index; each is a plain dict."""
    model.save_pretrained(folder)
    state = legacy_state(folder, model)
    names = list(state)
    weight_map = {}
    for number, part in enumerate((names[::2], names[1::2]), start=1):
        file = f"pytorch_model-{number:05d}-of-00002.bin"
        torch.save({name: state[name] for name in part}, folder / file)
        weight_map.update(dict.fromkeys(part, file))
    size = sum(tensor.nbytes for tensor in state.values())
    write_json(folder / "pytorch_model.bin.index.json", {"metadata": {"total_size": size}, "weight_map": weight_map}, True)


def save_views_bin(model, folder):
    """pytorch_model.bin of unusual tensors: slices of one storage, a transposed one, an expanded one, parameters."""
    model.save_pretrained(folder)
    state = dict(legacy_state(folder, model))
    for layer in range(model.config.num_hidden_layers):
        parts = [f"vit.encoder.layer.{layer}.attention.attention.{part}.weight" for part in ("query", "key", "value")]
        fused = torch.cat([state[name] for name in parts])
        for name, view in zip(parts, fused.split(fused.shape[1])):
            state[name] = view
    state["classifier.weight"] = state["classifier.weight"].t().contiguous().t()
    state["vit.layernorm.bias"] = state["vit.layernorm.bias"][:1].expand(model.config.hidden_size)
    with torch.no_grad():
        model.vit.layernorm.bias.copy_(state["vit.layernorm.bias"])
    state["vit.layernorm.weight"] = torch.nn.Parameter(state["vit.layernorm.weight"])
    torch.save(state, folder / "pytorch_model.bin")


def save_bin_with_index(model, folder):
    """pytorch_model.bin of a BEiT that shares its bias, with the int64 index buffer of transformers 4."""
    model.save_pretrained(folder)
    state = legacy_state(folder, model)
    name = "beit.encoder.relative_position_bias.relative_position_index"
    state[name] = golden.relative_position_index(model.config)
    torch.save(state, folder / "pytorch_model.bin")


def save_safetensors_with_index(model, folder):
    """model.safetensors of a BEiT with both biases and all their int64 index buffers."""
    model.save_pretrained(folder)
    state = load_file(folder / "model.safetensors")
    for name in [name for name in state if name.endswith("relative_position_bias_table")]:
        index = name.replace("relative_position_bias_table", "relative_position_index")
        state[index] = golden.relative_position_index(model.config)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})


def save_wrapped(prefix, outer=None):
    """pytorch_model.bin of a model in wrappers, whose names come before all others; perhaps one entry among `outer`."""

    def save(model, folder):
        model.save_pretrained(folder)
        state = OrderedDict((prefix + name, tensor) for name, tensor in legacy_state(folder, model).items())
        torch.save(state if outer is None else dict(outer, state_dict=state), folder / "pytorch_model.bin")

    return save


def save_renamed(name):
    """model.safetensors whose config.json names a class of somebody's own."""

    def save(model, folder):
        model.save_pretrained(folder)
        config = json.loads((folder / "config.json").read_text())
        write_json(folder / "config.json", dict(config, architectures=[name]), sort_keys=True)

    return save


LIGHTNING = {"epoch": 3, "global_step": 12, "pytorch-lightning_version": "2.5.0", "loops": {"fit_loop": {"state_dict": {}}},
             "optimizer_states": [{"state": {0: {"step": torch.tensor(12.0)}}, "param_groups": [{"lr": 1e-3, "params": [0]}]}],
             "lr_schedulers": [], "hyper_parameters": {"lr": 1e-3, "name": "mask"}}


@dataclass
class Variant:
    """
    One checkpoint folder. `old` asks for config files as transformers 4.16 wrote them; `foreign` says that transformers
    itself does not read the folder back, so that the goldens are those of the model that was saved. `crop` is the side of
    the pixels where the processor does not bring images to `image_size`.
    """

    name: str
    model_class: str
    config: dict
    save: Callable = save_safetensors
    labels: int = 7
    dtype: torch.dtype = torch.float32
    old: bool = False
    extra: dict = field(default_factory=dict)
    attention: bool = True
    foreign: bool = False
    crop: int | None = None


VARIANTS = [
    Variant("vit", "ViTForImageClassification", WIDE),
    Variant("vit-5x-names", "ViTForImageClassification", VIT, save_new_names),
    Variant("vit-bin", "ViTForImageClassification", VIT, save_bin),
    Variant("vit-bin-views", "ViTForImageClassification", TINY, save_views_bin),
    Variant("vit-legacy-bin", "ViTForImageClassification", VIT, save_legacy_bin, labels=2, old=True),
    Variant("vit-sharded", "ViTForImageClassification", VIT, save_sharded),
    Variant("vit-sharded-bin", "ViTForImageClassification", TINY, save_sharded_bin),
    Variant("vit-f16", "ViTForImageClassification", VIT, dtype=torch.float16),
    Variant("vit-bf16", "ViTForImageClassification", VIT, dtype=torch.bfloat16),
    Variant("vit-f64", "ViTForImageClassification", TINY, dtype=torch.float64),
    Variant("vit-bf16-bin", "ViTForImageClassification", TINY, save_bin, dtype=torch.bfloat16),
    Variant("vit-no-qkv-bias", "ViTForImageClassification", TINY, extra=dict(qkv_bias=False)),
    Variant("vit-gelu-new", "ViTForImageClassification", TINY, extra=dict(hidden_act="gelu_new")),
    Variant("vit-gelu-pytorch-tanh", "ViTForImageClassification", TINY, extra=dict(hidden_act="gelu_pytorch_tanh")),
    Variant("vit-quick-gelu", "ViTForImageClassification", TINY, extra=dict(hidden_act="quick_gelu")),
    Variant("vit-relu", "ViTForImageClassification", TINY, extra=dict(hidden_act="relu")),
    Variant("vit-silu", "ViTForImageClassification", TINY, extra=dict(hidden_act="silu")),
    Variant("vit-one-channel", "ViTForImageClassification", VIT, extra=dict(num_channels=1)),
    Variant("vit-multi-label", "ViTForImageClassification", TINY, extra=dict(problem_type="multi_label_classification")),
    Variant("vit-single-logit", "ViTForImageClassification", TINY, labels=1),
    Variant("vit-two-labels", "ViTForImageClassification", TINY, labels=2),
    Variant("vit-patch-non-dividing", "ViTForImageClassification", VIT, extra=dict(image_size=27)),
    Variant("vit-rectangular", "ViTForImageClassification", VIT, extra=dict(image_size=[18, 32], patch_size=[6, 8])),
    Variant("vit-head-dim", "ViTForImageClassification", VIT, extra=dict(num_attention_heads=3, head_dim=7)),
    Variant("vit-large-eps", "ViTForImageClassification", TINY, extra=dict(layer_norm_eps=1e-2)),
    Variant("vit-model-pooler", "ViTModel", VIT, old=True),
    Variant("vit-model-pooler-relu-11", "ViTModel", TINY, extra=dict(pooler_act="relu", pooler_output_size=11)),
    Variant("beit", "BeitForImageClassification", WIDE, extra=dict(use_relative_position_bias=True)),
    Variant("beit-5x-names", "BeitForImageClassification", BEIT, save_new_names),
    Variant("beit-shared-bias", "BeitForImageClassification", VIT, save_bin_with_index, labels=2, old=True,
            extra=dict(use_shared_relative_position_bias=True, use_mask_token=True)),
    Variant("beit-both-biases", "BeitForImageClassification", BEIT, save_safetensors_with_index,
            extra=dict(use_shared_relative_position_bias=True)),
    Variant("beit-both-biases-5x-names", "BeitForImageClassification", dict(TINY, use_relative_position_bias=True),
            save_new_names, extra=dict(use_shared_relative_position_bias=True)),
    Variant("beit-absolute-positions", "BeitForImageClassification", VIT, extra=dict(use_absolute_position_embeddings=True)),
    Variant("beit-cls", "BeitForImageClassification", BEIT, extra=dict(use_mean_pooling=False)),
    Variant("beit-no-layer-scale", "BeitForImageClassification", BEIT, extra=dict(layer_scale_init_value=0.0)),
    Variant("beit-model", "BeitModel", BEIT),
    Variant("deit", "DeiTForImageClassification", DEIT),
    Variant("deit-distilled", "DeiTForImageClassificationWithTeacher", DEIT),
    Variant("deit-distilled-5x-names", "DeiTForImageClassificationWithTeacher", DEIT, save_new_names),
    Variant("deit-model", "DeiTModel", DEIT),
    Variant("vit-24x24-patches", "ViTForImageClassification", GRID_24, attention=False),
    Variant("beit-24x24-patches", "BeitForImageClassification", dict(GRID_24, use_relative_position_bias=True), attention=False),
    Variant("vit-mae", "ViTMAEModel", VIT, extra=dict(mask_ratio=0.0)),
    Variant("vit-mae-5x-names", "ViTMAEModel", TINY, save_new_names, extra=dict(mask_ratio=0.0)),
    Variant("vit-msn", "ViTMSNForImageClassification", VIT),
    Variant("vit-msn-model", "ViTMSNModel", TINY),
    Variant("data2vec-vision", "Data2VecVisionForImageClassification", BEIT),
    Variant("data2vec-vision-model", "Data2VecVisionModel", dict(TINY, use_shared_relative_position_bias=True)),
    Variant("vit-msn-5x-names", "ViTMSNForImageClassification", TINY, save_new_names),
    Variant("beit-mim", "BeitForMaskedImageModeling", TINY,
            extra=dict(use_shared_relative_position_bias=True, use_mask_token=True, vocab_size=11)),
    # transformers 5.17 reads one of the two norms of this one back in place of the other.
    Variant("beit-mim-cls", "BeitForMaskedImageModeling", TINY, foreign=True,
            extra=dict(use_relative_position_bias=True, use_mean_pooling=False, vocab_size=11)),
    Variant("vit-mim", "ViTForMaskedImageModeling", TINY, extra=dict(encoder_stride=4)),
    Variant("deit-mim", "DeiTForMaskedImageModeling", TINY, save_bin, extra=dict(encoder_stride=4)),
    Variant("vit-mae-pretraining", "ViTMAEForPreTraining", TINY,
            extra=dict(mask_ratio=0.0, decoder_hidden_size=8, decoder_num_attention_heads=2, decoder_num_hidden_layers=1,
                       decoder_intermediate_size=8)),
    Variant("vit-wrapped-bin", "ViTForImageClassification", TINY, save_wrapped("module._orig_mod."), foreign=True),
    Variant("vit-lightning-bin", "ViTForImageClassification", TINY, save_wrapped("model.", LIGHTNING), foreign=True),
    Variant("beit-renamed", "BeitForImageClassification", dict(TINY, use_relative_position_bias=True),
            save_renamed("FaceMaskNet")),
    Variant("deit-distilled-renamed", "DeiTForImageClassificationWithTeacher", TINY, save_renamed("DeiTModel")),
    Variant("dinov2", "Dinov2ForImageClassification", DINOV2),
    Variant("dinov2-crop", "Dinov2ForImageClassification", dict(DINOV2, image_size=42), crop=18),
    Variant("dinov2-swiglu", "Dinov2ForImageClassification", dict(DINOV2, use_swiglu_ffn=True), labels=2),
    Variant("dinov2-bin", "Dinov2ForImageClassification", DINOV2, save_bin, extra=dict(hidden_act="gelu_pytorch_tanh")),
    Variant("dinov2-model", "Dinov2Model", dict(DINOV2, image_size=12), crop=24, extra=dict(use_mask_token=False)),
    Variant("dinov2-backbone-renamed", "Dinov2Model", DINOV2, save_renamed("Dinov2Backbone")),
    Variant("dinov2-registers", "Dinov2WithRegistersForImageClassification", DINOV2),
    Variant("dinov2-registers-crop", "Dinov2WithRegistersForImageClassification", dict(DINOV2, image_size=42), crop=18),
    Variant("dinov2-registers-model", "Dinov2WithRegistersModel", dict(DINOV2, image_size=12), crop=24,
            extra=dict(num_register_tokens=1, use_swiglu_ffn=True, qkv_bias=False)),
    Variant("clip", "CLIPForImageClassification", CLIP),
    Variant("clip-model", "CLIPModel", CLIP),
    Variant("clip-vision-model", "CLIPVisionModel", dict(TINY, hidden_act="gelu")),
    Variant("clip-projection", "CLIPVisionModelWithProjection", dict(VIT, projection_dim=6)),
    Variant("metaclip-2", "MetaClip2ForImageClassification", CLIP, save_bin),
    Variant("siglip", "SiglipForImageClassification", SIGLIP),
    Variant("siglip-model", "SiglipModel", SIGLIP),
    Variant("siglip-vision-model", "SiglipVisionModel", TINY),
    Variant("siglip-headless", "SiglipVisionModel", TINY, extra=dict(vision_use_head=False)),
    Variant("ijepa", "IJepaForImageClassification", VIT),
    Variant("ijepa-5x-names", "IJepaForImageClassification", TINY, save_new_names, labels=2),
    Variant("ijepa-model", "IJepaModel", TINY),
    Variant("dinov3", "DINOv3ViTModel", DINOV3, extra=dict(num_register_tokens=4)),
    Variant("dinov3-gated", "DINOv3ViTModel", DINOV3, extra=dict(
        num_register_tokens=2, use_gated_mlp=True, hidden_act="silu", query_bias=False, value_bias=False)),
    Variant("dinov3-5x-names", "DINOv3ViTModel", dict(DINOV3, num_attention_heads=2), save_new_names),
    Variant("dinov3-bin", "DINOv3ViTModel", dict(DINOV3, image_size=30), save_bin, extra=dict(
        num_register_tokens=1, key_bias=True, proj_bias=False, mlp_bias=False, rope_theta=10.0, hidden_act="gelu_pytorch_tanh")),
]


def build(variant, seed, **spread):
    """The random model of `variant`, in the type that it is stored in; `spread` goes to golden.random_weights."""
    model_class = getattr(transformers, variant.model_class)
    labels = {i: f"{word} label" for i, word in enumerate("zero one two three four five six".split()[: variant.labels])}
    names = dict(id2label=labels, label2id={label: i for i, label in labels.items()})
    config = model_class.config_class(**{**variant.config, **variant.extra, **names})
    config._attn_implementation = "eager"
    model = model_class(config).eval().to(variant.dtype)
    golden.random_weights(model, seed, **spread)
    return model


def sides(variant, config):
    """Height and width of the pixels."""
    size = variant.crop or golden.vision(config).image_size
    return size if isinstance(size, (list, tuple)) else (size, size)


CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]


def bit_processor(side, channels):
    """The BitImageProcessor of facebook/dinov2-*: the shorter edge an eighth longer than the crop."""
    return dict(crop_size=dict(height=side, width=side), do_center_crop=True, do_convert_rgb=True, do_normalize=True,
                do_rescale=True, do_resize=True, image_mean=[0.485, 0.456, 0.406][:channels],
                image_processor_type="BitImageProcessor", image_std=[0.229, 0.224, 0.225][:channels], resample=3,
                rescale_factor=1 / 255, size=dict(shortest_edge=side * 8 // 7))


def write_preprocessor(folder, config, old, crop=None):
    """The preprocessor_config.json that fits the model, as transformers 5 or 4.16 wrote it."""
    if config.model_type.startswith("dinov2"):
        value = bit_processor(crop or config.image_size, config.num_channels)
        return write_json(folder / "preprocessor_config.json", value, sort_keys=True)
    kind = type(config).__name__.removesuffix("Config").removesuffix("Vision")
    kind = dict(ViTMAE="ViT", ViTMSN="ViT", Data2Vec="Beit", MetaClip2="CLIP", IJepa="ViT").get(kind, kind)
    config = golden.vision(config)
    size = config.image_size if isinstance(config.image_size, (list, tuple)) else [config.image_size] * 2
    half = [0.5] * config.num_channels
    if old:
        value = dict(do_normalize=True, do_resize=True, feature_extractor_type=f"{kind}FeatureExtractor",
                     image_mean=half, image_std=half, resample=2, size=size[0])
        if kind == "Beit":
            value.update(crop_size=size[0], do_center_crop=False, reduce_labels=False)
    else:
        value = dict(do_normalize=True, do_rescale=True, do_resize=True, image_mean=half,
                     image_processor_type=f"{kind}ImageProcessor", image_std=half, resample=2 if kind == "ViT" else 3,
                     rescale_factor=1 / 255, size=dict(height=size[0], width=size[1]))
        if kind == "DINOv3ViT":
            value.update(image_processor_type=f"{kind}ImageProcessorFast", resample=2, image_mean=[0.485, 0.456, 0.406],
                         image_std=[0.229, 0.224, 0.225])
        if kind == "DeiT":
            value.update(do_center_crop=False)
        if kind == "CLIP":
            value.update(do_center_crop=True, crop_size=value["size"], size=dict(shortest_edge=size[0]),
                         do_convert_rgb=True, image_mean=CLIP_MEAN, image_std=CLIP_STD)
    write_json(folder / "preprocessor_config.json", value, sort_keys=True)


def rewrite_config_as_old(folder):
    """config.json as transformers 4.16 wrote it: torch_dtype, label ids as strings, no pooler keys."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["torch_dtype"] = config.pop("dtype")
    config["transformers_version"] = "4.16.2"
    config.pop("pooler_act", None)
    config.pop("pooler_output_size", None)
    config["label2id"] = {label: str(i) for label, i in config["label2id"].items()}
    write_json(path, config, sort_keys=True)


def check_lively(variant, result):
    """The outputs must be of order one and differ between images, or a wrong reader would pass."""
    output = result.get("logits", result["norm"])
    assert output.isfinite().all() and 0.1 < output.abs().max() < 20, f"{variant.name}: {output}"
    spread = (output.amax(0) - output.amin(0)).max()
    assert spread > 0.1, f"{variant.name}: images differ by {spread} only"


def in_order(pixels, config):
    """The noise that has ViTMAE, which sorts the patches by it and masks the last ones, keep their order."""
    patches = (pixels.shape[2] // config.patch_size) * (pixels.shape[3] // config.patch_size)
    return dict(noise=torch.arange(patches, dtype=torch.float32).expand(len(pixels), patches))


def make(variant, folder, seed):
    """Writes one variant and checks that reading it back gives the same numbers."""
    model = build(variant, seed)
    variant.save(model, folder)
    write_preprocessor(folder, model.config, variant.old, variant.crop)
    if variant.old:
        rewrite_config_as_old(folder)

    height, width = sides(variant, model.config)
    generator = torch.Generator().manual_seed(1000 + seed)
    pixels = torch.randn(3, golden.vision(model.config).num_channels, height, width, generator=generator)

    arguments = in_order(pixels, model.config) if variant.model_class.startswith("ViTMAE") else {}
    expected = golden.stages(copy.deepcopy(model).float(), pixels, variant.attention, **arguments)
    result = expected
    if not variant.foreign:
        result = golden.stages(golden.load(type(model), folder), pixels, variant.attention, **arguments)
        golden.assert_same(expected, result, 1e-6, variant.name)
    check_lively(variant, result)
    write_tensors(folder / "golden.safetensors", result)


def main():
    torch.set_num_threads(1)
    transformers.logging.disable_progress_bar()
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN / "models"
    wanted = sys.argv[2:]
    if not wanted:
        fresh_folder(out)
    total = 0
    for seed, variant in enumerate(VARIANTS, start=1):
        if wanted and variant.name not in wanted:
            continue
        folder = fresh_folder(out / variant.name)
        make(variant, folder, seed)
        size = sum(file.stat().st_size for file in folder.iterdir())
        total += size
        print(f"{variant.name:28} {size / 1024:7.1f} KiB")
    print(f"{'total':28} {total / 1024:7.1f} KiB")


if __name__ == "__main__":
    main()
