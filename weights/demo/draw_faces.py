"""Draws faces with and without face masks: cartoon pictures for the embedded demo checkpoints.

A picture is a function of its seed alone. Label 0, "with_mask": a mask covers the mouth AND the nose. Label 1, "without_mask":
no mask covers them; the mask may then hang under the chin or from one ear, or a beard, a scarf or a hand may be near the mouth.
A mask over the mouth that leaves the nose free is never drawn: by the definition it would be without_mask, but no model is
trained or tested on it here.

    python draw_faces.py sheet --out sheet.png               a contact sheet to look at
    python draw_faces.py images --out images                 the held-out JPEG files of this folder
"""
import argparse
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import masks
import parts
from canvas import Canvas, Pose

LABELS = ("with_mask", "without_mask")
TRAIN_SEED, TEST_SEED, IMAGES_SEED = 0, 5_000_000, 9_000_000
HAIR_STYLES = ("short", "short", "long", "bob", "curls", "bun", "ponytail", "buzz", "spiky", "bald")


@dataclass
class Face:
    """A drawn picture, its label, and where mask, mouth-and-nose and face lie (uint8 [3, 112, 112])."""
    image: Image.Image
    label: int
    part_map: np.ndarray


def draw_face(seed):
    """The face of this seed."""
    rng = np.random.default_rng(seed)
    label = int(rng.random() < 0.5)
    width = int(rng.integers(150, 361))
    height = int(np.clip(width * rng.choice([1, 1, rng.uniform(0.75, 1.35)]), 150, 360))
    c = Canvas(_background(width, height, rng), _pose(width, height, rng))
    _person(c, label, rng)
    return Face(_photograph(c.picture(), rng), label, c.part_map())


def _pose(width, height, rng):
    unit = min(width, height) * rng.uniform(0.24, 0.4)
    return Pose(width * rng.uniform(0.42, 0.58), height * rng.uniform(0.42, 0.54), unit, rng.normal(0, 0.13), rng.uniform(-1, 1))


def _person(c, label, rng):
    """Everything from the shoulders to the hat, back to front."""
    h = parts.Head.random(rng)
    hair, style = parts.pick(rng, parts.HAIRS), parts.pick(rng, HAIR_STYLES)
    scarf = parts.pick(rng, parts.FABRICS) if rng.random() < 0.1 else None
    has_hat = scarf is None and rng.random() < 0.2
    if has_hat and style in ("bun", "spiky"):
        style = "short"
    if scarf is None:
        parts.hair_behind(c, h, style, hair)
    else:
        parts.headscarf_behind(c, h, scarf)
    parts.body(c, h, rng)
    if scarf is None:
        parts.ears(c, h, rng)
    parts.head(c, h, rng)
    parts.eyes(c, h, hair, rng)
    parts.nose(c, h, rng)
    parts.mouth(c, h, rng)
    if rng.random() < 0.28:
        parts.beard(c, h, hair, rng)
    if scarf is None:
        parts.hair_in_front(c, h, style, hair, rng)
    else:
        parts.headscarf_in_front(c, h, scarf, rng)
    if rng.random() < 0.12:
        parts.neck_scarf(c, h, rng)
    if label == 0:
        masks.worn(c, h, rng, loops=scarf is None)
    elif rng.random() < 0.22:
        masks.under_chin(c, h, rng, loops=scarf is None)
    elif rng.random() < 0.06:
        masks.dangling(c, h, rng)
    if rng.random() < 0.3:
        parts.glasses(c, h, rng)
    if has_hat:
        parts.hat(c, h, rng)
    if rng.random() < 0.08:
        parts.hand(c, h, rng)


def _color(rng):
    """Any colour, bright or dull."""
    gray = rng.uniform(20, 240)
    return tuple(int(v) for v in np.clip(gray + rng.normal(0, 45, 3), 0, 255))


def _background(width, height, rng):
    """Plain, gradient, shapes, soft noise or stripes."""
    kind = rng.integers(6)
    image = Image.new("RGB", (width, height), _color(rng))
    draw = ImageDraw.Draw(image, "RGBA")
    if kind == 1:
        ends = np.array([_color(rng), _color(rng), _color(rng), _color(rng)], np.uint8).reshape(2, 2, 3)
        return Image.fromarray(ends).resize((width, height), Image.Resampling.BICUBIC)
    if kind == 2:
        for _ in range(rng.integers(4, 14)):
            x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.05, 0.3) * width
            draw.ellipse((x - r, y - r, x + r, y + r), fill=(*_color(rng), int(rng.uniform(80, 255))))
    if kind == 3:
        cells = int(rng.integers(3, 24))
        noise = np.clip(np.asarray(_color(rng)) + rng.normal(0, 30, (cells, cells, 3)), 0, 255).astype(np.uint8)
        return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)
    if kind == 4:
        color, step, lean = _color(rng), rng.uniform(8, 40), rng.uniform(-0.7, 0.7) * height
        for x in np.arange(-height, width + height, 2 * step):
            draw.line((x, 0, x + lean, height), fill=color, width=int(step))
    if kind == 5:
        for _ in range(rng.integers(3, 10)):
            x, y = rng.uniform(-0.2, 1, 2) * (width, height)
            w, v = rng.uniform(0.1, 0.6, 2) * (width, height)
            draw.rectangle((x, y, x + w, y + v), fill=(*_color(rng), 220))
    return image


def _photograph(image, rng):
    """Light from one side, a colour cast, blur, grain and JPEG artefacts."""
    width, height = image.size
    y, x = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 + rng.uniform(0, 0.3) * (x * np.cos(angle) + y * np.sin(angle)) - rng.uniform(0, 0.18) * (x * x + y * y)
    cast = rng.uniform(0.78, 1.15) * np.exp(rng.normal(0, 0.05, 3))
    gamma = ((np.arange(256) / 255) ** np.exp(rng.normal(0, 0.18))).astype(np.float32)
    pixels = gamma[np.asarray(image)] * light[..., None].astype(np.float32) * cast.astype(np.float32)
    if rng.random() < 0.3:
        pixels += rng.standard_normal(pixels.shape, np.float32) * np.float32(rng.uniform(0.005, 0.045))
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, width / 160)))
    if rng.random() < 0.4:
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=int(rng.integers(25, 90)))
        image = Image.open(stream).convert("RGB")
    return image


def write_sheet(path, seed, columns, rows, cell=150):
    """A contact sheet; a green bar marks with_mask, a red one without_mask."""
    sheet = Image.new("RGB", (columns * cell, rows * cell), "white")
    for i in range(columns * rows):
        face = draw_face(seed + i)
        face.image.thumbnail((cell - 4, cell - 10))
        x, y = i % columns * cell, i // columns * cell
        sheet.paste(face.image, (x, y))
        ImageDraw.Draw(sheet).rectangle((x, y + cell - 8, x + cell - 5, y + cell - 4), fill=("green", "red")[face.label])
    sheet.save(path)


def write_images(folder, seed, per_label, quality=85):
    """The first faces of each label from this seed on, as folder/LABEL/SEED.jpg."""
    left = dict.fromkeys(LABELS, per_label)
    while any(left.values()):
        face = draw_face(seed)
        label = LABELS[face.label]
        if left[label]:
            left[label] -= 1
            path = Path(folder) / label / f"{seed}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            face.image.save(path, quality=quality)
        seed += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    sheet = commands.add_parser("sheet", help="draw a contact sheet")
    sheet.add_argument("--out", default="sheet.png")
    sheet.add_argument("--seed", type=int, default=TRAIN_SEED)
    sheet.add_argument("--columns", type=int, default=8)
    sheet.add_argument("--rows", type=int, default=6)
    images = commands.add_parser("images", help="write the held-out JPEG files")
    images.add_argument("--out", default=Path(__file__).parent / "images")
    images.add_argument("--per-label", type=int, default=50)
    args = parser.parse_args()
    if args.command == "sheet":
        write_sheet(args.out, args.seed, args.columns, args.rows)
    else:
        write_images(args.out, IMAGES_SEED, args.per_label)


if __name__ == "__main__":
    main()
