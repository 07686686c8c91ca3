"""The parts of a face: head, eyes, nose, mouth, beard, hair, hats, glasses. Each function draws one part on a Canvas."""
from dataclasses import dataclass

import numpy as np

from canvas import curve, ellipse, mirror, mix, shade

SKINS = [(255, 224, 196), (246, 205, 175), (236, 188, 150), (224, 172, 130), (205, 150, 108), (184, 128, 88),
         (158, 104, 68), (128, 82, 54), (98, 62, 42), (72, 46, 34)]
HAIRS = [(24, 20, 20), (45, 31, 26), (74, 48, 32), (110, 72, 42), (150, 104, 58), (206, 164, 96), (232, 204, 140),
         (150, 62, 32), (190, 84, 40), (140, 140, 142), (222, 222, 220), (80, 110, 190), (214, 96, 150), (80, 150, 110)]
FABRICS = [(40, 44, 60), (200, 50, 60), (235, 235, 230), (60, 120, 180), (240, 190, 60), (70, 140, 90), (120, 80, 150),
           (230, 130, 90), (110, 110, 115), (30, 30, 32), (150, 200, 215), (190, 160, 130), (245, 200, 210), (90, 60, 45)]
EYES = [(70, 45, 30), (40, 28, 22), (100, 75, 45), (70, 110, 150), (85, 125, 85), (110, 125, 130)]


@dataclass
class Head:
    """The measures of one face, in face units, and its skin."""
    width: float
    height: float
    taper: float
    roundness: float
    eye_y: float
    nose_y: float
    mouth_y: float
    skin: tuple

    @staticmethod
    def random(rng):
        i = rng.uniform(0, len(SKINS) - 1)
        skin = mix(SKINS[int(i)], SKINS[min(int(i) + 1, len(SKINS) - 1)], i % 1)
        skin = tuple(int(np.clip(c + rng.normal(0, 4), 0, 255)) for c in skin)
        return Head(rng.uniform(0.76, 0.92), rng.uniform(1.02, 1.18), rng.uniform(0.05, 0.32), rng.uniform(2.0, 2.6),
                    rng.uniform(-0.18, -0.08), rng.uniform(0.24, 0.34), rng.uniform(0.56, 0.64), skin)

    def half_width(self, y):
        """Half the width of the head at height y."""
        s = np.clip(np.asarray(y) / self.height, -1, 1)
        round_part = (1 - np.abs(s) ** self.roundness) ** (1 / self.roundness)
        return self.width * round_part * (1 - self.taper * np.maximum(0, s) ** 1.5)

    def side(self, top, bottom, grow=1.0, n=24):
        """The right-hand contour of the head from height top down to height bottom."""
        y = self.height * np.sin(np.linspace(np.arcsin(top / self.height), np.arcsin(bottom / self.height), n))
        return np.stack([self.half_width(y) * grow, y * grow], 1)

    def outline(self, grow=1.0):
        right = self.side(-self.height, self.height, grow)
        return np.vstack([right, mirror(right)])


def pick(rng, options):
    """One element of a list."""
    return options[rng.integers(len(options))]


def body(c, h, rng):
    """Neck, shoulders and clothes."""
    cloth, y = pick(rng, FABRICS), h.height
    neck = rng.uniform(0.36, 0.5)
    shoulders = rng.uniform(1.35, 1.75)
    top = y + rng.uniform(0.25, 0.42)
    trunk = curve((neck, top - 0.08), (shoulders * 0.75, top + 0.12), (shoulders, top + 0.5), (shoulders * 1.05, 4.0))
    c.polygon(np.vstack([trunk, mirror(trunk)]), cloth, relief=0)
    c.polygon([(-neck, 0.4), (neck, 0.4), (neck * 1.1, top), (0, top + 0.22), (-neck * 1.1, top)], shade(h.skin, 0.86), relief=0)
    kind = rng.integers(5)
    if kind == 0:
        c.polygon([(-neck * 1.1, top), (0, top + 0.75), (neck * 1.1, top), (0, top + 0.15)], shade(h.skin, 0.9), relief=0)
    elif kind == 1:
        collar = [(neck * 0.95, top - 0.1), (neck * 1.5, top + 0.12), (0.2, top + 0.5), (0, top + 0.2)]
        for side in (collar, mirror(collar)):
            c.polygon(side, mix(cloth, (255, 255, 255), 0.5), relief=0)
    elif kind == 2:
        c.polygon([(-neck * 1.12, y), (neck * 1.12, y), (neck * 1.25, top + 0.2), (-neck * 1.25, top + 0.2)], shade(cloth, 0.9), relief=0)
    elif kind == 3:
        for i in np.arange(top + 0.15, 3.5, 0.3):
            c.line(curve((-shoulders, i + 0.25), (0, i), (shoulders, i + 0.25)), shade(cloth, 0.7), 0.08, alpha=160, relief=0)
    if rng.random() < 0.12:
        c.line(curve((-neck, top - 0.05), (0, top + rng.uniform(0.2, 0.5)), (neck, top - 0.05)), pick(rng, [(225, 190, 90), (210, 210, 215)]), 0.035, relief=0)


def ears(c, h, rng):
    size = rng.uniform(0.15, 0.22)
    jewel = pick(rng, [(235, 200, 90), (225, 225, 230), (190, 50, 90)]) if rng.random() < 0.2 else None
    for side in (-1, 1):
        x = side * h.width * (1.02 - 0.06 * side * c.pose.yaw)
        c.polygon(ellipse(x, 0.06, size * 0.75, size * 1.15), shade(h.skin, 0.92), relief=0)
        c.line(curve((x, -0.04), (x + side * size * 0.4, 0.03), (x + side * 0.02, 0.14)), shade(h.skin, 0.72), 0.025, relief=0)
        if jewel:
            c.polygon(ellipse(x + side * 0.03, 0.06 + size * 1.2, 0.045, 0.05), jewel, relief=0)


def head(c, h, rng):
    """The bare head: skin, a shadow on one side, blush, freckles."""
    outline = h.outline()
    c.mark("face", outline, relief=0)
    c.polygon(outline, h.skin, relief=0)
    with c.clip(outline, relief=0):
        side = pick(rng, [-1, 1])
        edge = curve((side * 0.35, -1.3), (side * rng.uniform(0.45, 0.65), 0), (side * 0.3, 1.4))
        c.polygon(np.vstack([edge, [(side * 1.4, 1.4), (side * 1.4, -1.3)]]), shade(h.skin, 0.7), alpha=rng.uniform(15, 75), relief=0)
        c.polygon(ellipse(-side * 0.3, -0.6, 0.4, 0.3), (255, 255, 255), alpha=rng.uniform(0, 28), relief=0)
        if rng.random() < 0.5:
            for s in (-1, 1):
                c.polygon(ellipse(s * 0.47, 0.27, 0.2, 0.14), (225, 80, 80), alpha=rng.uniform(15, 60))
        if rng.random() < 0.1:
            for x, y in rng.normal(0, 1, (24, 2)) * [0.3, 0.08] + [0, 0.16]:
                c.polygon(ellipse(x, y, 0.018, 0.018, 8), shade(h.skin, 0.7))


def eyes(c, h, hair, rng):
    """Eyes with lids, lashes, brows and perhaps eye shadow."""
    gap, rx, ry = rng.uniform(0.32, 0.4), rng.uniform(0.13, 0.18), rng.uniform(0.07, 0.12)
    iris, look = pick(rng, EYES), rng.uniform(-0.05, 0.05)
    closed, lashes = rng.random() < 0.07, rng.random() < 0.4
    shadow = pick(rng, [(120, 70, 150), (60, 110, 160), (170, 90, 60), (200, 90, 130)]) if rng.random() < 0.2 else None
    brow_lift, brow_tilt, brow = rng.uniform(0.17, 0.27), rng.uniform(-0.06, 0.06), rng.uniform(0.035, 0.08)
    brow_color = shade(mix(hair, h.skin, 0.15), 0.8)
    dark = (35, 25, 25)
    for s in (-1, 1):
        x, y = s * gap, h.eye_y
        if shadow:
            c.polygon(ellipse(x, y - 0.06, rx * 1.15, ry * 1.3), shadow, alpha=120)
        lid = curve((x - rx, y + 0.01), (x, y - ry), (x + rx, y + 0.01))
        if closed:
            c.line(lid * [1, -1] + [0, 2 * y], dark, 0.035)
        else:
            eye = ellipse(x, y, rx, ry)
            c.polygon(eye, (246, 244, 240))
            with c.clip(eye):
                c.polygon(ellipse(x + look, y, ry * 0.95, ry * 0.95, 20), iris)
                c.polygon(ellipse(x + look, y, ry * 0.5, ry * 0.5, 16), (12, 10, 10))
                c.polygon(ellipse(x + look + 0.03, y - 0.03, 0.022, 0.022, 10), (255, 255, 255))
            c.line(lid, dark, rng.uniform(0.025, 0.045))
        if lashes:
            for k in (0.5, 0.8, 1.05):
                c.line([(x + s * rx * k, y - ry * (1.1 - 0.5 * k)), (x + s * (rx * k + 0.05), y - ry * (1.1 - 0.5 * k) - 0.06)], dark, 0.018)
        by = y - brow_lift
        c.line(curve((x - s * rx * 1.1, by + brow_tilt + 0.03), (x, by - 0.03), (x + s * rx * 1.25, by - brow_tilt + 0.04)), brow_color, brow)


def nose(c, h, rng):
    y, w, dark = h.nose_y, rng.uniform(0.09, 0.16), shade(h.skin, 0.68)
    c.mark("mouth_and_nose", ellipse(0, y - 0.06, 0.2, 0.2))
    kind = rng.integers(4)
    if kind == 0:
        c.line(curve((0.03, h.eye_y + 0.05), (-w * 0.8, y - 0.02), (w * 0.3, y + 0.03)), dark, 0.032)
    elif kind == 1:
        c.polygon([(0.02, h.eye_y + 0.05), (w, y), (-w * 0.4, y + 0.02)], dark, alpha=130)
    elif kind == 2:
        c.polygon(ellipse(0, y - 0.04, w, w * 0.75), shade(h.skin, 0.88))
        c.line(curve((-w, y - 0.02), (0, y + 0.07), (w, y - 0.02)), dark, 0.028)
    else:
        c.line(curve((-w, y - 0.04), (-w * 0.6, y + 0.04), (0, y + 0.05), (w * 0.6, y + 0.04), (w, y - 0.04)), dark, 0.03)
    if kind != 1:
        for s in (-1, 1):
            c.polygon(ellipse(s * w * 0.5, y + 0.015, 0.03, 0.02, 12), shade(h.skin, 0.45))
    c.line([(0.02, h.eye_y + 0.1), (0.02, y - 0.08)], (255, 255, 255), 0.05, alpha=45)


def mouth(c, h, rng):
    """A smile, a laugh, a straight or sulky mouth, an astonished one; with or without lipstick."""
    y, w = h.mouth_y, rng.uniform(0.2, 0.34)
    c.mark("mouth_and_nose", ellipse(0, y, 0.34, 0.14))
    lips = pick(rng, [(190, 30, 50), (160, 40, 90), (205, 70, 80), (120, 25, 45)]) if rng.random() < 0.35 else mix(h.skin, (175, 60, 65), 0.5)
    dark = mix(shade(h.skin, 0.4), (90, 20, 25), 0.5)
    kind, bend = rng.integers(6), rng.uniform(-0.03, 0.1)
    if kind == 0:
        c.line(curve((-w, y - bend), (0, y + bend), (w, y - bend)), dark, rng.uniform(0.03, 0.05))
    elif kind == 1:
        grin = np.vstack([curve((-w, y - 0.06), (0, y - 0.02), (w, y - 0.06)), curve((w, y - 0.06), (0, y + rng.uniform(0.14, 0.26)), (-w, y - 0.06))])
        c.polygon(grin, (110, 25, 30))
        with c.clip(grin):
            c.polygon([(-w, y - 0.2), (w, y - 0.2), (w, y + 0.02), (-w, y + 0.02)], (250, 248, 242))
            c.polygon(ellipse(0, y + 0.2, w * 0.6, 0.1), (220, 110, 110))
        c.line(np.vstack([grin, grin[:1]]), lips, 0.035)
    elif kind == 2:
        c.polygon(ellipse(0, y + 0.02, w * 0.42, rng.uniform(0.07, 0.14)), lips)
        c.polygon(ellipse(0, y + 0.02, w * 0.28, 0.06), (80, 18, 22))
    else:
        upper = curve((-w, y - bend), (-w * 0.3, y - 0.065), (0, y - 0.04), (w * 0.3, y - 0.065), (w, y - bend))
        lower = curve((w, y - bend), (0, y + rng.uniform(0.07, 0.12)), (-w, y - bend))
        c.polygon(np.vstack([upper, lower]), lips)
        c.line(curve((-w, y - bend), (0, y + 0.02), (w, y - bend)), dark, 0.022)
        if kind == 5:
            c.polygon(curve((-w * 0.6, y), (0, y + 0.05), (w * 0.6, y), (0, y - 0.015), (-w * 0.6, y)), (248, 246, 240))


def beard(c, h, hair, rng):
    """Stubble, moustache, goatee or full beard: dark lower faces that are no masks."""
    y, kind = h.mouth_y, rng.integers(4)
    color, alpha = shade(hair, 0.92), rng.uniform(200, 255)
    if kind == 0:
        alpha = rng.uniform(50, 110)
    if kind in (0, 3):
        grow = 1.0 if kind == 0 else rng.uniform(1.02, 1.1)
        side = h.side(0.12, h.height, grow)
        inner = curve((0.12 + side[0, 0] * 0.7, 0.25), (0.5, y - 0.12), (0.2, y - 0.17), (0, y - 0.15))
        full = np.vstack([inner[::-1], side])
        lips = ellipse(0, y + 0.01, 0.27, 0.085)
        with c.clip(np.vstack([full, mirror(full)]), hole=lips):
            c.polygon(np.vstack([full, mirror(full)]), color, alpha=alpha)
            if kind == 3:
                for x in rng.uniform(-0.8, 0.8, 30):
                    v = rng.uniform(0.3, 1.1)
                    c.line(curve((x, v), (x * 0.97 + 0.02, v + 0.1), (x * 0.93, v + 0.2)), shade(color, rng.choice([0.75, 1.3])), 0.018, alpha=150)
    if kind == 2:
        c.polygon(curve((-0.2, y + 0.14), (0, y + 0.11), (0.2, y + 0.14), (0.16, h.height * 0.98), (0, h.height * 1.08), (-0.16, h.height * 0.98), (-0.2, y + 0.14)), color, alpha=alpha)
    if kind in (1, 2):
        half = curve((0, y - 0.17), (0.2, y - 0.15), (rng.uniform(0.28, 0.42), y - 0.02), (0.16, y - 0.07), (0, y - 0.09))
        c.polygon(np.vstack([half, mirror(half)]), color, alpha=max(alpha, 150))


def hair_behind(c, h, style, color):
    """What hangs behind the head and neck."""
    dark, w = shade(color, 0.82), h.width
    if style in ("long", "bob"):
        end = 1.9 if style == "long" else 0.95
        half = curve((0, -h.height * 1.16), (w * 0.8, -h.height * 0.95), (w * 1.2, -0.2), (w * 1.28, end * 0.6), (w * 1.15, end), (0, end * 0.95))
        c.polygon(np.vstack([half, mirror(half)]), dark, relief=0)
    elif style == "curls":
        for t in np.linspace(-0.3, np.pi + 0.3, 15):
            c.polygon(ellipse(np.cos(t) * w * 1.12, -0.12 - np.sin(t) * h.height * 0.98, 0.34, 0.34, 20), dark, relief=0)
    elif style == "bun":
        c.polygon(ellipse(0.05, -h.height * 1.2, 0.34, 0.3), dark, relief=0)
    elif style == "ponytail":
        c.polygon(curve((w * 0.7, -0.9), (w * 1.5, -0.5), (w * 1.55, 0.6), (w * 1.25, 1.2), (w * 1.2, 0.2), (w * 0.8, -0.3)), dark, relief=0)


def hair_in_front(c, h, style, color, rng):
    """The cap of hair and the fringe."""
    if style == "bald":
        return
    b, down = h.height, rng.uniform(-0.25, 0.0)
    line = -b * rng.uniform(0.48, 0.68)
    lift = 1.02 if style == "buzz" else rng.uniform(1.06, 1.16)
    right = h.side(-b, down, lift)
    part = rng.uniform(-0.5, 0.5)
    fringe = rng.integers(4)
    inner_x = h.half_width(down) * 0.93
    if fringe == 0:
        inner = curve((inner_x, down), (inner_x * 0.85, line + 0.15), (0.3, line), (-0.3, line), (-inner_x * 0.85, line + 0.15), (-inner_x, down))
    elif fringe == 1:
        inner = curve((inner_x, down), (inner_x * 0.8, line + 0.3), (part, line - 0.12), (-inner_x * 0.8, line + 0.3), (-inner_x, down))
    elif fringe == 2 and style != "buzz":
        low = h.eye_y - rng.uniform(0.2, 0.32)
        inner = curve((inner_x, down), (inner_x * 0.9, low), (0.3, low + 0.05), (0, low), (-0.3, low + 0.05), (-inner_x * 0.9, low), (-inner_x, down))
    else:
        inner = curve((inner_x, down), (inner_x * 0.9, line + 0.1), (0.45, line - 0.1), (0, line + 0.08), (-0.45, line - 0.1), (-inner_x * 0.9, line + 0.1), (-inner_x, down))
    cap = np.vstack([mirror(right), right, inner])
    c.polygon(cap, color, alpha=170 if style == "buzz" else 255, relief=0.25)
    if style == "curls":
        for x in np.linspace(-0.75, 0.75, 9):
            c.polygon(ellipse(x, line - 0.12 + 0.25 * x * x, 0.16, 0.16, 16), color, relief=0.25)
    if style == "spiky":
        for x in np.linspace(-0.7, 0.7, 8):
            y = -b * np.sqrt(1 - min(0.95, x * x)) * 1.02
            c.polygon([(x - 0.14, y + 0.1), (x * 1.15 + rng.uniform(-0.08, 0.08), y - rng.uniform(0.2, 0.32)), (x + 0.14, y + 0.1)], color, relief=0.25)
    if style != "buzz":
        with c.clip(cap, relief=0.25):
            for x in np.linspace(-0.8, 0.8, 7):
                c.line(curve((part, -b * 1.05), ((x + part) / 2, -b * 0.85), (x * 1.15, -b * 0.3)), shade(color, rng.choice([0.75, 1.3])), 0.03, alpha=120, relief=0.25)


def hat(c, h, rng):
    """A baseball cap, beanie, brimmed hat or helmet."""
    color, b, kind = pick(rng, FABRICS), h.height, rng.integers(4)
    brow = -b * rng.uniform(0.38, 0.5)
    right = h.side(-b, brow, 1.1)
    dome = np.vstack([mirror(right), right])
    edge = right[-1, 0]
    c.polygon(dome, color, relief=0.2)
    if kind == 0:
        s = pick(rng, [-1, 0, 1])
        c.polygon(curve((-edge, right[-1, 1]), (s * 0.3, right[-1, 1] - 0.1), (edge, right[-1, 1]), (edge * (0.75 + 0.3 * s), brow + 0.13), (s * 0.3, brow + 0.1), (-edge * (0.75 - 0.3 * s), brow + 0.13), (-edge, right[-1, 1])), shade(color, 0.75), relief=0.4)
        c.polygon(ellipse(0, -b * 0.8, 0.16, 0.12), pick(rng, FABRICS))
    elif kind == 1:
        y = right[-1, 1]
        c.polygon([(-edge * 1.03, y - 0.26), (edge * 1.03, y - 0.26), (edge * 1.04, y + 0.05), (-edge * 1.04, y + 0.05)], shade(color, 0.8), relief=0.2)
        for x in np.linspace(-edge, edge, 13):
            c.line([(x, y - 0.25), (x, y + 0.04)], shade(color, 0.65), 0.02, relief=0.2)
        if rng.random() < 0.5:
            c.polygon(ellipse(0, -b * 1.2, 0.2, 0.2), mix(color, (255, 255, 255), 0.5), relief=0.2)
    elif kind == 2:
        y = right[-1, 1]
        c.polygon(ellipse(0, y, h.width * rng.uniform(1.5, 1.8), 0.2), shade(color, 0.85), relief=0.2)
        c.polygon(np.vstack([mirror(right), right]), color, relief=0.2)
        c.polygon([(-edge, y - 0.2), (edge, y - 0.2), (edge, y), (-edge, y)], pick(rng, FABRICS), relief=0.2)
    else:
        y = right[-1, 1]
        c.polygon(ellipse(0, y, edge * 1.12, 0.1), shade(color, 0.85), relief=0.2)
        c.line(curve((0, -b * 1.1), (0, -b * 0.8), (0, y)), shade(color, 1.25), 0.1, relief=0.3)


def headscarf_behind(c, h, color):
    half = curve((0, -h.height * 1.22), (h.width * 0.95, -h.height * 0.95), (h.width * 1.28, 0), (h.width * 1.2, 0.9), (h.width * 1.6, 1.7), (h.width * 1.9, 2.6))
    c.polygon(np.vstack([half, mirror(half)]), shade(color, 0.85), relief=0)


def headscarf_in_front(c, h, color, rng):
    """A scarf round the face; the face itself stays free."""
    window = h.outline(rng.uniform(0.86, 0.94)) + [0, 0.06]
    half = curve((0, -h.height * 1.2), (h.width * 0.9, -h.height * 0.95), (h.width * 1.22, 0), (h.width * 1.05, 1.0), (0, h.height * 1.55))
    outer = np.vstack([half, mirror(half)])
    with c.clip(outer, hole=window, relief=0):
        c.polygon(outer, color, relief=0)
        for k in range(3):
            c.line(curve((-0.9 + 0.2 * k, -1.1), (-0.95 - 0.08 * k, 0.2), (-0.3, 1.2 + 0.1 * k), (0.7, 1.0 + 0.2 * k)), shade(color, 0.75), 0.04, alpha=150, relief=0)


def glasses(c, h, rng):
    """Round or square glasses, sometimes sunglasses."""
    color, y = pick(rng, [(20, 20, 22), (90, 60, 40), (170, 40, 50), (150, 150, 155), (200, 170, 90)]), h.eye_y
    gap, rx, ry, width = rng.uniform(0.34, 0.4), rng.uniform(0.2, 0.28), rng.uniform(0.15, 0.23), rng.uniform(0.025, 0.055)
    square, dark = rng.random() < 0.5, rng.random() < 0.25
    for s in (-1, 1):
        rim = ellipse(s * gap, y + 0.01, rx, ry, 40)
        if square:
            t = (rim - [s * gap, y + 0.01]) / [rx, ry]
            rim = np.sign(t) * np.abs(t) ** 0.45 * [rx, ry] + [s * gap, y + 0.01]
        c.polygon(rim, (20, 22, 26) if dark else (200, 225, 240), alpha=225 if dark else 45)
        c.line(np.vstack([rim, rim[:2]]), color, width)
        c.line([(s * (gap + rx), y), (s * h.width * 1.0, y - 0.02)], color, width)
    c.line(curve((-(gap - rx), y), (0, y - 0.05), (gap - rx, y)), color, width)


def hand(c, h, rng):
    """A hand propped under the chin, below the mouth."""
    s, y = pick(rng, [-1, 1]), h.height + rng.uniform(0.0, 0.1)
    tone = shade(h.skin, 0.95)
    c.line(curve((s * 0.35, y + 0.35), (s * 0.6, y + 1.0), (s * 0.9, y + 2.5)), tone, 0.42, relief=0)
    c.polygon(ellipse(s * 0.28, y + 0.25, 0.36, 0.27), tone, relief=0)
    for k in range(4):
        x = s * (0.05 + 0.16 * k)
        c.line([(x, y + 0.25), (x - s * 0.06, y + 0.02 - 0.03 * k)], tone, 0.13, relief=0)
        c.line([(x + 0.075, y + 0.2), (x + 0.07 - s * 0.03, y + 0.08)], shade(tone, 0.72), 0.018, relief=0)


def neck_scarf(c, h, rng):
    """A scarf wound round the neck, below the chin."""
    color, y = pick(rng, FABRICS), h.height
    for k in range(3):
        v = y + 0.12 + 0.2 * k
        c.line(curve((-0.62 - 0.05 * k, v), (0, v + 0.2), (0.62 + 0.05 * k, v)), shade(color, 1 - 0.12 * (k % 2)), 0.24, relief=0)
    c.polygon([(0.1, y + 0.5), (0.5, y + 0.5), (0.6, y + 1.5), (0.2, y + 1.5)], shade(color, 0.8), relief=0)
