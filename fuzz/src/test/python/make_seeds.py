"""
Makes the seeds of fuzzing that no other module has: tiny files as the reference libraries write them.

    python make_seeds.py

Writes src/test/resources/seeds/<target>/ and, for targets that read one file of a folder, the other files of that folder
to src/main/resources/io/github/tornadovit/fuzz/. report/report.json and history.jsonl are of `benchmarks/bench report`
on the demo checkpoint, cut to one model, and are not made here.

torch 2.13, transformers 5.17, safetensors 0.7, Pillow 12.3; the same versions give the same bytes.
"""

import hashlib
import io
import json
import shutil
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save
from transformers import (
    BeitConfig,
    BeitForImageClassification,
    DeiTConfig,
    DeiTForImageClassificationWithTeacher,
    ViTConfig,
    ViTForImageClassification,
    ViTModel,
)

MODULE = Path(__file__).resolve().parents[3]
SEEDS = MODULE / "src/test/resources/seeds"
FOLDERS = MODULE / "src/main/resources/io/github/tornadovit/fuzz"

SIZES = dict(
    hidden_size=4, num_hidden_layers=1, num_attention_heads=2, intermediate_size=4, image_size=4, patch_size=2, num_labels=2
)


def seed(target, name, content):
    """Writes a seed: bytes, or text."""
    path = SEEDS / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def beside(folder, name, content):
    """Writes a file that a target finds beside its input."""
    path = FOLDERS / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def compact(value):
    return json.dumps(value, separators=(",", ":"))


# ---- checkpoints ----------------------------------------------------------------------------------------------------


def checkpoints():
    """One file of tensors that fits the tiny models of all three families; their names differ but for the classifier."""
    torch.manual_seed(0)
    models = {
        "vit": ViTForImageClassification(ViTConfig(**SIZES)),
        "vit-model": ViTModel(ViTConfig(**SIZES)),
        "beit": BeitForImageClassification(
            BeitConfig(**SIZES, use_relative_position_bias=True, use_mean_pooling=True)
        ),
        "deit-distilled": DeiTForImageClassificationWithTeacher(DeiTConfig(**SIZES)),
    }
    tensors = {}
    for name, model in models.items():
        config = model.config.to_dict() | {"architectures": [type(model).__name__], "transformers_version": "5.17.0"}
        config = {key: value for key, value in config.items() if key in KEYS or key in SIZES}
        seed("config", name + ".json", compact(config))
        if name == "vit":
            beside("checkpoint", "config.json", compact(config))
        if name != "vit-model":
            folder = Path(__file__).parent / "tmp"
            model.save_pretrained(folder)
            with open(folder / "model.safetensors", "rb") as file:
                from safetensors.torch import load

                tensors |= load(file.read())
            shutil.rmtree(folder)
    beside("checkpoint", "model.safetensors", save(tensors, {"format": "pt"}))
    vit = {name: tensor for name, tensor in tensors.items() if name.startswith(("vit.", "classifier."))}
    seed("safetensors-file", "vit.safetensors", save(vit, {"format": "pt"}))
    seed("safetensors-header", "vit.safetensors", save(vit, {"format": "pt"}))
    halves = sorted(vit)[: len(vit) // 2], sorted(vit)[len(vit) // 2 :]
    index = {"metadata": {"total_size": sum(tensor.nbytes for tensor in vit.values())}, "weight_map": {}}
    for number, names in enumerate(halves, 1):
        shard = f"model-0000{number}-of-00002.safetensors"
        beside("checkpoint", shard, save({name: vit[name] for name in names}, {"format": "pt"}))
        index["weight_map"] |= {name: shard for name in names}
    seed("shard-index", "two.json", compact(index))
    steps = {
        "do_resize": True,
        "size": {"height": 4, "width": 4},
        "resample": 2,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "image_processor_type": "ViTImageProcessor",
    }
    crop = steps | {"size": {"shortest_edge": 6}, "do_center_crop": True, "crop_size": {"height": 4, "width": 4}}
    seed("preprocessor", "size.json", compact(steps))
    seed("preprocessor", "crop.json", compact(crop))
    seed("preprocessor", "old.json", compact(steps | {"size": 4, "image_mean": 0.5, "image_std": 0.5, "resample": 3}))
    seed("processor", "nested.json", compact({"image_processor": steps, "processor_class": "ViTProcessor"}))


KEYS = {
    "architectures", "model_type", "id2label", "label2id", "hidden_act", "layer_norm_eps", "num_channels", "qkv_bias",
    "pooler_output_size", "pooler_act", "use_mean_pooling", "use_relative_position_bias", "layer_scale_init_value",
    "use_absolute_position_embeddings", "use_shared_relative_position_bias", "transformers_version", "problem_type",
}  # fmt: skip


# ---- tensors --------------------------------------------------------------------------------------------------------


def tensors():
    values = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    dtypes = [
        torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8,
        torch.uint8, torch.bool,
    ]  # fmt: skip
    mixed = {str(dtype).removeprefix("torch."): values.to(dtype) for dtype in dtypes}
    shapes = {"scalar": torch.tensor(1.5), "empty": torch.zeros(0, 3), "nan": torch.tensor([float("nan"), float("inf")])}
    for target in ("safetensors-header", "safetensors-file"):
        seed(target, "mixed.safetensors", save(mixed | shapes, {"format": "pt", "note": "ü"}))
        seed(target, "none.safetensors", save({}))
    tied = values.clone()
    dicts = {
        "mixed": mixed,
        "shapes": shapes,
        "views": {"whole": tied, "again": tied, "transposed": tied.t(), "row": tied[1], "wide": tied[:1].expand(4, 3)},
        "nested": {"epoch": 3, "state_dict": OrderedDict(weight=values), "lr": 0.1},
        "parameters": OrderedDict(weight=torch.nn.Parameter(values), bias=torch.nn.Parameter(values[0].clone())),
        "module": torch.nn.Linear(3, 2).state_dict(),
    }
    for name, value in dicts.items():
        for target, zipped in (("torch-zip", True), ("torch-legacy", False)):
            out = io.BytesIO()
            torch.save(value, out, _use_new_zipfile_serialization=zipped)
            seed(target, name + ".bin", out.getvalue())
    # Of four storages of 64 bytes, as the target has them.
    storages = [torch.arange(64 // size, dtype=dtype) for dtype, size in zip(dtypes[:4], (4, 2, 2, 8))]
    names = ("float32", "float16", "bfloat16", "float64")
    pickles = {
        "plain": dict(zip(names, storages)),
        "ordered": OrderedDict(zip(names, (torch.nn.Parameter(storage) for storage in storages))),
        "views": {"matrix": storages[0].reshape(4, 4).t(), "row": storages[0][3:7], "wide": storages[1][:1].expand(5, 1)},
        "nested": {"model": {"weight": storages[3]}, "note": ["x", (1, None, True), {2: 3.5}]},
    }
    for name, value in pickles.items():
        out = io.BytesIO()
        torch.save(value, out)
        with zipfile.ZipFile(out) as file:
            seed("pickle", name + ".pkl", file.read("archive/data.pkl"))


# ---- a probe, lists, answers ----------------------------------------------------------------------------------------


def probe():
    weights = save(
        {"mean": torch.zeros(4), "std": torch.ones(4), "weight": torch.ones(2, 4), "bias": torch.zeros(2)},
        {"format": "tornado-vit linear probe"},
    )
    facts = {
        "format": "tornado-vit linear probe",
        "version": 1,
        "labels": ["cat", "dog"],
        "feature": {
            "pooling": "cls",
            "layer": None,
            "normalize": True,
            "checkpoint": "vit",
            "checkpoint_sha256": "0" * 64,
            "image_size": [4, 4],
            "apply_orientation": True,
        },
        "tensors_sha256": hashlib.sha256(weights).hexdigest(),
        "training": {"images": 2, "seed": 0, "c": 1.0, "accuracy": 1.0},
    }
    beside("probe", "probe.json", compact(facts))
    beside("probe", "probe.safetensors", weights)
    seed("probe", "probe.json", compact(facts))
    seed("probe-tensors", "probe.safetensors", weights)
    seed("feature-cache", "four", bytes(96) + struct.pack("<4f", 1, -2.5, 0, float("inf")))


def lists():
    seed("labels", "plain.csv", "a.jpg,with_mask\nb/c.png,without_mask\n")
    seed("labels", "header.csv", "\ufeffpath,label\r\na.jpg,with_mask\r\n\r\nb.jpg,3\r\n")
    seed("labels", "quoted.csv", '"a ""b"", c.jpg","with_mask"\n"two\nlines.jpg", without_mask \n')


def answers():
    commit = "X-Repo-Commit: " + "0123456789abcdef0123456789abcdef01234567\n"
    etag = 'ETag: W/"89e6c98d92887913cadf06b2adb97f26cde4849b"\n'
    cdn = "Location: https://cdn-lfs.hf.co/repos/1/2?Signature=x\n"
    large = f"X-Linked-Size: 346293852\nX-Linked-ETag: \"{'ab' * 32}\"\n"
    seed("hub-answer", "file.txt", "200\n" + commit + etag + "Content-Length: 684\n")
    seed("hub-answer", "elsewhere.txt", "302\n" + commit + large + etag + cdn)
    seed("hub-answer", "moved.txt", "307\nLocation: /other/n/resolve/main/config.json\n")
    seed("hub-answer", "gated.txt", "403\nX-Error-Code: GatedRepo\nX-Error-Message: Access is restricted\n")
    seed("hub-answer", "busy.txt", "429\nRetry-After: Wed, 21 Oct 2026 07:28:00 GMT\n")


# ---- images ---------------------------------------------------------------------------------------------------------


def images():
    """What the golden images of the engine leave out."""
    picture = Image.radial_gradient("L").resize((33, 18))
    color = Image.merge("RGB", [picture, picture.transpose(0), picture.transpose(1)])
    for name, image, options in (
        ("group3", picture.convert("1"), dict(compression="group3")),
        ("group4", picture.convert("1"), dict(compression="group4")),
        ("jpeg", color, dict(compression="jpeg")),
        ("ycbcr", color.convert("YCbCr"), dict()),
        ("lzw-predictor", color, dict(compression="tiff_lzw", tiffinfo={317: 2})),
    ):
        seed("image-tiff", name + ".tif", encoded(image, "TIFF", **options))
    for quality in (5, 50, 95):
        for method in (0, 6):
            seed("image-webp", f"lossy-{quality}-{method}.webp", encoded(color, "WEBP", quality=quality, method=method))
    palette = color.quantize(7)
    seed("image-webp", "lossless-palette.webp", encoded(palette, "WEBP", lossless=True))
    # Run lengths, which Pillow reads and does not write: 3 of colour 1, absolute 4 pixels, end of line, end.
    rows = bytes([3, 1, 0, 4, 1, 2, 1, 2, 0, 0, 7, 2, 0, 1])
    colors = b"".join(struct.pack("<I", c) for c in (0, 0xFF0000, 0x00FF00, 0x0000FF))
    header = struct.pack("<IiiHHIIiiII", 40, 7, 2, 1, 8, 1, len(rows), 0, 0, 4, 0)
    start = 14 + len(header) + len(colors)
    file = struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start) + header + colors + rows
    Image.open(io.BytesIO(file)).load()
    seed("image-bmp", "rle8.bmp", file)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


if __name__ == "__main__":
    checkpoints()
    tensors()
    probe()
    lists()
    answers()
    images()
