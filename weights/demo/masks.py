"""Face masks of several cuts and colours, worn properly, under the chin, or hanging from one ear."""
import numpy as np

from canvas import curve, ellipse, mirror, mix, shade
from parts import FABRICS, SKINS, pick

SURGICAL = [(140, 196, 226), (165, 212, 235), (120, 180, 215), (150, 215, 200), (240, 244, 246), (245, 190, 205), (60, 62, 68), (190, 175, 225)]
CLOTH = FABRICS + SKINS[1:6] + [(25, 25, 28), (245, 245, 245)]
CUTS = ("surgical", "cloth", "cone", "patterned")


def _right_side(h, cut, top, bridge, bottom):
    """The right half of a mask's outline, from the bridge of the nose round to below the chin."""
    if cut == "cone":
        x = h.half_width(0.25) * 0.8
        return curve((0, bridge), (0.17, bridge + 0.04), (x, top + 0.2), (h.half_width(0.6) * 0.9, (top + bottom) * 0.56), (0.28, bottom - 0.06), (0, bottom), n=8)
    if cut == "surgical":
        wide = h.half_width(top + 0.05) * 0.97
        low = min(h.height * 0.9, bottom - 0.25)
        return curve((0, bridge), (0.2, bridge + 0.03), (wide, top + 0.02), (h.half_width(low) * 1.05, low), (0.3, bottom - 0.03), (0, bottom), n=8)
    side = h.side(top, min(h.height * 0.93, bottom - 0.12), 1.02, n=10)
    return np.vstack([curve((0, bridge), (0.16, bridge + 0.04), (side[0, 0] * 0.7, top - 0.03), side[0], n=6), side,
                      curve(side[-1], (0.25, bottom - 0.03), (0, bottom), n=6)])


def _folds(c, cut, color, top, bridge, bottom, rng):
    """Pleats, seams, the nose wire, a valve."""
    dark, light = shade(color, 0.78), mix(color, (255, 255, 255), 0.35)
    middle = (bridge + bottom) / 2
    c.polygon([(0, -2), (2, -2), (2, 3), (0, 3)], (0, 0, 0), alpha=rng.uniform(0, 26))
    if cut == "surgical":
        for k, y in enumerate(np.linspace(bridge + 0.25, bottom - 0.25, 3)):
            c.line(curve((-1, y - 0.04), (0, y + 0.05), (1, y - 0.04)), dark, 0.025)
            c.line(curve((-1, y), (0, y + 0.09), (1, y)), light, 0.02, alpha=150)
        c.line(curve((-0.28, bridge + 0.09), (0, bridge + 0.05), (0.28, bridge + 0.09)), light, 0.045, alpha=190)
        c.line(curve((-1, top + 0.07), (0, bridge + 0.035), (1, top + 0.07)), dark, 0.018, alpha=140)
    elif cut == "cone":
        if rng.random() < 0.5:
            c.line(curve((0, bridge - 0.1), (0.02, middle), (0, bottom + 0.1)), dark, 0.035)
        else:
            c.line(curve((-1, middle - 0.1), (0, middle + 0.06), (1, middle - 0.1)), dark, 0.035)
            c.line(curve((-1, middle - 0.32), (0, middle - 0.24), (1, middle - 0.32)), dark, 0.025)
        if rng.random() < 0.35:
            c.polygon(ellipse(0.3, middle + 0.02, 0.14, 0.12), (235, 235, 235))
            c.polygon(ellipse(0.3, middle + 0.02, 0.09, 0.08), (180, 182, 186))
        c.line(curve((-0.16, bridge + 0.08), (0, bridge + 0.03), (0.16, bridge + 0.08)), (170, 175, 180), 0.04)
    else:
        if rng.random() < 0.6:
            c.line(curve((0, bridge - 0.1), (0.03, middle), (0, bottom + 0.1)), dark, 0.025)
        if rng.random() < 0.5:
            c.line(curve((-1, middle + 0.25), (-0.4, middle + 0.1), (0, middle + 0.16), (0.4, middle + 0.1), (1, middle + 0.25)), dark, 0.02, alpha=150)


def _pattern(c, rng):
    """Dots, stripes, checks or flowers over the whole neighbourhood of a mask; the caller clips."""
    ink, kind, step = pick(rng, FABRICS), rng.integers(4), rng.uniform(0.16, 0.26)
    grid = np.arange(-1.2, 1.2, step)
    if kind in (1, 2):
        for x in grid:
            c.line([(x, -0.3), (x, 2)], ink, step * 0.4, alpha=200 if kind == 1 else 130)
    if kind == 2:
        for y in np.arange(-0.3, 2, step):
            c.line([(-1.2, y), (1.2, y)], ink, step * 0.4, alpha=130)
    if kind in (0, 3):
        for i, y in enumerate(np.arange(-0.2, 1.8, step)):
            for x in grid + step / 2 * (i % 2):
                if kind == 0:
                    c.polygon(ellipse(x, y, step * 0.28, step * 0.28, 12), ink)
                else:
                    for t in np.arange(5) * 2 * np.pi / 5:
                        c.polygon(ellipse(x + np.cos(t) * step * 0.22, y + np.sin(t) * step * 0.22, step * 0.15, step * 0.15, 8), ink)
                    c.polygon(ellipse(x, y, step * 0.12, step * 0.12, 8), (250, 220, 90))


def _fabric(c, outline, cut, color, top, bridge, bottom, rng):
    c.polygon(outline + [0.015, 0.03], (20, 15, 15), alpha=60)
    c.polygon(outline, color)
    with c.clip(outline):
        if cut == "patterned":
            _pattern(c, rng)
        _folds(c, cut, color, top, bridge, bottom, rng)
    c.line(np.vstack([outline, outline[:1]]), shade(color, 0.82), 0.02)
    c.mark("mask", outline)


def _choice(rng):
    """A cut and its colour."""
    cut = pick(rng, CUTS)
    if cut == "surgical":
        return cut, pick(rng, SURGICAL)
    if cut == "cone":
        return cut, pick(rng, [(244, 244, 242), (236, 238, 240), (40, 42, 46), (200, 205, 208), (150, 185, 215)])
    return cut, tuple(int(np.clip(v + rng.normal(0, 8), 0, 255)) for v in pick(rng, CLOTH))


def _loops(c, h, high, low, rng):
    """Elastic bands from the mask's corners at these two heights to the ears."""
    band = pick(rng, [(245, 245, 245), (230, 232, 235), (40, 40, 44)])
    for s in (-1, 1):
        ear = h.width * 1.01
        for y, end in ((high, -0.03), (low, 0.12)):
            x = float(h.half_width(y)) * 0.93
            c.line([(s * x, y), (s * (x + ear) * 0.505, (y + end) / 2), (s * ear, end)], band, 0.028, relief=0)


def worn(c, h, rng, loops):
    """A mask over mouth and nose: from the bridge of the nose to below the mouth, mostly below the chin."""
    cut, color = _choice(rng)
    bridge = rng.uniform(-0.02, h.nose_y - 0.18)
    top = bridge + rng.uniform(0.04, 0.14)
    bottom = h.height * rng.uniform(0.93, 1.08)
    right = _right_side(h, cut, top, bridge, bottom)
    if loops:
        _loops(c, h, top + 0.08, 0.65 * h.height, rng)
    _fabric(c, np.vstack([right, mirror(right)]), cut, color, top, bridge, bottom, rng)


def under_chin(c, h, rng, loops):
    """The same masks pulled down: the upper edge lies below the lower lip."""
    cut, color = _choice(rng)
    bridge = max(h.mouth_y + 0.22, h.height * rng.uniform(0.76, 0.9))
    top = bridge - rng.uniform(0.1, 0.2)
    bottom = h.height + rng.uniform(0.2, 0.42)
    x = h.half_width(top)
    if loops:
        _loops(c, h, top, top + 0.1, rng)
    right = curve((0, bridge), (x * 0.6, bridge - 0.05), (x * 1.03, top), (x * 0.95, h.height * 0.95), (0.35, bottom - 0.04), (0, bottom), n=8)
    _fabric(c, np.vstack([right, mirror(right)]), cut, color, top, bridge, bottom, rng)


def dangling(c, h, rng):
    """A mask hanging from one ear, beside the face."""
    cut, color = _choice(rng)
    s = pick(rng, [-1, 1])
    x, y = s * h.width * rng.uniform(1.12, 1.25), rng.uniform(0.55, 0.75)
    c.line(curve((s * h.width, 0.0), (x - 0.1, y - 0.3), (x, y - 0.25)), (240, 240, 240), 0.028, relief=0)
    c.line(curve((s * h.width * 1.05, 0.0), (x + 0.12, y - 0.3), (x + 0.05, y + 0.2)), (240, 240, 240), 0.028, relief=0)
    outline = curve((x - 0.2, y - 0.38), (x + 0.16, y - 0.33), (x + 0.22, y + 0.3), (x, y + 0.48), (x - 0.2, y + 0.33), (x - 0.2, y - 0.38), n=8)
    c.polygon(outline, color, relief=0)
    for k in (-0.12, 0.04, 0.18):
        c.line([(x - 0.19, y + k), (x + 0.19, y + k + 0.03)], shade(color, 0.78), 0.025, relief=0)
    c.mark("mask", outline, relief=0)
