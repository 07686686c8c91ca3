"""
Makes golden/configs: config.json and preprocessor_config.json as people and tools wrote them over the years, and the
values that transformers takes from them.

    python make_config_goldens.py [OUT_DIR]

Each case is a folder with the files; expected.json has per case "config", "processor" (absent without a
preprocessor_config.json) or, for files that transformers refuses, "config_error" or "processor_error" with the kind of
error.
"""

import json
import sys

import transformers
from transformers import (
    AutoConfig,
    BeitImageProcessorPil,
    BitImageProcessorPil,
    CLIPImageProcessorPil,
    DeiTImageProcessorPil,
    SiglipImageProcessorPil,
    ViTImageProcessorPil,
)
from transformers.image_utils import SizeDict

from golden import GOLDEN, fresh_folder, write_json

PROCESSORS = dict(vit=ViTImageProcessorPil, beit=BeitImageProcessorPil, deit=DeiTImageProcessorPil)
# Those that a file may name whatever the model is.
NAMED_PROCESSORS = dict(BitImageProcessor=BitImageProcessorPil, CLIPImageProcessor=CLIPImageProcessorPil,
                        CLIPFeatureExtractor=CLIPImageProcessorPil, SiglipImageProcessor=SiglipImageProcessorPil)
CONFIG_VALUES = """model_type architectures hidden_size num_hidden_layers num_attention_heads head_dim intermediate_size
    hidden_act layer_norm_eps image_size patch_size num_channels qkv_bias pooler_act pooler_output_size use_mask_token
    use_absolute_position_embeddings use_relative_position_bias use_shared_relative_position_bias layer_scale_init_value
    use_mean_pooling num_labels id2label problem_type""".split()
PROCESSOR_VALUES = """do_resize size resample do_center_crop crop_size do_rescale rescale_factor do_normalize image_mean
    image_std""".split()

BASE = dict(attention_probs_dropout_prob=0.0, hidden_act="gelu", hidden_dropout_prob=0.0, hidden_size=768, image_size=224,
            initializer_range=0.02, intermediate_size=3072, layer_norm_eps=1e-12, num_attention_heads=12, num_channels=3,
            num_hidden_layers=12, patch_size=16)
MASK_LABELS = dict(id2label={"0": "No Mask", "1": "Mask"}, label2id={"Mask": "1", "No Mask": "0"})
FACE_MASK_VIT = dict(BASE, _name_or_path="google/vit-base-patch16-224-in21k", architectures=["ViTForImageClassification"],
                     model_type="vit", qkv_bias=True, torch_dtype="float32", transformers_version="4.16.2", **MASK_LABELS)
BEIT = dict(BASE, add_fpn=False, architectures=["BeitForImageClassification"], auxiliary_channels=256,
            auxiliary_concat_input=False, auxiliary_loss_weight=0.4, auxiliary_num_convs=1, drop_path_rate=0.1,
            layer_scale_init_value=0.1, model_type="beit", out_indices=[3, 5, 7, 11], pool_scales=[1, 2, 3, 6],
            semantic_loss_ignore_index=255, torch_dtype="float32", transformers_version="4.16.2",
            use_absolute_position_embeddings=False, use_auxiliary_head=True, use_mask_token=True, use_mean_pooling=True,
            use_relative_position_bias=False, use_shared_relative_position_bias=True, vocab_size=8192, **MASK_LABELS)
DEIT = dict(BASE, architectures=["DeiTForImageClassification"], encoder_stride=16, model_type="deit", qkv_bias=True,
            torch_dtype="float32", transformers_version="4.17.0.dev0", **MASK_LABELS)
VIT_5 = dict(BASE, architectures=["ViTForImageClassification"], dtype="float32", encoder_stride=16, model_type="vit",
             pooler_act="tanh", pooler_output_size=768, qkv_bias=True, transformers_version="5.17.0",
             problem_type="single_label_classification", id2label={"0": "cat", "1": "dog", "2": "owl"},
             label2id={"cat": 0, "dog": 1, "owl": 2})
NOT_ASCII = {"0": "mit Maske \u00df", "1": "\u30de\u30b9\u30af \U0001f637"}
TWELVE = {str(i): f"class {i}" for i in (10, 11, 2, 0, 1, 3, 4, 5, 9, 8, 7, 6)}

HALF = dict(image_mean=[0.5, 0.5, 0.5], image_std=[0.5, 0.5, 0.5])
IMAGENET = dict(image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225])
OLD_VIT = dict(do_normalize=True, do_resize=True, feature_extractor_type="ViTFeatureExtractor", **HALF, resample=2, size=224)
OLD_BEIT = dict(crop_size=224, do_center_crop=False, do_normalize=True, do_resize=True,
                feature_extractor_type="BeitFeatureExtractor", **HALF, reduce_labels=False, resample=2, size=224)
OLD_DEIT = dict(crop_size=224, do_center_crop=True, do_normalize=True, do_resize=True,
                feature_extractor_type="DeiTFeatureExtractor", **IMAGENET, resample=3, size=256)
NEW_VIT = dict(do_convert_rgb=None, do_normalize=True, do_rescale=True, do_resize=True,
               image_processor_type="ViTImageProcessor", **HALF, resample=2, rescale_factor=0.00392156862745098, size=dict(height=224, width=224))


def without(value, *keys):
    """`value` less some keys."""
    return {key: item for key, item in value.items() if key not in keys}


# name: (config.json, preprocessor_config.json or None)
CASES = {
    "vit-face-mask": (FACE_MASK_VIT, OLD_VIT),
    "vit-google": (dict(FACE_MASK_VIT, transformers_version="4.13.0.dev0"),
                   without(OLD_VIT, "feature_extractor_type", "resample")),
    "vit-google-in21k": (dict(without(FACE_MASK_VIT, "id2label", "label2id"), architectures=["ViTModel"]), None),
    "vit-5x": (VIT_5, NEW_VIT),
    "vit-5x-fast": (VIT_5, dict(NEW_VIT, image_processor_type="ViTImageProcessorFast", crop_size=None, device=None,
                                default_to_square=True, disable_grouping=None, data_format="channels_first",
                                do_center_crop=None, input_data_format=None, return_tensors=None,
                                _valid_processor_keys=["images", "do_resize"])),
    "vit-minimal": (dict(model_type="vit"), dict(image_processor_type="ViTImageProcessor")),
    "beit-minimal": (dict(model_type="beit"), dict(image_processor_type="BeitImageProcessor")),
    "deit-minimal": (dict(model_type="deit"), dict(image_processor_type="DeiTImageProcessor")),
    "vit-no-labels": (without(FACE_MASK_VIT, "id2label", "label2id"), OLD_VIT),
    "vit-num-labels": (dict(without(FACE_MASK_VIT, "id2label", "label2id"), num_labels=5), None),
    "vit-num-labels-agrees": (dict(FACE_MASK_VIT, num_labels=2), None),
    "vit-num-labels-disagrees": (dict(FACE_MASK_VIT, num_labels=3), None),
    "vit-one-label": (dict(FACE_MASK_VIT, id2label={"0": "score"}, label2id={"score": 0}), None),
    "vit-labels-out-of-order": (dict(VIT_5, id2label=TWELVE, label2id={v: int(k) for k, v in TWELVE.items()}), None),
    "vit-labels-with-a-gap": (dict(VIT_5, id2label={"0": "cat", "2": "owl"}, label2id={"cat": 0, "owl": 2}), None),
    "vit-labels-are-numbers": (dict(VIT_5, id2label={"0": 3, "1": 5}, label2id={"3": 0, "5": 1}), None),
    "vit-labels-not-ascii": (dict(VIT_5, id2label=NOT_ASCII, label2id=None), None),
    "vit-id2label-null": (dict(VIT_5, id2label=None, label2id=None), None),
    "vit-label2id-missing": (without(VIT_5, "label2id"), None),
    "vit-multi-label": (dict(VIT_5, problem_type="multi_label_classification"), None),
    "vit-regression": (dict(VIT_5, problem_type="regression", id2label={"0": "age"}, label2id={"age": 0}), None),
    "vit-problem-type-null": (dict(VIT_5, problem_type=None), None),
    "vit-problem-type-unknown": (dict(VIT_5, problem_type="ranking"), None),
    "vit-rectangle": (dict(VIT_5, image_size=[192, 256], patch_size=[16, 32]),
                      dict(NEW_VIT, size=dict(height=192, width=256))),
    "vit-no-qkv-bias": (dict(VIT_5, qkv_bias=False), None),
    "vit-head-dim": (dict(VIT_5, head_dim=32), None),
    "vit-pooler": (dict(VIT_5, pooler_act="relu", pooler_output_size=128), None),
    "vit-other-act": (dict(VIT_5, hidden_act="gelu_pytorch_tanh", layer_norm_eps=1e-6), None),
    "vit-unknown-keys": (dict(VIT_5, made_by="someone", nested=dict(a=[1, None, 2.5])), dict(NEW_VIT, made_by="someone")),
    "vit-heads-do-not-divide": (dict(VIT_5, num_attention_heads=7), None),
    "vit-string-size": (dict(VIT_5, hidden_size="768"), None),
    "vit-float-size": (dict(VIT_5, hidden_size=768.0), None),
    "vit-int-eps": (dict(VIT_5, layer_norm_eps=0), None),
    "vit-null-size": (dict(VIT_5, hidden_size=None), None),
    "beit-face-mask": (BEIT, OLD_BEIT),
    "beit-ft22k": (dict(BEIT, use_mask_token=False, use_shared_relative_position_bias=False,
                        use_relative_position_bias=True), OLD_BEIT),
    "beit-pt22k": (dict(without(BEIT, "id2label", "label2id"), architectures=["BeitForMaskedImageModeling"]), OLD_BEIT),
    "beit-layer-scale-int-zero": (dict(BEIT, layer_scale_init_value=0), None),
    "beit-layer-scale-int-one": (dict(BEIT, layer_scale_init_value=1), None),
    "beit-cls": (dict(BEIT, use_mean_pooling=False, use_absolute_position_embeddings=True), None),
    "beit-segmentation-keys": (dict(BEIT, segmentation_indices=[3, 5, 7, 11]), None),
    "deit-face-mask": (DEIT, OLD_DEIT),
    "deit-distilled": (dict(DEIT, architectures=["DeiTForImageClassificationWithTeacher"]), OLD_DEIT),
    "no-model-type": (without(FACE_MASK_VIT, "model_type"), None),
    "model-type-unknown": (dict(FACE_MASK_VIT, model_type="vit_of_tomorrow"), None),
    "processor-size-list": (VIT_5, dict(NEW_VIT, size=[192, 256])),
    "processor-size-one-element-list": (VIT_5, dict(NEW_VIT, size=[224])),
    "processor-size-shortest-edge": (VIT_5, dict(NEW_VIT, size=dict(shortest_edge=256))),
    "processor-size-both-edges": (VIT_5, dict(NEW_VIT, size=dict(shortest_edge=256, longest_edge=400))),
    "processor-size-extra-keys": (VIT_5, dict(NEW_VIT, size=dict(height=224, width=224, shortest_edge=256))),
    "processor-size-height-only": (VIT_5, dict(NEW_VIT, size=dict(height=224))),
    "processor-size-null": (VIT_5, dict(NEW_VIT, size=None)),
    "processor-size-float": (VIT_5, dict(NEW_VIT, size=224.0)),
    "processor-resample-null": (VIT_5, dict(NEW_VIT, resample=None)),
    "processor-mean-scalar": (VIT_5, dict(NEW_VIT, image_mean=0.5, image_std=0.25)),
    "processor-mean-null": (VIT_5, dict(NEW_VIT, image_mean=None, image_std=None)),
    "processor-rescale-off": (VIT_5, dict(NEW_VIT, do_rescale=False)),
    "processor-rescale-int": (VIT_5, dict(NEW_VIT, rescale_factor=1)),
    "processor-crop-int": (BEIT, dict(OLD_BEIT, do_center_crop=True, size=256)),
    "processor-bit-minimal": (VIT_5, dict(image_processor_type="BitImageProcessor")),
    "processor-clip-minimal": (VIT_5, dict(image_processor_type="CLIPImageProcessor")),
    "processor-clip-old": (VIT_5, dict(feature_extractor_type="CLIPFeatureExtractor", size=224, crop_size=224, resample=3,
                                       do_center_crop=True, do_normalize=True, do_resize=True, **HALF)),
    "processor-clip-squared": (VIT_5, dict(image_processor_type="CLIPImageProcessor", size=230, default_to_square=True)),
    "processor-siglip-minimal": (VIT_5, dict(image_processor_type="SiglipImageProcessor")),
    "processor-siglip-int": (VIT_5, dict(image_processor_type="SiglipImageProcessor", size=256)),
    "processor-beit-as-image-processor": (BEIT, dict(without(OLD_BEIT, "feature_extractor_type"),
                                                     image_processor_type="BeitFeatureExtractor")),
}


def plain(value):
    """What json can hold: sizes as dicts of the keys that are set, tuples as lists."""
    if isinstance(value, SizeDict):
        return {key: item for key, item in dict(value).items() if item is not None}
    return list(value) if isinstance(value, tuple) else value


def read_config(folder):
    """The values of config.json; only those that this architecture has."""
    config = AutoConfig.from_pretrained(folder)
    return {name: plain(getattr(config, name)) for name in CONFIG_VALUES if hasattr(config, name)}


def read_processor(folder, model_type, content):
    """The values of preprocessor_config.json."""
    named = content.get("image_processor_type", content.get("feature_extractor_type"))
    processor = NAMED_PROCESSORS.get(named, PROCESSORS[model_type]).from_pretrained(folder)
    return {name: plain(getattr(processor, name, None)) for name in PROCESSOR_VALUES}


def make(folder, config, processor):
    """Writes the files of one case; what transformers makes of them."""
    write_json(folder / "config.json", config, sort_keys=True)
    found = {}
    try:
        found["config"] = read_config(folder)
    except Exception as error:  # which errors transformers raises here is what we want to know
        found["config_error"] = type(error).__name__
    if processor is not None:
        write_json(folder / "preprocessor_config.json", processor, sort_keys=True)
        try:
            found["processor"] = read_processor(folder, config["model_type"], processor)
        except Exception as error:
            found["processor_error"] = type(error).__name__
    return found


def main():
    transformers.logging.set_verbosity_error()
    out = fresh_folder(sys.argv[1] if len(sys.argv) > 1 else GOLDEN / "configs")
    expected = {name: make(fresh_folder(out / name), *files) for name, files in CASES.items()}
    write_json(out / "expected.json", expected)
    for name, found in expected.items():
        print(name, json.dumps({key: value for key, value in found.items() if "error" in key}))


if __name__ == "__main__":
    main()
