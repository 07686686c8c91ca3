"""
Makes the values that transformers' config classes take for keys that config.json leaves out.

    python make_config_defaults.py [OUT_FILE]

One object per model_type that the weights' families read: the config of that type with no other key; of a model with a
text and a vision encoder the vision's. OUT_FILE is a resource of the weights' tests.
"""

import sys
from pathlib import Path

from transformers import AutoConfig

from golden import write_json

OUT = Path(__file__).resolve().parents[4] / "weights/src/test/resources/io/github/tornadovit/weights/family/config-defaults.json"
TYPES = """vit vit_mae vit_msn beit data2vec-vision deit dinov2 dinov2_with_registers ijepa clip clip_vision_model metaclip_2
    metaclip_2_vision_model siglip siglip_vision_model dinov3_vit""".split()
VALUES = """hidden_size num_hidden_layers num_attention_heads head_dim intermediate_size mlp_ratio hidden_act layer_norm_eps
    image_size patch_size num_channels qkv_bias pooler_act use_swiglu_ffn num_register_tokens use_absolute_position_embeddings
    use_relative_position_bias use_shared_relative_position_bias use_mean_pooling layer_scale_init_value layerscale_value
    projection_dim num_labels query_bias key_bias value_bias use_gated_mlp rope_theta""".split()


def defaults(model_type):
    """What a config of that type says of its vision encoder, and of classes and projection."""
    whole = AutoConfig.for_model(model_type)
    vision = getattr(whole, "vision_config", whole)
    said = {name: getattr(vision, name) for name in VALUES if hasattr(vision, name)}
    return said | {name: getattr(whole, name) for name in ("projection_dim", "num_labels") if hasattr(whole, name)}


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    write_json(out, {model_type: defaults(model_type) for model_type in TYPES}, sort_keys=True)


if __name__ == "__main__":
    main()
