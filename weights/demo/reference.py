"""What transformers answers: writes reference.json for the pictures in images/ and measures both checkpoints on unseen drawings.

    python reference.py                 about three CPU-minutes, most of it drawing
    python reference.py --check         compares with the reference.json that is there, without drawing
"""
import argparse
import json
import multiprocessing
from pathlib import Path

import PIL
import torch
import transformers
from PIL import Image, ImageOps
from transformers import AutoModelForImageClassification
from transformers.models.auto.image_processing_auto import AutoImageProcessor  # the top-level name insists on torchvision

from draw_faces import LABELS, TEST_SEED, draw_face

HERE = Path(__file__).parent
MODELS = ("vit", "beit")


def load(folder):
    """The model and its image processor, the one that works with Pillow."""
    return AutoModelForImageClassification.from_pretrained(folder).eval(), AutoImageProcessor.from_pretrained(folder, backend="pil")


def open_image(path):
    """The RGB picture in a file, upright."""
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def drawn(seed):
    face = draw_face(seed)
    return face.image, face.label


def logits(model, processor, image):
    """The logits of one picture, computed alone (batch size 1)."""
    with torch.inference_mode():
        return model(**processor(images=image, return_tensors="pt")).logits[0]


def accuracy(answers, truth):
    return sum(int(a.argmax()) == t for a, t in zip(answers, truth)) / len(truth)


def answer(model, values):
    """One entry of reference.json."""
    return {"logits": values.tolist(), "scores": values.softmax(-1).tolist(), "label": model.config.id2label[int(values.argmax())]}


def check(models, files):
    """The largest difference between the logits now and those in reference.json."""
    stored = {entry["image"]: entry for entry in json.loads((HERE / "reference.json").read_text())["images"]}
    for name, (model, processor) in models.items():
        gap = max(float((logits(model, processor, open_image(f)) - torch.tensor(stored[key][name]["logits"])).abs().max())
                  for key, f in files.items())
        print(f"{name}: largest difference of a logit over {len(files)} pictures: {gap:.2e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--drawings", type=int, default=2000, help="unseen drawings to measure the accuracy on")
    args = parser.parse_args()
    torch.set_num_threads(1)
    models = {name: load(HERE / name) for name in MODELS}
    files = {path.relative_to(HERE / "images").as_posix(): path for path in sorted((HERE / "images").glob("*/*.jpg"))}
    if args.check:
        return check(models, files)

    truth = [LABELS.index(path.parent.name) for path in files.values()]
    entries = [{"image": key, "truth": LABELS[t]} for key, t in zip(files, truth)]
    held_out = {}
    for name, (model, processor) in models.items():
        values = [logits(model, processor, open_image(path)) for path in files.values()]
        for entry, v in zip(entries, values):
            entry[name] = answer(model, v)
        held_out[name] = {"images": {"count": len(files), "accuracy": accuracy(values, truth)}}

    with multiprocessing.Pool() as pool:
        drawings, labels = zip(*pool.imap(drawn, range(TEST_SEED, TEST_SEED + args.drawings), chunksize=16))
    for name, (model, processor) in models.items():
        values = [logits(model, processor, image) for image in drawings]
        confusion = [[sum(int(v.argmax()) == p for v, t in zip(values, labels) if t == row) for p in (0, 1)] for row in (0, 1)]
        held_out[name]["drawings"] = {"count": len(labels), "first_seed": TEST_SEED, "accuracy": accuracy(values, labels),
                                      "confusion_truth_by_prediction": confusion}

    versions = {"torch": torch.__version__, "transformers": transformers.__version__, "pillow": PIL.__version__}
    processors = {name: type(processor).__name__ for name, (_, processor) in models.items()}
    report = {"versions": versions, "image_processors": processors, "labels": list(LABELS), "held_out": held_out, "images": entries}
    (HERE / "reference.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(held_out, indent=1))


if __name__ == "__main__":
    main()
