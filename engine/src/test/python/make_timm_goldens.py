"""
Makes golden/models/timm-*: tiny random models as timm saves them for the hub, and what timm computes from them.

    python make_timm_goldens.py [OUT_DIR [VARIANT...]]
    python make_timm_goldens.py --base OUT_DIR [VARIANT...]     base size, for BaseParityTest, never part of a build
    python make_timm_goldens.py --resolutions      ../resources/golden/resolutions/timm-*, after make_resolution_goldens.py

Each folder holds config.json and model.safetensors (or pytorch_model.bin) as timm.models.save_for_hf writes them, or as
transformers' TimmWrapper does, and golden.safetensors with the stages of README.md. The pixels are two pictures of
golden/images/preprocess, transformed as timm evaluates, and noise: so the engine's tests can begin at the files.
Beside them golden/timm-architectures.json: what timm builds by the names that it knows. Needs timm and torchvision.
"""

try:
    import tvshim  # noqa: F401  lets torchvision's Python part load without its native one
except ImportError:
    pass
import functools
import json
import sys
from pathlib import Path

import timm
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from timm.layers import set_fused_attn
from timm.models import _registry, beit, deit, eva, vision_transformer

from golden import GOLDEN, fresh_folder, write_json, write_tensors

HALF = dict(mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])
CLIP = dict(mean=[0.48145466, 0.4578275, 0.40821073], std=[0.26862954, 0.26130258, 0.27577711])
TINY = dict(img_size=24, patch_size=6, embed_dim=20, depth=2, num_heads=4, mlp_ratio=1.8)
BEIT = dict(TINY, init_values=0.1)
DINOV3 = dict(TINY, embed_dim=24, num_heads=3, init_values=0.1)
NAMES = ["zero label", "one label", "two label"]

# name: (architecture, model_args, pretrained_cfg, options of save)
VARIANTS = {
    "timm-vit": ("vit_base_patch16_224", TINY, dict(HALF, crop_pct=0.9, interpolation="bicubic"), {}),
    "timm-vit-bin": ("vit_base_patch16_224.augreg_in21k", TINY, dict(HALF, crop_pct=0.9), dict(bin=True)),
    "timm-vit-gap": ("vit_small_patch16_224", dict(TINY, global_pool="avg"), dict(crop_mode="squash"), {}),
    "timm-vit-reg4-gap": ("vit_base_patch16_reg4_gap_256", TINY, dict(HALF, crop_mode="border", crop_pct=1.0), {}),
    "timm-vit-medium-gap": ("vit_medium_patch16_gap_256", TINY, dict(crop_pct=0.95), {}),
    "timm-vit-dinov2-reg4": ("vit_small_patch14_reg4_dinov2", TINY, dict(crop_pct=1.0), dict(classes=0)),
    "timm-vit-giant-dinov2": ("vit_giant_patch14_dinov2", dict(TINY, mlp_ratio=2.4), dict(crop_pct=1.0), {}),
    "timm-vit-clip": ("vit_base_patch16_clip_224", TINY, dict(CLIP, crop_pct=0.9), {}),
    "timm-vit-clip-quickgelu": ("vit_large_patch14_clip_quickgelu_224", TINY, dict(CLIP, crop_pct=1.0), {}),
    "timm-vit-siglip-gap": ("vit_so400m_patch16_siglip_gap_256", TINY, dict(HALF, crop_mode="squash"), {}),
    "timm-vit-siglip": ("vit_base_patch16_siglip_224", TINY, dict(HALF, crop_mode="squash", crop_pct=0.9), {}),
    "timm-vit-miil": ("vit_base_patch16_224_miil", TINY, dict(mean=[0, 0, 0], std=[1, 1, 1], interpolation="bilinear"), {}),
    "timm-vit-rectangle": ("vit_tiny_patch16_224", dict(TINY, img_size=[18, 30]), dict(HALF, interpolation="bicubic"), {}),
    "timm-vit-dynamic": ("vit_base_patch16_224", dict(TINY, dynamic_img_size=True), HALF, {}),
    "timm-deit-distilled": ("deit_base_distilled_patch16_224", TINY, dict(crop_pct=0.9, interpolation="bicubic"), {}),
    "timm-deit3": ("deit3_base_patch16_224", dict(TINY, init_values=0.1), dict(crop_pct=0.9), {}),
    "timm-beit": ("beit_base_patch16_224", BEIT, dict(HALF, crop_pct=0.9, interpolation="bicubic"), {}),
    "timm-beit-shared-token": ("beitv2_base_patch16_224", dict(BEIT, use_rel_pos_bias=False, use_shared_rel_pos_bias=True,
                                                               global_pool="token"), HALF, {}),
    "timm-eva-giant": ("eva_giant_patch14_224", TINY, dict(CLIP, crop_pct=0.9), {}),
    "timm-wrapper": ("vit_base_patch16_224", TINY, dict(HALF, crop_pct=0.9), dict(wrapper=True)),
    "timm-dinov3": ("vit_base_patch16_dinov3_qkvb", dict(DINOV3, global_pool="token"), dict(crop_pct=1.0), {}),
    "timm-dinov3-plus": ("vit_small_plus_patch16_dinov3", DINOV3, dict(crop_pct=1.0), {}),
    "timm-vit-reg4-map": ("vit_small_patch14_reg4_dinov2", dict(TINY, global_pool="map"), dict(crop_pct=1.0), {}),
}
# Of base size, as the names say, or as wide as the giant.
BASE = {
    "timm-vit-base": ("vit_base_patch16_224", {}, dict(HALF, crop_pct=0.9), {}),
    "timm-vit-base-clip": ("vit_base_patch16_clip_224", {}, dict(CLIP, crop_pct=1.0), {}),
    "timm-vit-base-reg4-gap": ("vit_base_patch16_reg4_gap_256", dict(img_size=256), dict(HALF, crop_pct=0.95), {}),
    "timm-deit3-base": ("deit3_base_patch16_224", {}, dict(crop_pct=0.9), {}),
    "timm-vit-giant-dinov2-4-blocks": ("vit_giant_patch14_dinov2", dict(img_size=224, depth=4), dict(crop_pct=1.0), {}),
    "timm-beit-base": ("beit_base_patch16_224", {}, dict(HALF, crop_pct=0.9), {}),
    "timm-deit-base-distilled": ("deit_base_distilled_patch16_224", {}, dict(crop_pct=0.9), {}),
    "timm-vit-base-siglip": ("vit_base_patch16_siglip_224", {}, dict(HALF, crop_mode="squash", crop_pct=0.9), {}),
    "timm-dinov3-base": ("vit_base_patch16_dinov3", dict(img_size=224, global_pool="token"), dict(crop_pct=1.0), {}),
    "timm-eva-giant-4-blocks": ("eva_giant_patch14_224", dict(depth=4), dict(CLIP, crop_pct=1.0), {}),
}
# Other image sizes for some of them, as timm builds a model with img_size: larger, smaller, oblong.
RESOLUTIONS = {
    "timm-beit": [(42, 42), (30, 18), (6, 6)],
    "timm-beit-shared-token": [(36, 12)],
    "timm-vit": [(36, 30)],
    "timm-vit-dinov2-reg4": [(18, 18)],
    "timm-eva-giant": [(36, 36)],
    "timm-dinov3": [(30, 18)],
}


def randomise(model, seed, matrix=0.3):
    """Moves every tensor away from its initial value, as golden.random_weights does for transformers."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "gamma" in name:
                value = 0.5 + 0.1 * noise
            elif "norm" in name and name.endswith("weight"):
                value = 1 + 0.3 * noise
            elif "relative_position_bias_table" in name:
                value = noise
            elif "token" in name or "pos_embed" in name or "latent" in name:
                value = 0.7 * noise
            elif name.endswith("bias"):
                value = min(0.3, 2 * matrix) * noise
            else:
                value = matrix * noise
            parameter.copy_(value)


def build(architecture, arguments, pretrained, classes):
    """The model; what pretrained_cfg says besides its own."""
    side = arguments.get("img_size", 224)
    height, width = side if isinstance(side, list) else (side, side)
    cfg = dict(input_size=(3, height, width), num_classes=classes, **pretrained)
    return timm.create_model(architecture, num_classes=classes, pretrained_cfg_overlay=cfg, **arguments).eval()


@torch.no_grad()
def stages(model, pixels):
    """What comes out on the way."""
    result = {"pixel_values": pixels}
    blocks = model.blocks
    hooks = [blocks[0].register_forward_pre_hook(lambda _, given: result.__setitem__("embeddings", given[0]))]
    for i, block in enumerate(blocks):
        hooks.append(block.register_forward_hook(lambda _, __, out, i=i: result.__setitem__(f"block.{i}", out)))
    last = len(blocks) - 1
    hooks.append(blocks[last].attn.attn_drop.register_forward_pre_hook(
        lambda _, given: result.__setitem__(f"attention.{last}", given[0])))
    result["norm"] = model.forward_features(pixels)
    for hook in hooks:
        hook.remove()
    if model.num_classes > 0:
        distilled = hasattr(model, "head_dist")
        result["pooler_output" if distilled else "pooled"] = model.forward_head(result["norm"], pre_logits=True)
        result["logits"] = model(pixels)
        result["scores"] = result["logits"].softmax(-1)
    return result


def pixels_of(model, seed):
    """Two pictures and noise, [3, C, H, W]."""
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model), is_training=False)
    pictures = [Image.open(GOLDEN / "images" / "preprocess" / f"{name}.png").convert("RGB")
                for name in ("portrait", "landscape")]
    pixels = [transform(picture) for picture in pictures]
    noise = torch.randn(pixels[0].shape, generator=torch.Generator().manual_seed(seed))
    return torch.stack([*pixels, noise])


def save(model, folder, arguments, options):
    """The folder as the hub has it."""
    names = NAMES[: model.num_classes]
    timm.models.save_for_hf(model, folder, model_config=dict(label_names=names) if names else {}, model_args=arguments,
                            safe_serialization=not options.get("bin"))
    path = folder / "config.json"
    config = json.loads(path.read_text())
    if options.get("wrapper"):
        config.update(model_type="timm_wrapper", architectures=["TimmWrapperForImageClassification"], do_pooling=True,
                      transformers_version="5.17.0", dtype="float32")
        state = load_file(folder / "model.safetensors")
        save_file({f"timm_model.{name}": tensor for name, tensor in state.items()}, folder / "model.safetensors",
                  metadata={"format": "pt"})
    write_json(path, config)


def make(name, folder, seed):
    """Writes one variant, and checks that timm reads it back as it was, where timm reads it."""
    architecture, arguments, pretrained, options = VARIANTS[name] if name in VARIANTS else BASE[name]
    model = build(architecture, arguments, pretrained, options.get("classes", 3))
    randomise(model, seed, 0.3 if name in VARIANTS else 0.05)
    save(model, folder, arguments, options)
    pixels = pixels_of(model, 1000 + seed)[: 3 if name in VARIANTS else 2]
    result = stages(model, pixels)
    if not options.get("wrapper"):
        again = stages(timm.create_model(f"local-dir:{folder}", pretrained=True).eval(), pixels)
        for stage, expected in result.items():
            assert torch.equal(expected, again[stage]), stage
    output = result.get("logits", result["norm"])
    assert output.isfinite().all() and 0.1 < output.abs().max() < 100, f"{name}: {output}"
    assert (output.amax(0) - output.amin(0)).max() > 0.1, f"{name}: images hardly differ"
    write_tensors(folder / "golden.safetensors", result)


def resolutions():
    """Writes the stages of models at other sizes than they were trained at."""
    for variant, sizes in RESOLUTIONS.items():
        for height, width in sizes:
            folder = GOLDEN / "models" / variant
            model = timm.create_model(f"local-dir:{folder}", pretrained=True, img_size=(height, width)).eval()
            pixels = torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(height * 100 + width))
            write_tensors(GOLDEN / "resolutions" / f"{variant}.{height}x{width}.safetensors", stages(model, pixels))


def architectures():
    """What timm passes to the classes of plain encoders, by architecture, and the names of all others."""

    class Called(Exception):
        pass

    def capture(model_cls, variant, pretrained, **arguments):
        raise Called(model_cls.__name__, arguments)

    modules = (vision_transformer, deit, beit, eva)
    builders = [module.build_model_with_cfg for module in modules]
    for module in modules:
        module.build_model_with_cfg = capture
    found = {}
    for name in timm.list_models():
        entry = _registry._model_entrypoints[name]
        if entry.__module__.rsplit(".", 1)[-1] not in ("vision_transformer", "deit", "beit", "eva"):
            found[name] = None
            continue
        try:
            entry()
        except Called as called:
            kind, arguments = called.args
            found[name] = dict(kind=kind, **{key: plain(value) for key, value in arguments.items()
                                             if key not in ("pretrained_filter_fn", "feature_cfg", "pretrained_strict")})
    for module, builder in zip(modules, builders):
        module.build_model_with_cfg = builder
    return found


def plain(value):
    """A callable by its name, a partial one with its arguments."""
    if isinstance(value, functools.partial):
        return dict(name=value.func.__name__, **{key: plain(item) for key, item in value.keywords.items()})
    return value.__name__ if callable(value) else value


def main():
    torch.set_num_threads(1)
    set_fused_attn(False)
    if sys.argv[1:2] == ["--base"]:
        for seed, name in enumerate(BASE, start=600):
            if sys.argv[3:] and name not in sys.argv[3:]:
                continue
            Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
            make(name, fresh_folder(Path(sys.argv[2]) / name), seed)
        return
    if sys.argv[1:2] == ["--resolutions"]:
        resolutions()
        return
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN / "models"
    wanted = sys.argv[2:]
    total = 0
    for seed, name in enumerate(VARIANTS, start=500):
        if wanted and name not in wanted:
            continue
        folder = fresh_folder(out / name)
        make(name, folder, seed)
        size = sum(file.stat().st_size for file in folder.iterdir())
        total += size
        print(f"{name:28} {size / 1024:7.1f} KiB")
    print(f"{'total':28} {total / 1024:7.1f} KiB")
    if not wanted:
        write_json(out.parent / "timm-architectures.json", architectures())


if __name__ == "__main__":
    main()
