"""Writes the torch files beside it, with torch 2.13.0: python generate.py"""

from collections import OrderedDict

import torch
from torch import nn

base = torch.arange(12, dtype=torch.float32).reshape(3, 4) - 5.5
shared = torch.arange(6, dtype=torch.float32)
state = OrderedDict(
    f32=base,
    f16=base.half() / 3,
    bf16=base.bfloat16() / 3,
    f64=base.double() / 3,
    i64=torch.tensor([1, -2, 2**40]),
    flags=torch.tensor([True, False]),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 4),
    transposed=base.t(),
    column=base[:, 1],
    expanded=torch.tensor([[1.0], [2.0]]).expand(2, 3),
    left=shared[:3],
    right=shared[3:],
    parameter=nn.Parameter(torch.tensor([7.0, 8.0])),
)
state._metadata = OrderedDict({"": {"version": 1}})
torch.save(state, "zip.bin")
torch.save(state, "legacy.bin", _use_new_zipfile_serialization=False)
torch.save({"epoch": 3, "state_dict": OrderedDict(f32=base)}, "nested.bin")
torch.save({"model": {"f32": base}, "optimizer": {"lr": 0.1}}, "training.bin")
torch.save(nn.Linear(2, 2), "module.bin")
torch.save({"f32": base, "epoch": 3}, "mixed.bin")
torch.jit.save(torch.jit.script(nn.Linear(2, 2)), "script.bin")
