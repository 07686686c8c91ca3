"""Trains the two demo checkpoints on drawn faces: a tiny ViT and a tiny BEiT, with transformers' own model classes.

The training pictures are drawn once and kept in the --data file. Beside the label, each patch of the picture learns how much of
it is mask, mouth-and-nose and face, through a linear layer that is thrown away afterwards: so small a transformer, trained from
nothing on so few pictures, learns several times faster that way. The BEiT begins with the blocks of the trained ViT, and its
heads begin by looking near, up, down and everywhere. README.md has the commands.
"""
import argparse
import json
import math
import multiprocessing
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch.nn import functional as F
from transformers import (AutoModelForImageClassification, BeitConfig, BeitForImageClassification, ViTConfig,
                          ViTForImageClassification, ViTImageProcessor)

from draw_faces import LABELS, TRAIN_SEED, draw_face

SIZE, PATCH, NAMES = 224, 16, dict(enumerate(LABELS))
COMMON = dict(image_size=SIZE, patch_size=PATCH, id2label=NAMES, label2id={name: i for i, name in enumerate(LABELS)},
              hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)


def build(kind, start):
    """The model to train: a fresh one, the one saved in the folder start, or a BEiT on the blocks of the ViT saved there."""
    before = AutoModelForImageClassification.from_pretrained(start) if start else None
    if before and before.config.model_type == kind:
        return before
    shape = dict(hidden_size=128, num_hidden_layers=4, num_attention_heads=4, intermediate_size=512, **COMMON)
    if kind == "vit":
        return ViTForImageClassification(ViTConfig(**shape))
    model = BeitForImageClassification(BeitConfig(
        layer_scale_init_value=0.1, drop_path_rate=0.0, use_mask_token=True, use_absolute_position_embeddings=False,
        use_relative_position_bias=False, use_shared_relative_position_bias=True, use_mean_pooling=True, **shape))
    look_around(model.base_model.shared_position_bias.relative_position_bias_table.data)
    if before:
        adopt(model, before)
    return model


def look_around(table):
    """First values for a table of relative position biases [27 * 27 + 3, 4]: the heads look here, up, down, and everywhere."""
    reach = SIZE // PATCH - 1
    dy, dx = np.mgrid[-reach:reach + 1, -reach:reach + 1]
    for head, up in enumerate((0, 3, -3)):
        near = -((dx ** 2 + (dy - up) ** 2) / 8).clip(max=4)
        table[:-3, head] = torch.from_numpy(near.reshape(-1)).float()


def adopt(beit, vit):
    """Gives a BEiT the weights of a ViT where both have them. Position embeddings, which this BEiT lacks, go in as their mean."""
    old = {name.replace("vit.layernorm.", "vit.pooler.layernorm.").replace("vit.", "beit.", 1): value for name, value in vit.state_dict().items()}
    positions = old["beit.embeddings.position_embeddings"]
    old["beit.embeddings.cls_token"] += positions[:, :1]
    old["beit.embeddings.patch_embeddings.projection.bias"] += positions[0, 1:].mean(0)
    new = beit.state_dict()
    new.update({name: value for name, value in old.items() if name in new})
    new.update({name: torch.ones_like(value) for name, value in new.items() if "lambda_" in name})
    beit.load_state_dict(new)


def sample(seed):
    """The face of a seed as the network sees it: 224 x 224 pixels, label, and the share of each part in each patch."""
    face = draw_face(seed)
    pixels = np.asarray(face.image.resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    grid = SIZE // PATCH
    return pixels, face.label, face.part_map.reshape(3, grid, 8, grid, 8).mean((2, 4)).astype(np.uint8)


def faces(path, count):
    """The training set, drawn on the first call: pixels [n, 224, 224, 3], labels [n], part shares [n, 3, 14, 14], all uint8."""
    if not path.exists():
        with multiprocessing.Pool() as pool:
            pixels, labels, shares = zip(*pool.imap(sample, range(TRAIN_SEED, TRAIN_SEED + count), chunksize=16))
        np.savez(path, pixels=np.stack(pixels), labels=np.array(labels, np.uint8), shares=np.stack(shares))
    with np.load(path) as data:
        return data["pixels"], data["labels"], data["shares"]


def augment(pixels, shares, generator):
    """Flips half of the pictures and changes the light of all; pixels float [n, 3, 224, 224] in 0..1."""
    flip = torch.rand(len(pixels), generator=generator) < 0.5
    pixels[flip], shares[flip] = pixels[flip].flip(-1), shares[flip].flip(-1)
    gain = 1 + 0.15 * torch.randn(len(pixels), 1, 1, 1, generator=generator) + 0.06 * torch.randn(len(pixels), 3, 1, 1, generator=generator)
    return (pixels * gain).clamp(0, 1), shares


def train(model, data, epochs, batch, peak, seed):
    """AdamW with warm-up and cosine decay."""
    pixels, labels, shares = data
    steps = len(labels) // batch * epochs
    base = model.base_model
    part_head = torch.nn.Linear(model.config.hidden_size, shares.shape[1])
    weights = [*model.parameters(), *part_head.parameters()]
    tables = [p for name, p in model.named_parameters() if "relative_position_bias" in name]
    matrices = [p for p in weights if p.ndim > 1 and not any(p is t for t in tables)]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": [p for p in weights if p.ndim <= 1]},
                                   {"params": tables, "lr": 10 * peak}], lr=peak, betas=(0.9, 0.98), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min((i + 1) / 150, 0.5 + 0.5 * math.cos(math.pi * i / steps)))
    generator, start, step, running = torch.Generator().manual_seed(seed), time.time(), 0, None
    model.train()
    for epoch in range(epochs):
        order = torch.randperm(len(labels), generator=generator).numpy()
        for chosen in np.split(order[:len(order) // batch * batch], len(order) // batch):
            x = torch.from_numpy(pixels[chosen]).permute(0, 3, 1, 2).float() / 255
            x, share = augment(x, torch.from_numpy(shares[chosen]).float() / 255, generator)
            truth = torch.from_numpy(labels[chosen]).long()
            out = base((x - 0.5) / 0.5)
            logits = model.classifier(out.last_hidden_state[:, 0] if out.pooler_output is None else out.pooler_output)
            seen = part_head(out.last_hidden_state[:, 1:]).transpose(1, 2)
            label_loss, part_loss = F.cross_entropy(logits, truth), F.binary_cross_entropy_with_logits(seen, share.flatten(2))
            optimizer.zero_grad()
            (label_loss + 2 * part_loss).backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            schedule.step()
            now = np.array([label_loss.item(), part_loss.item(), (logits.argmax(1) == truth).float().mean().item()])
            running = now if running is None else 0.97 * running + 0.03 * now
            step += 1
            if step % 25 == 0:
                print(f"epoch {epoch} step {step}/{steps} label {running[0]:.4f} parts {running[1]:.4f} accuracy {running[2]:.4f} {time.time() - start:.0f} s", flush=True)
    model.eval()


def relative_position_index(side):
    """The table row of each (query, key) pair, as older releases stored it: int64 [1 + side^2, 1 + side^2]."""
    y, x = np.divmod(np.arange(side * side), side)
    span = 2 * side - 1
    index = np.empty((side * side + 1,) * 2, np.int64)
    index[1:, 1:] = (y[:, None] - y + side - 1) * span + x[:, None] - x + side - 1
    index[0, :], index[:, 0], index[0, 0] = span * span, span * span + 1, span * span + 2
    return torch.from_numpy(index)


def save(model, kind, folder):
    """Writes the checkpoint folder: ViT as current releases write it, BEiT as the Hub's older files are."""
    model.save_pretrained(folder)
    if kind == "vit":
        ViTImageProcessor(size={"height": SIZE, "width": SIZE}).save_pretrained(folder)
        return
    tensors = load_file(folder / "model.safetensors")
    tensors["beit.encoder.relative_position_bias.relative_position_index"] = relative_position_index(SIZE // PATCH)
    torch.save(tensors, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    settings = {"crop_size": SIZE, "do_center_crop": False, "do_normalize": True, "do_resize": True,
                "feature_extractor_type": "BeitFeatureExtractor", "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
                "reduce_labels": False, "resample": 2, "size": SIZE}
    (folder / "preprocessor_config.json").write_text(json.dumps(settings, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=("vit", "beit"), required=True)
    parser.add_argument("--data", type=Path, default=Path("faces.npz"), help="cache of drawn training pictures")
    parser.add_argument("--out", type=Path, help="checkpoint folder (default: vit or beit beside this file)")
    parser.add_argument("--count", type=int, default=8000, help="training pictures to draw")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--start", type=Path, help="go on from this checkpoint folder instead of from nothing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="results depend on it in the last bits")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    data = faces(args.data, args.count)
    model = build(args.model, args.start)
    train(model, data, args.epochs, args.batch, args.rate, args.seed)
    save(model, args.model, args.out or Path(__file__).parent / args.model)


if __name__ == "__main__":
    main()
