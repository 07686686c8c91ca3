"""
Makes golden/attention: what transformers' output_attentions (eager) gives for checkpoints of golden/models, and the
attention rollout computed from it by its definition.

    python make_attention_goldens.py [OUT_DIR]

<variant>.safetensors: `pixel_values` [B, C, H, W]; `attention.{i}` [B, h, T, T] of every layer; `rollout` [B, T, T]: the
product A_L ... A_1 with A = 0.5 mean over heads + 0.5 I (Abnar and Zuidema 2020), in float64.
"""

import sys
from pathlib import Path

import torch
import transformers

import golden
from golden import GOLDEN, fresh_folder, write_tensors

VARIANTS = [
    ("vit", "ViTForImageClassification"),
    ("vit-head-dim", "ViTForImageClassification"),
    ("beit-both-biases", "BeitForImageClassification"),
    ("deit-distilled", "DeiTForImageClassificationWithTeacher"),
    ("dinov2-registers", "Dinov2WithRegistersForImageClassification"),
    ("siglip-model", "SiglipModel"),
    ("dinov3", "DINOv3ViTModel"),
]


@torch.no_grad()
def make(variant, model_class, out, seed):
    """Writes the attention of one checkpoint."""
    model = golden.load(getattr(transformers, model_class), GOLDEN / "models" / variant)
    side = golden.vision(model.config).image_size
    pixels = torch.randn(2, 3, side, side, generator=torch.Generator().manual_seed(seed))
    attentions = golden.base(model)(pixels, output_attentions=True).attentions
    rollout = torch.eye(attentions[0].shape[-1], dtype=torch.float64)
    for attention in attentions:
        rollout = (0.5 * attention.double().mean(1) + 0.5 * torch.eye(attention.shape[-1])) @ rollout
    result = {f"attention.{i}": attention for i, attention in enumerate(attentions)}
    write_tensors(out / f"{variant}.safetensors", {"pixel_values": pixels, "rollout": rollout.float(), **result})


def main():
    torch.set_num_threads(1)
    transformers.logging.disable_progress_bar()
    out = fresh_folder(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN / "attention")
    for seed, (variant, model_class) in enumerate(VARIANTS, start=1):
        make(variant, model_class, out, seed)
    print(f"{sum(file.stat().st_size for file in out.iterdir()) / 1024:.1f} KiB")


if __name__ == "__main__":
    main()
