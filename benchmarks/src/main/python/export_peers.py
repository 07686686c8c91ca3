"""
Writes what the peers read of a Hugging Face checkpoint folder (ViT, BEiT, DeiT with a classifier):

    python export_peers.py CHECKPOINT_DIR OUT_DIR

OUT_DIR/model.onnx        for ONNX Runtime; weights inside, batch size free
OUT_DIR/model.pt          TorchScript, traced and frozen, for DJL's PyTorch
OUT_DIR/model-int8.onnx   the same, dynamically quantised: weights int8 per output channel, activations at run time
OUT_DIR/model-int8.pt     the same, dynamically quantised as PyTorch does it
OUT_DIR/model-bf16.pt     the same, weights and activations in bfloat16
OUT_DIR/export.json       versions, operator counts and how far each file is from transformers

The first two are checked against the plain transformers model, at two batch sizes, before the script ends; of the others
it is written down how far they are. Never commit them.
"""

import argparse
import collections
import json
import logging
import warnings
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic

import peer_model

TOLERANCE = 1e-4  # of a logit, absolute: float32 sums in another order
OPSET = 23  # the newest that torch 2.13 writes and onnxruntime reads; has Attention and Gelu as operators


def write_onnx(model, pixels, path, opset):
    """Writes the ONNX file with a free batch size and returns how often each operator occurs in it."""
    torch.onnx.export(
        model, (pixels,), path, dynamo=True, opset_version=opset, external_data=False, verbose=False,
        input_names=["pixel_values"], output_names=["logits"],
        dynamic_shapes={"pixel_values": {0: torch.export.Dim("batch")}})
    graph = onnx.load(path, load_external_data=False)
    version = next(entry.version for entry in graph.opset_import if entry.domain in ("", "ai.onnx"))
    if version != opset:
        raise SystemExit(f"{path}: opset is {version}, expected {opset}; name another with --opset")
    return dict(collections.Counter(node.op_type for node in graph.graph.node).most_common())


def write_torchscript(model, pixels, path):
    """Writes the traced model with its weights frozen into the graph."""
    traced = torch.jit.trace(model, pixels, strict=False)
    torch.jit.freeze(traced).save(str(path))


def write_int8(onnx_file, path):
    """Writes the dynamically quantised ONNX file."""
    model = onnx.load(onnx_file)
    del model.graph.value_info[:]  # shapes that the quantiser would contradict
    quantize_dynamic(model, path, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"], per_channel=True,
                     extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})


def worst(name, expected, actual, tolerance):
    """The largest difference of a logit; refuses one above the tolerance and anything that is not a number."""
    difference = float(numpy.abs(expected - actual).max()) if expected.shape == actual.shape else float("nan")
    if not difference <= tolerance:
        raise SystemExit(f"{name}: logits differ from transformers by {difference}, expected at most {tolerance}")
    return difference


@torch.inference_mode()
def check(folder, out, shape):
    """Compares the files with the model as transformers loads it, for one image and for three."""
    reference, _ = peer_model.load(folder, fixed_positions=False)
    differences = {}
    for name in ("model.onnx", "model.pt", "model-int8.onnx", "model-int8.pt", "model-bf16.pt"):
        if name.endswith(".onnx"):
            session = onnxruntime.InferenceSession(out / name, providers=["CPUExecutionProvider"])
            run = lambda pixels: session.run(["logits"], {"pixel_values": pixels.numpy()})[0]
        else:
            script = torch.jit.load(out / name)
            run = lambda pixels: script(pixels).numpy()
        for batch in (1, 3):
            pixels = torch.randn(batch, *shape, generator=torch.Generator().manual_seed(batch))
            expected = reference(pixels).numpy()
            difference = worst(name, expected, run(pixels), TOLERANCE if "-" not in name else float("inf"))
            differences[name] = max(differences.get(name, 0.0), difference)
    return differences


def main():
    parser = argparse.ArgumentParser(description="Export a checkpoint for ONNX Runtime and TorchScript.")
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT_DIR")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--opset", type=int, default=OPSET, help="of the ONNX file; default %(default)s")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    model, config = peer_model.load(arguments.checkpoint)
    shape = peer_model.image_shape(config)
    pixels = torch.randn(2, *shape, generator=torch.Generator().manual_seed(0))
    arguments.out.mkdir(parents=True, exist_ok=True)
    onnx_file = arguments.out / "model.onnx"
    script_file = arguments.out / "model.pt"
    with torch.inference_mode():
        operators = write_onnx(model, pixels, onnx_file, arguments.opset)
    write_int8(onnx_file, arguments.out / "model-int8.onnx")
    with torch.no_grad():  # inference tensors cannot be saved
        write_torchscript(model, pixels, script_file)
        # Not frozen: the packed weights are objects. Each from the checkpoint again, since they change the model.
        for precision in ("int8", "bf16"):
            reduced = peer_model.reduce(peer_model.load(arguments.checkpoint)[0], precision)
            torch.jit.trace(reduced, pixels, strict=False).save(str(arguments.out / f"model-{precision}.pt"))
    report = {
        "architecture": config.architectures[0], "image": shape, "opset": arguments.opset,
        "torch": torch.__version__, "transformers": transformers.__version__, "onnx": onnx.__version__,
        "worst_difference": check(arguments.checkpoint, arguments.out, shape), "operators": operators,
    }
    (arguments.out / "export.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
