"""PNG and BMP writers for the forms that Pillow cannot write: every bit depth, Adam7, all five row filters, 16-bit RGB."""

import struct
import zlib

import numpy as np

GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, color, depth, palette=None, transparency=None, interlaced=False, chunks=()):
    """
    The bytes of a PNG.

    samples: [H, W, channels] unsigned integers below 2**depth.
    palette: [n, 3] for PALETTE. transparency: the bytes of tRNS. chunks: further (type, bytes), written before the data.
    """
    height, width, channels = samples.shape
    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    data = b"".join(_filtered(part, channels, depth) for part in passes if part.size)
    out = b"\x89PNG\r\n\x1a\n"
    out += _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced))
    for kind, body in chunks:
        out += _chunk(kind, body)
    if palette is not None:
        out += _chunk(b"PLTE", np.asarray(palette, np.uint8).tobytes())
    if transparency is not None:
        out += _chunk(b"tRNS", transparency)
    # Two IDAT chunks: a reader has to join them.
    packed = zlib.compress(data, 9)
    half = len(packed) // 2
    return out + _chunk(b"IDAT", packed[:half]) + _chunk(b"IDAT", packed[half:]) + _chunk(b"IEND", b"")


def _chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _filtered(samples, channels, depth):
    """The rows of one pass, packed, each with a filter byte; the five filters take turns."""
    rows = _pack(samples.reshape(samples.shape[0], -1), depth)
    step = max(1, channels * depth // 8)
    out = bytearray()
    above = np.zeros(rows.shape[1], np.int32)
    for y, row in enumerate(rows.astype(np.int32)):
        left, above_left = _shifted(row, step), _shifted(above, step)
        kind = y % 5
        predicted = [0 * row, left, above, (left + above) // 2, _paeth(left, above, above_left)][kind]
        out.append(kind)
        out += ((row - predicted) % 256).astype(np.uint8).tobytes()
        above = row
    return bytes(out)


def _shifted(row, step):
    return np.concatenate([np.zeros(step, np.int32), row])[: len(row)]


def _paeth(left, above, above_left):
    estimate = left + above - above_left
    distances = [abs(estimate - left), abs(estimate - above), abs(estimate - above_left)]
    return np.choose(np.argmin(distances, axis=0), [left, above, above_left])


def _pack(rows, depth):
    """Rows of samples to rows of bytes, most significant bits first."""
    if depth == 16:
        return rows.astype(">u2").view(np.uint8).reshape(len(rows), -1)
    bits = np.unpackbits(rows.astype(np.uint8)[..., None], axis=-1)[..., 8 - depth:]
    return np.packbits(bits.reshape(len(rows), -1), axis=-1)


def bmp(samples, bits, palette=None, top_down=False):
    """The bytes of an uncompressed BMP: 4-bit palette indices [H, W] or 15-bit and 24-bit colours [H, W, 3]."""
    height, width = samples.shape[:2]
    if bits == 4:
        rows = _pack(samples, 4)
    elif bits == 16:
        five = samples.astype(np.uint16) >> 3
        packed = five[..., 0] << 10 | five[..., 1] << 5 | five[..., 2]
        rows = packed.astype("<u2").view(np.uint8).reshape(height, -1)
    else:
        rows = samples[..., ::-1].astype(np.uint8).reshape(height, -1)
    rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
    pixels = (rows if top_down else rows[::-1]).tobytes()
    table = b"" if palette is None else np.pad(np.asarray(palette, np.uint8)[:, ::-1], ((0, 0), (0, 1))).tobytes()
    offset = 54 + len(table)
    signed_height = -height if top_down else height
    header = struct.pack("<2sIHHI", b"BM", offset + len(pixels), 0, 0, offset)
    info = struct.pack("<IiiHHIIiiII", 40, width, signed_height, 1, bits, 0, len(pixels), 2835, 2835, len(table) // 4, 0)
    return header + info + table + pixels
