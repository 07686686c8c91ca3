"""The reference model of a checkpoint folder, from pixels to logits, as the peers get it."""

import torch
import transformers
from transformers import AutoModelForImageClassification


class FixedPositions(torch.nn.Module):
    """
    The relative position bias of a BEiT, gathered once for the checkpoint's image size.

    transformers gathers it in every forward pass. Without this the peers would pay for work that does not depend on the
    image; with it the comparison is about the model's arithmetic. Values are the same to the bit.
    """

    def __init__(self, module, window):
        super().__init__()
        with torch.no_grad():
            self.register_buffer("bias", module(window, dim_size=window[0] * window[1] + 1).clone())

    def forward(self, *_, **__):
        return self.bias


class Logits(torch.nn.Module):
    """[B, C, H, W] float32 pixels to [B, K] logits."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixel_values):
        return self.model(pixel_values).logits


class BFloat16(torch.nn.Module):
    """The same with weights and activations in bfloat16; pixels and logits stay float32."""

    def __init__(self, model):
        super().__init__()
        self.model = model.to(torch.bfloat16)

    def forward(self, pixel_values):
        return self.model(pixel_values.to(torch.bfloat16)).float()


def reduce(model, precision):
    """The model in a precision: int8 is dynamic quantisation of the linear layers, as PyTorch has it."""
    if precision == "f32":
        return model
    if precision == "bf16":
        return BFloat16(model).eval()
    return torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8).eval()


def image_shape(config):
    """(C, H, W) of the images that a model of this configuration takes."""
    size = config.image_size
    height, width = size if isinstance(size, (list, tuple)) else (size, size)
    return config.num_channels, height, width


def load(folder, fixed_positions=True):
    """The model in a checkpoint folder, float32, ready to compare; refuses one without a trained classifier."""
    transformers.logging.disable_progress_bar()
    model, info = AutoModelForImageClassification.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="sdpa", output_loading_info=True)
    missing = sorted(info["missing_keys"]) + [str(key) for key in info["mismatched_keys"]]
    if missing:
        raise SystemExit(f"{folder}: no image classifier can be compared, the checkpoint lacks {', '.join(missing)}")
    model.eval()
    if fixed_positions and model.config.model_type == "beit":
        _, height, width = image_shape(model.config)
        window = (height // model.config.patch_size, width // model.config.patch_size)
        for parent in list(model.modules()):
            for name, child in list(parent.named_children()):
                if type(child).__name__ == "BeitRelativePositionBias":
                    setattr(parent, name, FixedPositions(child, window))
    return Logits(model).eval(), model.config
