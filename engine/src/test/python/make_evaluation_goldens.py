"""
Makes golden/evaluation: what transformers' Trainer measures for the demo checkpoints on the demo images, and how it prints
metrics.

    python make_evaluation_goldens.py [OUT_DIR]

expected.json has per checkpoint "accuracy", "loss" and the "confusion" matrix (rows: truth) of `Trainer.evaluate` at batch
size 8, and under "printed" metrics with the lines that `Trainer.log_metrics` writes for them: the cards' and odd ones.
"""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

import accelerate
import torch
import transformers
from PIL import Image, ImageOps
from transformers import AutoModelForImageClassification, Trainer, TrainingArguments
from transformers.models.auto.image_processing_auto import AutoImageProcessor  # the top-level name insists on torchvision

from golden import GOLDEN, fresh_folder, write_json

DEMO = Path(__file__).resolve().parents[4] / "weights" / "demo"
BATCH = 8
PRINTED = [
    dict(eval_accuracy=0.9894, eval_loss=0.0395, eval_runtime=36.812, eval_samples_per_second=97.685, eval_steps_per_second=12.224),
    dict(eval_accuracy=0.975, eval_loss=0.0803, eval_runtime=193.0285, eval_samples_per_second=18.629, eval_steps_per_second=2.331),
    dict(eval_accuracy=1.0, eval_loss=0.0, eval_runtime=0.29, eval_samples_per_second=1234.5, eval_steps_per_second=154.312),
    dict(eval_accuracy=0.12345, eval_loss=2.00005, eval_runtime=3599.9999, eval_samples_per_second=0.028, eval_steps_per_second=0.004),
    dict(eval_accuracy=0.00005, eval_loss=0.00012, eval_runtime=90061.5, eval_samples_per_second=12345678.25, eval_steps_per_second=1.0),
    dict(eval_accuracy=0.5, eval_loss=0.69314718, eval_runtime=200000.019, eval_samples_per_second=0.0, eval_steps_per_second=0.0),
]


class Drawings(torch.utils.data.Dataset):
    """The demo images, sorted by path, each decoded and preprocessed when it is asked for."""

    def __init__(self, processor, label2id):
        self.files = sorted((DEMO / "images").glob("*/*.jpg"))
        self.processor, self.label2id = processor, label2id

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        image = ImageOps.exif_transpose(Image.open(self.files[i])).convert("RGB")
        pixels = self.processor(images=image, return_tensors="pt")["pixel_values"][0]
        return {"pixel_values": pixels, "labels": self.label2id[self.files[i].parent.name]}


def trainer(name, folder):
    model = AutoModelForImageClassification.from_pretrained(DEMO / name, attn_implementation="eager").eval()
    processor = AutoImageProcessor.from_pretrained(DEMO / name, backend="pil")
    data = Drawings(processor, model.config.label2id)
    options = TrainingArguments(output_dir=folder, per_device_eval_batch_size=BATCH, use_cpu=True, report_to=[], disable_tqdm=True)
    return Trainer(model=model, args=options, eval_dataset=data, compute_metrics=lambda answers: counted(answers, len(model.config.id2label)))


def counted(answers, classes):
    predicted, truth = answers.predictions.argmax(-1), answers.label_ids
    confusion = [[int(((truth == t) & (predicted == p)).sum()) for p in range(classes)] for t in range(classes)]
    return {"accuracy": float((predicted == truth).mean()), "confusion": confusion}


def lines(evaluator, metrics):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        evaluator.log_metrics("eval", metrics)
    return out.getvalue().splitlines()


def main():
    out = fresh_folder(sys.argv[1] if len(sys.argv) > 1 else GOLDEN / "evaluation")
    torch.set_num_threads(1)
    expected = {"versions": dict(torch=torch.__version__, transformers=transformers.__version__, accelerate=accelerate.__version__)}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("vit", "beit"):
            evaluator = trainer(name, folder)
            metrics = evaluator.evaluate()
            expected[name] = {key: metrics[f"eval_{key}"] for key in ("accuracy", "loss", "confusion")}
        expected["printed"] = [dict(metrics=metrics, lines=lines(evaluator, metrics)) for metrics in PRINTED]
    write_json(out / "expected.json", expected)


if __name__ == "__main__":
    main()
