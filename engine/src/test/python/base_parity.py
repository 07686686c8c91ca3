"""
Base-size random checkpoints and their goldens, for a comparison by hand; about 6 GB, so never part of a build.

    python base_parity.py make OUT_DIR [VARIANT...]

OUT_DIR/<variant>/ is a checkpoint folder with golden.safetensors for a batch of two, named as in make_model_goldens.py
but without attention. The weights are "stress" weights: every tensor is far from its initial value, so that an error of
order 1e-5 in the logits shows.
"""

import argparse
from pathlib import Path

import torch
import transformers

import golden
from golden import fresh_folder, write_tensors
from make_model_goldens import (Variant, build, in_order, save_bin_with_index, save_safetensors, sides,
                                write_preprocessor)

STRESS = dict(matrix=0.05, bias=0.1, token=0.5, scale=(0.2, 0.4))
DINOV3_BASE = dict(hidden_size=768, num_attention_heads=12, intermediate_size=3072, num_register_tokens=4)
VARIANTS = [
    Variant("vit-base", "ViTForImageClassification", {}, save_safetensors, labels=2),
    Variant("beit-base-shared-bias", "BeitForImageClassification", {}, save_bin_with_index, labels=2,
            extra=dict(use_shared_relative_position_bias=True, use_mask_token=True)),
    Variant("beit-base", "BeitForImageClassification", {}, save_safetensors, labels=2,
            extra=dict(use_relative_position_bias=True)),
    Variant("deit-base-distilled", "DeiTForImageClassificationWithTeacher", {}, save_safetensors, labels=2),
    Variant("vit-base-384", "ViTForImageClassification", dict(image_size=384), save_safetensors, labels=2),
    Variant("beit-base-384", "BeitForImageClassification", dict(image_size=384), save_safetensors, labels=2,
            extra=dict(use_relative_position_bias=True)),
    Variant("dinov2-base", "Dinov2ForImageClassification", dict(image_size=518), save_safetensors, labels=2, crop=224),
    Variant("dinov2-base-518", "Dinov2ForImageClassification", dict(image_size=518), save_safetensors, labels=2),
    Variant("dinov2-registers-base-swiglu", "Dinov2WithRegistersForImageClassification",
            dict(image_size=518, patch_size=14, use_swiglu_ffn=True), save_safetensors, labels=2, crop=224),
    Variant("clip-base", "CLIPForImageClassification", dict(vision_config=dict(patch_size=16)), save_safetensors, labels=2),
    Variant("siglip-base", "SiglipForImageClassification", {}, save_safetensors, labels=2),
    Variant("dinov3-base", "DINOv3ViTModel", DINOV3_BASE, save_safetensors),
    Variant("dinov3-base-gated-448", "DINOv3ViTModel", dict(DINOV3_BASE, image_size=448, use_gated_mlp=True, hidden_act="silu",
            query_bias=False, value_bias=False), save_safetensors),
    Variant("ijepa-base", "IJepaForImageClassification", {}, save_safetensors, labels=2),
    Variant("vit-msn-base", "ViTMSNForImageClassification", {}, save_safetensors, labels=2),
    Variant("vit-mae-base", "ViTMAEModel", dict(mask_ratio=0.0), save_safetensors),
    Variant("data2vec-vision-base", "Data2VecVisionForImageClassification", {}, save_safetensors, labels=2,
            extra=dict(use_relative_position_bias=True)),
    Variant("metaclip-2-base", "MetaClip2ForImageClassification", dict(vision_config=dict(patch_size=16)), save_safetensors,
            labels=2),
]


def make(variant, folder, seed):
    """Writes one checkpoint and its goldens, and checks that reading it back gives the same numbers."""
    model = build(variant, seed, **STRESS)
    variant.save(model, folder)
    write_preprocessor(folder, model.config, variant.old, variant.crop)
    pixels = torch.randn(2, 3, *sides(variant, model.config), generator=torch.Generator().manual_seed(1000 + seed))
    arguments = in_order(pixels, model.config) if variant.model_class.startswith("ViTMAE") else {}
    result = golden.stages(golden.load(type(model), folder), pixels, attention=False, **arguments)
    golden.assert_same(golden.stages(model, pixels, attention=False, **arguments), result, 1e-5, variant.name)
    write_tensors(folder / "golden.safetensors", result)
    answer = next(name for name in ("logits", "pooler_output", "norm") if name in result)
    shown = [[round(value, 4) for value in row[:4]] for row in result[answer].flatten(1).tolist()]
    print(f"{variant.name:24} {answer} {shown}, largest hidden value {result['norm'].abs().max():.1f}")


def main():
    parser = argparse.ArgumentParser(description="Base-size checkpoints with goldens, outside the build.")
    parser.add_argument("command", choices=["make"])
    parser.add_argument("out", type=Path)
    parser.add_argument("variants", nargs="*", help="all unless some are named")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.disable_progress_bar()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for seed, variant in enumerate(VARIANTS, start=1):
        if arguments.variants and variant.name not in arguments.variants:
            continue
        make(variant, fresh_folder(arguments.out / variant.name), seed)


if __name__ == "__main__":
    main()
