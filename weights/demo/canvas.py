"""A small drawing surface in face coordinates, antialiased by supersampling.

Face coordinates: the head is centred on (0, 0), about 0.85 wide and 1.1 high on each side; x grows to the viewer's right and
y grows downwards. The eyes lie near y = -0.12, the nose tip near 0.30, the mouth near 0.60 and the chin near 1.1.
"""
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

SUPERSAMPLING = 2
PART_SIZE = 112
PARTS = ("mask", "mouth_and_nose", "face")


@dataclass
class Pose:
    """Where the face is: centre in pixels, pixels per face unit, roll in radians, yaw in -1..1."""
    x: float
    y: float
    unit: float
    roll: float
    yaw: float


def ellipse(cx, cy, rx, ry, n=36):
    """The outline of an axis-parallel ellipse."""
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([cx + rx * np.cos(t), cy + ry * np.sin(t)], 1)


def curve(*knots, n=14):
    """A smooth open curve (Catmull-Rom) through the given points."""
    p = np.asarray(knots, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, n)[:, None]
    pieces = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:]):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3))
    return np.vstack(pieces)


def mirror(points):
    """The same points on the other side of the face, in reverse order."""
    return (np.asarray(points, float) * [-1, 1])[::-1]


def shade(color, factor):
    """A darker (factor < 1) or lighter (factor > 1) version of a colour."""
    return tuple(int(np.clip(c * factor, 0, 255)) for c in color)


def mix(a, b, t):
    """The colour a fraction t of the way from a to b."""
    return tuple(int(round(x + (y - x) * t)) for x, y in zip(a, b))


class Canvas:
    """An RGB picture with a pose, and beside it three coarse planes that remember where the parts of the face are."""

    def __init__(self, background, pose):
        self.size = background.size
        self.pose = pose
        self.image = background.resize([n * SUPERSAMPLING for n in self.size], Image.Resampling.BILINEAR)
        self.parts = {name: Image.new("L", (PART_SIZE, PART_SIZE)) for name in PARTS}

    def _pixels(self, points, relief):
        """Face coordinates to supersampled pixels. Relief says how much the point follows a turn of the head."""
        p, pose = np.asarray(points, float).reshape(-1, 2).copy(), self.pose
        p[:, 0] += 0.28 * pose.yaw * relief * (1 - np.minimum(1, p[:, 0] ** 2))
        c, s = np.cos(pose.roll), np.sin(pose.roll)
        return (p @ np.array([[c, s], [-s, c]]) * pose.unit + [pose.x, pose.y]) * SUPERSAMPLING

    def polygon(self, points, color, alpha=255, relief=1.0):
        """Fill a polygon, translucently if alpha is below 255."""
        flat = [tuple(p) for p in self._pixels(points, relief)]
        ImageDraw.Draw(self.image, "RGBA").polygon(flat, fill=(*color, int(alpha)))

    def line(self, points, color, width, alpha=255, relief=1.0):
        """Stroke a curve; the width is in face units."""
        flat = [tuple(p) for p in self._pixels(points, relief)]
        pixels = max(1, round(width * self.pose.unit * SUPERSAMPLING))
        draw = ImageDraw.Draw(self.image, "RGBA")
        draw.line(flat, fill=(*color, int(alpha)), width=pixels, joint="curve")
        if alpha == 255 and pixels > 3:
            r = pixels / 2 - 0.5
            for x, y in (flat[0], flat[-1]):
                draw.ellipse((x - r, y - r, x + r, y + r), fill=color)

    @contextmanager
    def clip(self, outline, hole=None, relief=1.0):
        """Within this context only the inside of the outline (less the hole) is painted."""
        before, self.image = self.image, self.image.copy()
        yield
        stencil = Image.new("L", before.size)
        draw = ImageDraw.Draw(stencil)
        draw.polygon([tuple(p) for p in self._pixels(outline, relief)], fill=255)
        if hole is not None:
            draw.polygon([tuple(p) for p in self._pixels(hole, relief)], fill=0)
        before.paste(self.image, mask=stencil)
        self.image = before

    def mark(self, part, points, relief=1.0):
        """Remember that a part of the face lies inside this outline."""
        scale = PART_SIZE / (np.asarray(self.size) * SUPERSAMPLING)
        flat = [tuple(p) for p in self._pixels(points, relief) * scale]
        ImageDraw.Draw(self.parts[part]).polygon(flat, fill=255)

    def picture(self):
        """The finished picture at its real size."""
        return self.image.reduce(SUPERSAMPLING)

    def part_map(self):
        """uint8 [3, PART_SIZE, PART_SIZE]: the coarse planes, squeezed to a square as the model's input is."""
        return np.stack([np.asarray(self.parts[name]) for name in PARTS])
