"""
Makes golden/images/timm.json and timm.safetensors: what timm's transform for evaluation makes of the pictures in
golden/images/preprocess.

    python make_timm_image_goldens.py

timm.json has the cases: name -> pretrained_cfg. timm.safetensors holds <case>/<image>, float32 [C, H, W]. Needs timm and torchvision.
"""

try:
    import tvshim  # noqa: F401  lets torchvision's Python part load without its native one
except ImportError:
    pass
from PIL import Image
from timm.data import create_transform, resolve_data_config

from golden import GOLDEN, write_json, write_tensors

HALF = dict(mean=[0.5] * 3, std=[0.5] * 3)
CLIP = dict(mean=[0.48145466, 0.4578275, 0.40821073], std=[0.26862954, 0.26130258, 0.27577711])
IMAGES = ("portrait", "landscape")


def square(side, **options):
    """A pretrained_cfg."""
    return dict(input_size=[3, side, side], **options)


# name: pretrained_cfg
CASES = {
    "nothing-but-size": square(24),
    "center-augreg": square(24, crop_pct=0.9, crop_mode="center", interpolation="bicubic", **HALF),
    "center-whole": square(23, crop_pct=1.0, interpolation="bilinear", fixed_input_size=True, **CLIP),
    "center-lanczos": square(25, crop_pct=0.95, interpolation="lanczos"),
    "center-box": square(24, crop_pct=0.8, interpolation="box"),
    "center-hamming": square(24, crop_pct=0.75, interpolation="hamming"),
    "center-nearest": square(24, crop_pct=0.7, interpolation="nearest"),
    "center-odd-margins": square(21, crop_pct=0.6, interpolation="bicubic", **HALF),
    "center-padded": square(27, crop_pct=1.3, interpolation="bicubic", **HALF),
    "center-rectangle": dict(input_size=[3, 20, 28], crop_pct=0.9, interpolation="bicubic", **HALF),
    "center-tall": dict(input_size=[3, 30, 19], crop_pct=0.875, interpolation="lanczos", **HALF),
    "squash": square(24, crop_pct=0.9, crop_mode="squash", interpolation="bicubic", **CLIP),
    "squash-whole": square(24, crop_pct=1.0, crop_mode="squash", interpolation="bicubic", **HALF),
    "squash-rectangle": dict(input_size=[3, 20, 28], crop_pct=0.9, crop_mode="squash", interpolation="bilinear"),
    "border": square(24, crop_pct=0.9, crop_mode="border", interpolation="bicubic", **CLIP),
    "border-whole": square(24, crop_pct=1.0, crop_mode="border", interpolation="bicubic", **HALF),
    "border-odd": square(25, crop_pct=1.0, crop_mode="border", interpolation="bilinear"),
    "border-rectangle": dict(input_size=[3, 20, 29], crop_pct=0.95, crop_mode="border", interpolation="bilinear"),
    "one-mean": square(24, mean=[0.4], std=[0.3]),
    "nulls": square(24, crop_pct=None, crop_mode=None, interpolation=None, mean=None, std=None),
    "test-size-is-not-taken": square(24, test_input_size=[3, 32, 32], test_crop_pct=1.0, crop_pct=0.9),
}


def main():
    out = GOLDEN / "images"
    tensors = {}
    for name, pretrained in CASES.items():
        transform = create_transform(**resolve_data_config(pretrained_cfg=pretrained), is_training=False)
        for image in IMAGES:
            tensors[f"{name}/{image}"] = transform(Image.open(out / "preprocess" / f"{image}.png").convert("RGB"))
    write_json(out / "timm.json", CASES)
    write_tensors(out / "timm.safetensors", tensors)
    print(len(CASES), "cases")


if __name__ == "__main__":
    main()
