"""
PyTorch in Python, as transformers runs it (scaled dot product attention, inference mode; float32, bfloat16 or int8): a
cross-check of the peers on the JVM, measured as they are.

    python pytorch_peer.py measure CHECKPOINT_DIR [--threads N] [--batch B ...] [--rounds N] [--seconds S] [--precision P]

prints JSON: per batch size the median over rounds of the median time of a forward pass.

    python pytorch_peer.py serve CHECKPOINT_DIR THREADS PIXELS IMAGES CHANNELS HEIGHT WIDTH PRECISION

is how the comparison on the JVM runs it as one of its workers: requests line by line on standard input, answers as one
line of JSON each on standard output, see WorkerProcess.java.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy
import torch

import peer_model

PRECISIONS = ["f32", "bf16", "int8"]


@torch.inference_mode()
def measure(model, pixels, seconds):
    """Nanoseconds of each forward pass, from an array to an array; at least one, and as many as begin within `seconds`."""
    nanos = []
    end = time.perf_counter_ns() + int(seconds * 1e9)
    while not nanos or time.perf_counter_ns() < end:
        begin = time.perf_counter_ns()
        model(torch.from_numpy(pixels)).numpy()
        nanos.append(time.perf_counter_ns() - begin)
    return nanos


@torch.inference_mode()
def serve(arguments):
    torch.set_num_threads(arguments.threads)
    torch.set_num_interop_threads(1)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer

    def answer(**values):
        print(json.dumps(values), file=answers, flush=True)

    try:
        model, config = peer_model.load(arguments.checkpoint)
        model = peer_model.reduce(model, arguments.precision)
        shape = (arguments.channels, arguments.height, arguments.width)
        if peer_model.image_shape(config) != shape:
            raise ValueError(f"images are {shape}, expected {peer_model.image_shape(config)}")
        pixels = numpy.fromfile(arguments.pixels, dtype="<f4").reshape(arguments.images, *shape)
        label = int(model(torch.from_numpy(pixels[:1]))[0].argmax())
        suffix = "" if arguments.precision == "f32" else " " + arguments.precision
        answer(engine="PyTorch (Python)" + suffix, version=torch.__version__, label=label)
        for line in sys.stdin:
            request, *numbers = line.split()
            batch = pixels[:int(numbers[0])]
            if request == "logits":
                answer(logits=model(torch.from_numpy(batch)).flatten().tolist())
            elif request == "measure":
                answer(nanos=measure(model, batch, int(numbers[1]) / 1000))
            else:
                raise ValueError(f"request is '{request}', expected logits or measure")
    except Exception as failure:  # The comparison reports it; a stack trace would not reach it.
        answer(error=f"{type(failure).__name__}: {failure}")
        raise


def measure_alone(arguments):
    torch.set_num_threads(arguments.threads)
    model, config = peer_model.load(arguments.checkpoint)
    model = peer_model.reduce(model, arguments.precision)
    shape = peer_model.image_shape(config)
    generator = numpy.random.default_rng(1)
    results = []
    for batch in arguments.batch:
        pixels = generator.standard_normal((batch, *shape), dtype=numpy.float32)
        measure(model, pixels, arguments.seconds)
        rounds = [statistics.median(measure(model, pixels, arguments.seconds)) / 1e6 for _ in range(arguments.rounds)]
        millis = statistics.median(rounds)
        results.append({"batch": batch, "millis_per_batch": millis, "images_per_second": 1000 * batch / millis, "rounds": rounds})
    print(json.dumps({"engine": "PyTorch (Python)", "version": torch.__version__, "model": arguments.checkpoint.name, "precision": arguments.precision,
                      "threads": arguments.threads, "results": results}))


def main():
    parser = argparse.ArgumentParser(description="Measure PyTorch on a checkpoint folder.")
    commands = parser.add_subparsers(dest="command", required=True)
    alone = commands.add_parser("measure")
    alone.add_argument("checkpoint", type=Path)
    alone.add_argument("--threads", type=int, default=os.cpu_count())
    alone.add_argument("--batch", type=int, nargs="+", default=[1, 8, 32])
    alone.add_argument("--rounds", type=int, default=5)
    alone.add_argument("--seconds", type=float, default=2.0, help="per round and batch size; default %(default)s")
    alone.add_argument("--precision", choices=PRECISIONS, default="f32")
    worker = commands.add_parser("serve")
    worker.add_argument("checkpoint", type=Path)
    worker.add_argument("threads", type=int)
    worker.add_argument("pixels", type=Path)
    for name in ("images", "channels", "height", "width"):
        worker.add_argument(name, type=int)
    worker.add_argument("precision", choices=PRECISIONS)
    arguments = parser.parse_args()
    if arguments.command == "serve":
        serve(arguments)
    else:
        measure_alone(arguments)


if __name__ == "__main__":
    main()
