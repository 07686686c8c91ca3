"""What the golden-data scripts share: places, files, random weights and the named stages of a forward pass."""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden"


def fresh_folder(path):
    """An empty folder at `path`; what was there is removed."""
    path = Path(path)
    if path.exists():
        shutil.rmtree(path)
    path.mkdir(parents=True)
    return path


def write_json(path, value, sort_keys=False):
    """Writes `value` as UTF-8 JSON, two spaces, one newline at the end."""
    Path(path).write_text(json.dumps(value, indent=2, sort_keys=sort_keys) + "\n", encoding="utf-8")


def write_tensors(path, tensors):
    """Writes name -> tensor as safetensors."""
    save_file({name: tensor.clone(memory_format=torch.contiguous_format) for name, tensor in tensors.items()}, path)


def random_weights(model, seed, matrix=0.3, bias=0.3, token=0.7, scale=(0.2, 0.9)):
    """
    Gives every parameter a value far from its initial one, so that a reader that skips a tensor is caught.

    matrix, bias, token: standard deviation of the matrices, of the biases, and of class token, positions and the like.
    scale: range of the layer scale. Norm weights are 1 +- 0.3; relative position tables are N(0, 1).
    """
    generator = torch.Generator().manual_seed(seed)

    def normal(parameter, std):
        return torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * std

    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lambda" in name:
                low, high = scale
                value = low + (high - low) * torch.rand(parameter.shape, generator=generator, dtype=torch.float64)
            elif "norm" in name and name.endswith("weight"):
                value = 1 + normal(parameter, 0.3)
            elif "relative_position_bias_table" in name:
                value = normal(parameter, 1.0)
            elif any(part in name for part in ("token", "position_embedding", "class_embedding", "probe")):
                value = normal(parameter, token)
            elif name.endswith("bias"):
                value = normal(parameter, bias)
            else:
                value = normal(parameter, matrix)
            parameter.copy_(value)


def relative_position_index(config):
    """The int64 [N, N] index buffer that BEiT checkpoints saved before transformers 5 hold."""
    from transformers.models.beit.modeling_beit import BeitRelativePositionBias

    side = config.image_size // config.patch_size
    return BeitRelativePositionBias.generate_relative_position_index((side, side)).clone()


def scores(config, logits):
    """What the image-classification pipeline makes of logits, in label order."""
    if config.problem_type == "multi_label_classification" or config.num_labels == 1:
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)


def vision(config):
    """What is about the vision encoder."""
    return getattr(config, "vision_config", config)


def base(model):
    """The vision encoder that a model is or has."""
    if model.config.model_type == "dinov3_vit":  # Its base_model is the blocks alone.
        return model
    return getattr(model, "vision_model", model.base_model)


def prefix_tokens(config):
    """How many tokens are no patches."""
    if config.model_type.startswith(("siglip", "ijepa")):
        return 0
    return 1 + getattr(config, "num_register_tokens", 0)


def pooled(config, out):
    """What the classifier reads, [B, K]."""
    if config.model_type.startswith("dinov2"):
        patches = out.last_hidden_state[:, prefix_tokens(config):]
        return torch.cat([out.last_hidden_state[:, 0], patches.mean(1)], dim=1)
    if config.model_type in ("clip", "metaclip_2", "siglip", "ijepa"):
        return out.last_hidden_state[:, prefix_tokens(config):].mean(1)
    pooler_output = getattr(out, "pooler_output", None)
    return out.last_hidden_state[:, 0] if pooler_output is None else pooler_output


@torch.no_grad()
def stages(model, pixel_values, attention=True, **arguments):
    """Runs `model` and names what comes out on the way; the names are listed in README.md. `arguments` go to forward."""
    out = base(model)(pixel_values, output_hidden_states=True, output_attentions=attention, **arguments)
    result = {"pixel_values": pixel_values, "embeddings": out.hidden_states[0]}
    for i, block in enumerate(out.hidden_states[1:]):
        result[f"block.{i}"] = block
    result["norm"] = out.last_hidden_state
    if attention:
        result[f"attention.{len(out.attentions) - 1}"] = out.attentions[-1]
    pooler_output = getattr(out, "pooler_output", None)
    if pooler_output is not None:
        result["pooler_output"] = pooler_output
    if hasattr(model, "visual_projection"):
        result["image_embeds"] = model.visual_projection(pooler_output)
    if "ForImageClassification" not in type(model).__name__:
        return result

    head = model(pixel_values, **arguments)
    if "cls_logits" in head:
        result["cls_logits"] = head.cls_logits
        result["distillation_logits"] = head.distillation_logits
    else:
        result["pooled"] = pooled(model.config, out)
    result["logits"] = head.logits
    result["scores"] = scores(model.config, head.logits)
    return result


def load(model_class, folder, dtype=torch.float32):
    """Loads a checkpoint folder and insists that every tensor of the model was in it and none was left over."""
    model, info = model_class.from_pretrained(folder, dtype=dtype, attn_implementation="eager", output_loading_info=True)
    for problem in ("missing_keys", "unexpected_keys", "mismatched_keys", "error_msgs"):
        assert not info[problem], f"{folder.name}: {problem} {info[problem]}"
    return model.eval()


def assert_same(expected, actual, tolerance, what):
    """Fails unless both hold the same names and values that differ by at most `tolerance`."""
    assert expected.keys() == actual.keys(), f"{what}: {expected.keys() ^ actual.keys()}"
    for name, tensor in expected.items():
        difference = (tensor - actual[name]).abs().max().item()
        assert difference <= tolerance, f"{what}: {name} differs by {difference}"
