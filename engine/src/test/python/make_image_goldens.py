"""
Makes golden/images: small image files and what Pillow and the image processors of transformers make of them.

    python make_image_goldens.py [OUT_DIR]

decode/            encoded files; decoded.safetensors has for each the RGB pixels [H, W, 3] as the pipelines load them
                   (open, exif_transpose, convert to RGB), expected.json its format and mode before that
resize.safetensors src/<name> and dst/<name>/<filter>/<width>x<height>, uint8 [H, W, 3], by Image.resize
preprocess/        portrait.png and landscape.png; preprocess.json lists the processor configs, preprocess.safetensors
                   holds <case>/<image>: what the processor's PIL backend returns, float32 [C, H, W]
"""

import io
import json
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageCms, ImageOps
from transformers import (
    BeitImageProcessorPil,
    BitImageProcessorPil,
    CLIPImageProcessorPil,
    DeiTImageProcessorPil,
    SiglipImageProcessorPil,
    ViTImageProcessorPil,
)

from encoders import GRAY, GRAY_ALPHA, PALETTE, RGB, RGBA, bmp, png
from golden import GOLDEN, fresh_folder, write_json, write_tensors

FILTERS = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "box": 4, "hamming": 5}


def picture(width, height, seed=0):
    """An asymmetric RGB picture: slanted gradients, a bright corner, a disc and a little noise."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    u, v = x / width, y / height
    image = np.stack([220 * u + 20 * v, 60 + 160 * v * (1 - u), 128 + 100 * np.sin(5 * u + 3 * v)], axis=-1)
    image[(u < 0.3) & (v < 0.25)] = [250, 240, 30]
    image[(u - 0.7) ** 2 + (v - 0.65) ** 2 < 0.04] = [20, 40, 200]
    image += np.random.default_rng(seed).normal(0, 6, image.shape)
    return image.round().clip(0, 255).astype(np.uint8)


def alpha_ramp(width, height):
    """Alpha from 0 to 255 along the diagonal."""
    y, x = np.mgrid[0:height, 0:width]
    return ((x + y) * 255 // (width + height - 2)).astype(np.uint8)


def deep(image):
    """8-bit samples to 16-bit ones whose low byte is not zero."""
    return image.astype(np.uint16) * 256 + np.random.default_rng(1).integers(0, 256, image.shape, dtype=np.uint16)


def palette_of(colors):
    """A palette of `colors` distinct RGB values."""
    i = np.arange(colors)
    return np.stack([i * 255 // max(1, colors - 1), (i * 97) % 256, 255 - (i * 41) % 256], axis=-1).astype(np.uint8)


def encode(image, kind, **options):
    """`image` as Pillow writes it."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# ---- files ----------------------------------------------------------------------------------------------------------


def png_files():
    """Every colour type, depth and transparency; each with and without Adam7 where it matters."""
    rgb = picture(37, 29)
    gray = rgb[..., 1:2]
    alpha = alpha_ramp(37, 29)[..., None]
    files = {}
    for depth in (1, 2, 4, 8):
        files[f"gray-{depth}"] = png(gray >> (8 - depth), GRAY, depth)
        files[f"gray-{depth}-adam7"] = png(gray >> (8 - depth), GRAY, depth, interlaced=True)
        indices = gray >> (8 - depth)
        colors = palette_of(2**depth)
        files[f"palette-{depth}"] = png(indices, PALETTE, depth, colors)
        files[f"palette-{depth}-trns"] = png(indices, PALETTE, depth, colors, transparency=bytes([0, 128]))
    short_range = (deep(gray) >> 7).astype(np.uint16)
    files["gray-16"] = png(deep(gray), GRAY, 16)
    files["gray-16-low"] = png(short_range, GRAY, 16)
    files["gray-16-adam7"] = png(short_range, GRAY, 16, interlaced=True)
    files["gray-8-trns"] = png(gray, GRAY, 8, transparency=bytes([0, gray[3, 3, 0]]))
    files["gray-16-trns"] = png(short_range, GRAY, 16, transparency=short_range[3, 3].astype(">u2").tobytes())
    files["gray-2-trns"] = png(gray >> 6, GRAY, 2, transparency=bytes([0, 1]))
    files["gray-alpha-8"] = png(np.concatenate([gray, alpha], -1), GRAY_ALPHA, 8)
    files["gray-alpha-16"] = png(deep(np.concatenate([gray, alpha], -1)), GRAY_ALPHA, 16)
    files["rgb-8"] = png(rgb, RGB, 8)
    files["rgb-8-adam7"] = png(rgb, RGB, 8, interlaced=True)
    files["rgb-8-trns"] = png(rgb, RGB, 8, transparency=rgb[3, 3].astype(">u2").tobytes())
    files["rgb-8-gamma"] = png(rgb, RGB, 8, chunks=[(b"gAMA", (100000).to_bytes(4, "big"))])
    files["rgb-8-icc"] = png(rgb, RGB, 8, chunks=[(b"iCCP", b"swapped\0\0" + zlib.compress(swapped_profile()))])
    files["rgb-16"] = png(deep(rgb), RGB, 16)
    files["rgb-16-adam7"] = png(deep(rgb), RGB, 16, interlaced=True)
    files["rgba-8"] = png(np.concatenate([rgb, alpha], -1), RGBA, 8)
    files["rgba-8-adam7"] = png(np.concatenate([rgb, alpha], -1), RGBA, 8, interlaced=True)
    files["rgba-16"] = png(deep(np.concatenate([rgb, alpha], -1)), RGBA, 16)
    files["palette-8-adam7"] = png(gray, PALETTE, 8, palette_of(256), interlaced=True)
    files["palette-4-short"] = png(gray % 11, PALETTE, 4, palette_of(11))
    files["rgb-1x1"] = png(rgb[:1, :1], RGB, 8)
    files["rgb-3x2-adam7"] = png(rgb[:2, :3], RGB, 8, interlaced=True)
    files["exif-orientation-6"] = png(rgb, RGB, 8, chunks=[(b"eXIf", exif(6)[6:])])
    return {f"png-{name}.png": data for name, data in files.items()}


def swapped_profile():
    """An RGB profile with red and blue exchanged: who converts by it gets the colours plainly wrong."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes([7, 230, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])  # creation time, for the same bytes in every run
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red:red + 4], profile[blue:blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def exif(orientation, byte_order="little"):
    """An Exif segment with the orientation only."""
    def number(value, size):
        return value.to_bytes(size, byte_order)

    order = b"II" if byte_order == "little" else b"MM"
    entry = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + bytes(2)
    return b"Exif\0\0" + order + number(42, 2) + number(8, 4) + number(1, 2) + entry + number(0, 4)


XMP_ORIENTATION_6 = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def jpeg_files():
    """Samplings, progressive, gray, four channels, colour spaces, orientations."""
    image = Image.fromarray(picture(45, 31))
    cmyk = Image.fromarray(np.concatenate([255 - picture(45, 31), alpha_ramp(45, 31)[..., None] // 3], -1), "CMYK")
    files = {
        "444": encode(image, "JPEG", quality=90, subsampling=0),
        "422": encode(image, "JPEG", quality=85, subsampling=1),
        "420": encode(image, "JPEG", quality=75, subsampling=2),
        "420-odd-17x9": encode(image.crop((0, 0, 17, 9)), "JPEG", quality=80, subsampling=2),
        "420-1x1": encode(image.crop((0, 0, 1, 1)), "JPEG", quality=80, subsampling=2),
        "422-odd-33x8": encode(image.crop((0, 0, 33, 8)), "JPEG", quality=80, subsampling=1),
        "restart": encode(image, "JPEG", quality=80, restart_marker_blocks=2),
        "optimized": encode(image, "JPEG", quality=80, optimize=True),
        "progressive-420": encode(image, "JPEG", quality=80, subsampling=2, progressive=True),
        "progressive-444": encode(image, "JPEG", quality=90, subsampling=0, progressive=True),
        "gray": encode(image.convert("L"), "JPEG", quality=85),
        "gray-progressive": encode(image.convert("L"), "JPEG", quality=85, progressive=True),
        "rgb-adobe": encode(image, "JPEG", quality=90, keep_rgb=True),
        "icc": encode(image, "JPEG", quality=90, subsampling=0, icc_profile=swapped_profile()),
        "comment": encode(image, "JPEG", quality=85, comment=b"a comment"),
        "cmyk-adobe": encode(cmyk, "JPEG", quality=90),
        "cmyk-plain": without_adobe_marker(encode(cmyk, "JPEG", quality=90)),
        "ycck-adobe": ycck(cmyk),
        "xmp-orientation-6": encode(image, "JPEG", quality=90, xmp=XMP_ORIENTATION_6),
        "orientation-8-big-endian": encode(image, "JPEG", quality=90, exif=exif(8, "big")),
    }
    for orientation in range(9):
        files[f"orientation-{orientation}"] = encode(image, "JPEG", quality=90, subsampling=0, exif=exif(orientation))
    return {f"jpeg-{name}.jpg": data for name, data in files.items()}


def without_adobe_marker(data):
    """The JPEG without its APP14 segment, so that the four channels count as not inverted."""
    start = data.index(b"\xff\xee\x00\x0eAdobe")
    return data[:start] + data[start + 16:]


def ycck(cmyk):
    """A YCCK JPEG. Pillow writes CMYK only, so the first three channels become YCbCr here and the marker says so."""
    channels = np.asarray(cmyk)
    luma = np.asarray(Image.fromarray(channels[..., :3], "RGB").convert("YCbCr"))
    mixed = np.concatenate([255 - luma, channels[..., 3:]], -1)
    data = bytearray(encode(Image.fromarray(mixed, "CMYK"), "JPEG", quality=90))
    data[data.index(b"\xff\xee\x00\x0eAdobe") + 15] = 2
    return bytes(data)


def bmp_files():
    """1, 4, 8, 16, 24 and 32 bits, bottom-up and top-down."""
    rgb = picture(35, 22)
    image = Image.fromarray(rgb)
    rgba = Image.fromarray(np.concatenate([rgb, alpha_ramp(35, 22)[..., None]], -1))
    files = {
        "1": encode(image.convert("1"), "BMP"),
        "4": bmp(rgb[..., 1] >> 4, 4, palette_of(16)),
        "8": encode(image.quantize(200, method=Image.Quantize.FASTOCTREE), "BMP"),
        "8-gray": encode(image.convert("L"), "BMP"),
        "16": bmp(rgb, 16),
        "24": encode(image, "BMP"),
        "24-top-down": bmp(rgb, 24, top_down=True),
        "32": encode(rgba, "BMP"),
    }
    return {f"bmp-{name}.bmp": data for name, data in files.items()}


def gif_files():
    """Animation, transparency, interlacing, and a frame smaller than its canvas."""
    frames = [Image.fromarray(picture(41, 26, seed)).quantize(64, method=Image.Quantize.FASTOCTREE) for seed in (0, 1)]
    offset = bytearray(encode(frames[0], "GIF", interlace=0))
    offset[6:10] = (50).to_bytes(2, "little") + (33).to_bytes(2, "little")
    place = offset.index(b"\x2c\0\0\0\0" + (41).to_bytes(2, "little"))
    offset[place + 1:place + 5] = (4).to_bytes(2, "little") + (5).to_bytes(2, "little")
    files = {
        "plain": encode(frames[0], "GIF", interlace=0),
        "interlaced": encode(frames[0], "GIF", interlace=1),
        "animated": encode(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100),
        "transparent": encode(frames[0], "GIF", transparency=int(np.asarray(frames[0])[3, 3])),
        "gray": encode(Image.fromarray(picture(41, 26)).convert("L"), "GIF"),
        "offset-frame": bytes(offset),
    }
    return {f"gif-{name}.gif": data for name, data in files.items()}


def webp_files():
    """Lossy and lossless, with and without alpha, animated, oriented."""
    rgb = picture(39, 28)
    image = Image.fromarray(rgb)
    rgba = Image.fromarray(np.concatenate([rgb, alpha_ramp(39, 28)[..., None]], -1))
    files = {
        "lossy": encode(image, "WEBP", quality=80),
        "lossless": encode(image, "WEBP", lossless=True, exact=True),
        "lossy-alpha": encode(rgba, "WEBP", quality=80),
        "lossless-alpha": encode(rgba, "WEBP", lossless=True, exact=True),
        "animated": encode(image, "WEBP", save_all=True, append_images=[image.rotate(180)], lossless=True),
        "orientation-6": encode(image, "WEBP", lossless=True, exif=exif(6)),
    }
    return {f"webp-{name}.webp": data for name, data in files.items()}


def tiff_files():
    """Compressions, depths, four channels, palette, orientation."""
    rgb = picture(33, 24)
    image = Image.fromarray(rgb)
    gray = image.convert("L")
    rgba = Image.fromarray(np.concatenate([rgb, alpha_ramp(33, 24)[..., None]], -1))
    files = {
        "rgb": encode(image, "TIFF"),
        "rgb-lzw": encode(image, "TIFF", compression="tiff_lzw"),
        "rgb-deflate": encode(image, "TIFF", compression="tiff_adobe_deflate"),
        "rgb-packbits": encode(image, "TIFF", compression="packbits"),
        "rgba": encode(rgba, "TIFF"),
        "gray": encode(gray, "TIFF"),
        "gray-1": encode(image.convert("1"), "TIFF", compression="group4"),
        "gray-16": encode(Image.fromarray(deep(np.asarray(gray)) >> 7), "TIFF"),
        "palette": encode(image.quantize(100, method=Image.Quantize.FASTOCTREE), "TIFF"),
        "cmyk": encode(image.convert("CMYK"), "TIFF"),
        "orientation-6": encode(image, "TIFF", tiffinfo={0x0112: 6}),
        "two-pages": encode(image, "TIFF", save_all=True, append_images=[image.rotate(180)]),
    }
    return {f"tiff-{name}.tif": data for name, data in files.items()}


def pnm_files():
    """Plain and raw, every depth, largest values that are no power of two, comments, gray floats."""
    rgb = picture(13, 9)
    gray = rgb[..., 1]
    bits = (gray > 128).astype(int)

    def header(kind, *values):
        return f"{kind}\n13 9\n".encode() + b"".join(b"%d\n" % value for value in values)

    def plain(samples, space=" "):
        return "\n".join(space.join(map(str, row)) for row in samples.reshape(len(samples), -1)).encode() + b"\n"

    def to(samples, maximum):
        return (samples.astype(int) * maximum // 255).astype(">u2" if maximum > 255 else "u1")

    files = {
        "p1.pbm": header("P1") + plain(bits),
        "p1-dense.pbm": header("P1") + plain(bits, ""),
        "p4.pbm": header("P4") + np.packbits(bits, axis=1).tobytes(),
        "p6-padded.ppm": b"P6 \t\r\n 13\n\n9 255 " + rgb.tobytes(),
        "p6-comments.ppm": b"P6\n# by a camera\n1#joins\n3 # columns\r9\n#last\n255\n" + rgb.tobytes(),
        "p3-comments.ppm": header("P3", 255) + plain(rgb).replace(b"\n", b" # a row\n", 3).replace(b" 1", b" #\n1", 5),
        "p6-more.ppm": header("P6", 255) + rgb.tobytes() + header("P6", 255) + rgb.tobytes(),
        "p5-above.pgm": header("P5", 100) + to(gray, 120).tobytes(),
        "p6-above.ppm": header("P6", 1000) + to(rgb, 1200).tobytes(),
        "pf.pfm": header("Pf") + b"-1.0\n" + (gray[::-1] * 1.3 - 20).astype("<f4").tobytes(),
        "pf-big-endian.pfm": header("Pf") + b"2.5e1\n" + (gray[::-1] * 1.3 - 20).astype(">f4").tobytes(),
        "p5-pillow.pgm": encode(Image.fromarray(gray), "PPM"),
        "p5-pillow-16.pgm": encode(Image.fromarray(deep(gray) >> 7), "PPM"),
    }
    for maximum in (1, 7, 100, 254, 255, 256, 300, 1023, 4095, 65534, 65535):
        files |= {
            f"p2-{maximum}.pgm": header("P2", maximum) + plain(to(gray, maximum)),
            f"p3-{maximum}.ppm": header("P3", maximum) + plain(to(rgb, maximum)),
            f"p5-{maximum}.pgm": header("P5", maximum) + to(gray, maximum).tobytes(),
            f"p6-{maximum}.ppm": header("P6", maximum) + to(rgb, maximum).tobytes(),
        }
    return {f"pnm-{name}": data for name, data in files.items()}


def load_image(path):
    """What the pipelines of transformers do with a file."""
    with Image.open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def make_decode(out):
    """Writes the encoded files and the pixels that Pillow finds in them."""
    folder = fresh_folder(out / "decode")
    expected, decoded = {}, {}
    for files in (png_files(), jpeg_files(), bmp_files(), gif_files(), webp_files(), tiff_files(), pnm_files()):
        for name, data in files.items():
            path = folder / name
            path.write_bytes(data)
            with Image.open(path) as image:
                expected[name] = dict(format=image.format, mode=image.mode, size=list(image.size))
            pixels = np.asarray(load_image(path))
            expected[name]["decoded_size"] = [pixels.shape[1], pixels.shape[0]]
            decoded[name] = torch.from_numpy(pixels.copy())
    write_json(out / "expected.json", expected)
    write_tensors(out / "decoded.safetensors", decoded)


# ---- resize ---------------------------------------------------------------------------------------------------------

TARGETS = {
    "noise-1x1": [(1, 1), (5, 4)],
    "noise-3x7": [(24, 24), (1, 1), (7, 3), (3, 20)],
    "binary-3x7": [(8, 8), (2, 5)],
    "noise-64x48": [(64, 48), (32, 32), (7, 5), (64, 20), (33, 48), (80, 60), (1, 1), (1, 48), (64, 1), (63, 47)],
    "gradient-64x48": [(32, 32), (80, 60)],
    "binary-64x48": [(32, 32), (80, 60)],
    "noise-301x173": [(24, 24), (32, 17), (301, 9), (13, 173)],
    "gradient-224x224": [(24, 24), (31, 17)],
    "binary-50x400": [(16, 16), (50, 30), (1, 1), (61, 9)],
}
FULL_SIZE = ("noise-301x173", 224, ("bilinear", "bicubic"))


def resize_source(name, seed):
    """noise, gradient or binary, of the size in its name."""
    kind, size = name.split("-")
    width, height = map(int, size.split("x"))
    generator = np.random.default_rng(seed)
    if kind == "gradient":
        return picture(width, height, seed)
    levels = generator.integers(0, 256, (height, width, 3), dtype=np.uint8)
    return levels if kind == "noise" else (levels > 127).astype(np.uint8) * 255


def make_resize(out):
    """Resizes every source to every target by every filter."""
    tensors = {}
    jobs = [(name, size, kind) for name, sizes in TARGETS.items() for size in sizes for kind in FILTERS]
    name, side, kinds = FULL_SIZE
    jobs += [(name, (side, side), kind) for kind in kinds]
    sources = {name: resize_source(name, seed) for seed, name in enumerate(TARGETS)}
    for name, source in sources.items():
        tensors[f"src/{name}"] = torch.from_numpy(source)
    for name, (width, height), kind in jobs:
        resized = Image.fromarray(sources[name]).resize((width, height), FILTERS[kind])
        tensors[f"dst/{name}/{kind}/{width}x{height}"] = torch.from_numpy(np.array(resized))
    write_tensors(out / "resize.safetensors", tensors)


# ---- preprocess -----------------------------------------------------------------------------------------------------

# AutoImageProcessor would choose the same classes but asks for torchvision.
PROCESSORS = dict(vit=ViTImageProcessorPil, beit=BeitImageProcessorPil, deit=DeiTImageProcessorPil,
                  dinov2=BitImageProcessorPil, clip=CLIPImageProcessorPil, siglip=SiglipImageProcessorPil)
HALF = dict(image_mean=[0.5] * 3, image_std=[0.5] * 3)
IMAGENET = dict(image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225])
CLIP = dict(image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711])
SQUARE = dict(size=dict(height=24, width=24))
VIT_5 = dict(do_normalize=True, do_rescale=True, do_resize=True, image_processor_type="ViTImageProcessor", **HALF,
             resample=2, rescale_factor=0.00392156862745098, **SQUARE)
BEIT_OLD = dict(crop_size=24, do_center_crop=False, do_normalize=True, do_resize=True,
                feature_extractor_type="BeitFeatureExtractor", **HALF, reduce_labels=False, resample=2, size=24)
DEIT_OLD = dict(crop_size=24, do_center_crop=True, do_normalize=True, do_resize=True,
                feature_extractor_type="DeiTFeatureExtractor", **IMAGENET, resample=3, size=28)
# name: (model_type, transformers_version, preprocessor_config.json)
CASES = {
    "vit-5x": ("vit", "5.17.0", VIT_5),
    "vit-old": ("vit", "4.16.2", dict(do_normalize=True, do_resize=True, feature_extractor_type="ViTFeatureExtractor",
                                      **HALF, resample=2, size=24)),
    "vit-google-no-type": ("vit", "4.13.0.dev0", dict(do_normalize=True, do_resize=True, **HALF, size=24)),
    "vit-fast-type": ("vit", "4.50.0", dict(VIT_5, image_processor_type="ViTImageProcessorFast", do_convert_rgb=None,
                                            default_to_square=True, device=None, return_tensors=None)),
    "vit-list-size": ("vit", "4.25.1", dict(VIT_5, size=[20, 28])),
    "vit-rectangle": ("vit", "5.17.0", dict(VIT_5, size=dict(height=20, width=28))),
    "vit-shortest-edge": ("vit", "5.17.0", dict(VIT_5, size=dict(shortest_edge=24))),
    "vit-shortest-and-longest-edge": ("vit", "5.17.0", dict(VIT_5, size=dict(shortest_edge=24, longest_edge=30))),
    "vit-no-resize": ("vit", "5.17.0", dict(VIT_5, do_resize=False)),
    "vit-no-rescale": ("vit", "5.17.0", dict(VIT_5, do_rescale=False)),
    "vit-no-normalize": ("vit", "5.17.0", dict(VIT_5, do_normalize=False)),
    "vit-scalar-mean": ("vit", "5.17.0", dict(VIT_5, image_mean=0.4, image_std=0.3)),
    "vit-other-rescale": ("vit", "5.17.0", dict(VIT_5, rescale_factor=1 / 127.5, image_mean=[1.0] * 3,
                                                image_std=[1.0] * 3)),
    "vit-clip-mean": ("vit", "5.17.0", dict(VIT_5, **CLIP)),
    "vit-nearest": ("vit", "5.17.0", dict(VIT_5, resample=0)),
    "vit-lanczos": ("vit", "5.17.0", dict(VIT_5, resample=1)),
    "vit-box": ("vit", "5.17.0", dict(VIT_5, resample=4)),
    "vit-hamming": ("vit", "5.17.0", dict(VIT_5, resample=5)),
    "vit-center-crop": ("vit", "5.17.0", dict(VIT_5, size=dict(shortest_edge=25), do_center_crop=True,
                                              crop_size=dict(height=24, width=23))),
    "beit-old": ("beit", "4.16.2", BEIT_OLD),
    "beit-center-crop": ("beit", "4.30.0", dict(BEIT_OLD, do_center_crop=True, size=dict(height=29, width=29),
                                                crop_size=dict(height=24, width=24), resample=3)),
    "beit-default-resample": ("beit", "5.17.0", dict(do_normalize=True, image_processor_type="BeitImageProcessor",
                                                     **HALF, **SQUARE)),
    "deit-old": ("deit", "4.17.0.dev0", DEIT_OLD),
    "deit-fast-type": ("deit", "4.57.0", dict(do_center_crop=True, do_normalize=True, do_resize=True,
                                              image_processor_type="DeiTImageProcessorFast", **IMAGENET, resample=3,
                                              size=dict(height=28, width=28), crop_size=dict(height=24, width=24))),
    "deit-crop-larger": ("deit", "4.17.0.dev0", dict(DEIT_OLD, size=dict(height=21, width=20), crop_size=27)),
    "deit-crop-wider": ("deit", "4.17.0.dev0", dict(DEIT_OLD, size=dict(height=30, width=20), crop_size=25)),
    "bit-dinov2": ("dinov2", "4.32.0", dict(crop_size=dict(height=24, width=24), do_center_crop=True, do_convert_rgb=True,
                                            do_normalize=True, do_rescale=True, do_resize=True,
                                            image_processor_type="BitImageProcessor", **IMAGENET, resample=3,
                                            rescale_factor=0.00392156862745098, size=dict(shortest_edge=29))),
    "clip-old": ("clip", "4.16.0", dict(crop_size=24, do_center_crop=True, do_normalize=True, do_resize=True,
                                        feature_extractor_type="CLIPFeatureExtractor", **CLIP, resample=3, size=24)),
    "siglip": ("siglip", "4.49.0", dict(do_convert_rgb=None, do_normalize=True, do_rescale=True, do_resize=True,
                                        image_processor_type="SiglipImageProcessor", **HALF, resample=2,
                                        rescale_factor=0.00392156862745098, **SQUARE)),
    "vit-nested": ("vit", "5.17.0", dict(image_processor=dict(VIT_5, resample=3), processor_class="ViTProcessor")),
}


def processor_files(name):
    """The files that a processor is loaded from, name -> text."""
    model_type, version, value = CASES[name]
    file = "processor_config.json" if "image_processor" in value else "preprocessor_config.json"
    files = {"config.json": dict(model_type=model_type, transformers_version=version), file: value}
    return {file: json.dumps(content, indent=2, sort_keys=True) + "\n" for file, content in files.items()}


def make_preprocess(out):
    """Runs each processor on both pictures."""
    folder = fresh_folder(out / "preprocess")
    for name, size in (("portrait", (37, 53)), ("landscape", (61, 40))):
        Image.fromarray(picture(*size, seed=5)).save(folder / f"{name}.png")
    cases, tensors = [], {}
    for name, (model_type, version, _) in CASES.items():
        files = processor_files(name)
        with tempfile.TemporaryDirectory() as checkpoint:
            for file, text in files.items():
                (Path(checkpoint) / file).write_text(text)
            processor = PROCESSORS[model_type].from_pretrained(checkpoint)
        shapes = {}
        for image in ("portrait", "landscape"):
            pixels = processor(load_image(folder / f"{image}.png"), return_tensors="pt").pixel_values[0]
            tensors[f"{name}/{image}"] = pixels.float()
            shapes[image] = list(pixels.shape)
        cases.append(dict(name=name, model_type=model_type, transformers_version=version, files=files, shapes=shapes))
    write_json(out / "preprocess.json", cases)
    write_tensors(out / "preprocess.safetensors", tensors)


def main():
    out = fresh_folder(sys.argv[1] if len(sys.argv) > 1 else GOLDEN / "images")
    make_decode(out)
    make_resize(out)
    make_preprocess(out)
    for path in sorted(out.iterdir()):
        size = path.stat().st_size if path.is_file() else sum(file.stat().st_size for file in path.iterdir())
        print(f"{path.name:28} {size / 1024:7.1f} KiB")


if __name__ == "__main__":
    main()
