"""
Makes golden/resolutions: what transformers computes with checkpoints of golden/models at other image sizes than they
were trained at.

    python make_resolution_goldens.py [OUT_DIR]

<variant>.<height>x<width>.safetensors holds the stages of golden/models/<variant>, read as make_model_goldens.py left
it; interpolation.safetensors holds random grids and what torch.nn.functional.interpolate makes of them.
"""

import sys
from pathlib import Path

import torch
import transformers

import golden
from golden import GOLDEN, fresh_folder, write_tensors

# Larger, smaller, oblong, with a remainder of pixels, of one patch, and a grid of equal area but another shape.
RUNS = [
    ("vit", "ViTForImageClassification", [(42, 42), (35, 56)]),
    ("vit-bin", "ViTForImageClassification", [(18, 48), (6, 6)]),
    ("vit-patch-non-dividing", "ViTForImageClassification", [(40, 33)]),
    ("vit-model-pooler", "ViTModel", [(30, 30)]),
    ("beit", "BeitForImageClassification", [(42, 42), (21, 35)]),
    ("beit-both-biases", "BeitForImageClassification", [(30, 18)]),
    ("beit-absolute-positions", "BeitForImageClassification", [(36, 36)]),
    ("deit-distilled", "DeiTForImageClassificationWithTeacher", [(32, 24), (29, 27)]),
    ("deit-model", "DeiTModel", [(12, 12)]),
    ("dinov2", "Dinov2ForImageClassification", [(36, 36), (18, 48)]),
    ("dinov2-registers", "Dinov2WithRegistersForImageClassification", [(36, 30), (12, 27)]),
    ("clip-vision-model", "CLIPVisionModel", [(12, 24)]),
    ("siglip-vision-model", "SiglipVisionModel", [(20, 28)]),
    ("ijepa-model", "IJepaModel", [(24, 24)]),
    ("dinov3", "DINOv3ViTModel", [(42, 42), (18, 48), (6, 6)]),
    ("dinov3-gated", "DINOv3ViTModel", [(40, 33)]),
]
GRIDS = [((4, 4), (4, 4)), ((4, 4), (7, 5)), ((14, 14), (24, 24)), ((14, 14), (9, 20)), ((5, 5), (1, 1)), ((1, 1), (3, 2)),
         ((37, 37), (16, 16)), ((27, 27), (47, 47))]


def make(variant, model_class, height, width, out, seed):
    """Writes the stages of one checkpoint at one size."""
    model = golden.load(getattr(transformers, model_class), GOLDEN / "models" / variant)
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randn(2, model.config.num_channels, height, width, generator=generator)
    asked = not model.config.model_type.startswith("dino")  # These interpolate unasked.
    result = golden.stages(model, pixels, **dict(interpolate_pos_encoding=True) if asked else {})
    write_tensors(out / f"{variant}.{height}x{width}.safetensors", result)


def interpolation():
    """name -> tensor: <mode>/<from>/<to>/source [h, w, D] and /target."""
    tensors = {}
    generator = torch.Generator().manual_seed(7)
    for mode in ("bicubic", "bilinear", "antialiased"):
        for (height, width), size in GRIDS:
            source = torch.randn(height, width, 3, generator=generator) * 2
            target = torch.nn.functional.interpolate(
                source.permute(2, 0, 1)[None], size=size, mode="bicubic" if mode == "antialiased" else mode,
                align_corners=False, antialias=mode == "antialiased")
            name = f"{mode}/{height}x{width}/{size[0]}x{size[1]}"
            tensors[f"{name}/source"] = source
            tensors[f"{name}/target"] = target[0].permute(1, 2, 0)
    return tensors


def main():
    torch.set_num_threads(1)
    transformers.logging.disable_progress_bar()
    out = fresh_folder(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN / "resolutions")
    seed = 0
    for variant, model_class, sizes in RUNS:
        for height, width in sizes:
            seed += 1
            make(variant, model_class, height, width, out, seed)
    write_tensors(out / "interpolation.safetensors", interpolation())
    files = list(out.iterdir())
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files) / 1024:.1f} KiB")


if __name__ == "__main__":
    main()
