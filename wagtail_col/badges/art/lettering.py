"""Words on a ring: how wide they are, and painting them with Pillow.

Pillow brings one font of its own and needs none of the system. It has the letters of ASCII only, so
accents and strokes are added here by hand: with them, the Latin alphabets of Europe can be
written. Words in other scripts cannot (`drawable` says so).
"""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

# The built-in font is a regular one; letters on the ring are bold.
_BOLD = 0.025
_SPACING = 0.045
_ASCII = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("©«°±´·»‘’“”…‹›⁄™")

_NO_WIDTH = ("Mn", "Me", "Cf", "Sk")

# Letters that Unicode does not take apart: the letters to write, and a stroke through them.
_LETTERS = {
    "đ": "d\u0335", "Đ": "D\u0335", "Ð": "D\u0335", "ð": "d\u0335", "ħ": "h\u0335",
    "Ħ": "H\u0335",
    "ł": "l\u0337", "Ł": "L\u0337", "ø": "o\u0338", "Ø": "O\u0338", "ı": "i\u0358",
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "Þ": "Th", "þ": "th",
    "¿": "?\u0359", "¡": "!\u0359", "–": "-", "—": "-", "‐": "-", "−": "-",
    "„": "“", "‚": "‘", "′": "’", "ʼ": "’",
}  # fmt: skip

# Marks as lines in ems from the middle of the letter; y goes up from its top, for marks below
# down from the line the letters stand on.
_ABOVE = {
    "\u0300": [[(-0.10, 0.16), (0.05, 0.05)]],
    "\u0301": [[(-0.05, 0.05), (0.10, 0.16)]],
    "\u0302": [[(-0.13, 0.05), (0, 0.16), (0.13, 0.05)]],
    "\u0303": [[(-0.15, 0.07), (-0.08, 0.13), (0.06, 0.08), (0.14, 0.14)]],
    "\u0304": [[(-0.13, 0.10), (0.13, 0.10)]],
    "\u0306": [[(-0.13, 0.15), (-0.07, 0.07), (0.07, 0.07), (0.13, 0.15)]],
    "\u0307": [[(0, 0.11), (0, 0.11)]],
    "\u0308": [[(-0.12, 0.11), (-0.12, 0.11)], [(0.12, 0.11), (0.12, 0.11)]],
    "\u0309": [[(-0.05, 0.15), (0.05, 0.15), (0.05, 0.09), (0, 0.05)]],
    "\u030a": [[(0, 0.19), (0.07, 0.12), (0, 0.05), (-0.07, 0.12), (0, 0.19)]],
    "\u030b": [[(-0.13, 0.05), (-0.04, 0.16)], [(0.03, 0.05), (0.14, 0.16)]],
    "\u030c": [[(-0.13, 0.16), (0, 0.05), (0.13, 0.16)]],
}
_BELOW = {
    "\u0323": [[(0, 0.12), (0, 0.12)]],
    "\u0326": [[(0.03, 0.10), (-0.03, 0.21)]],
    "\u0327": [[(0, 0.02), (0.06, 0.11), (0, 0.19), (-0.07, 0.17)]],
    "\u0328": [[(0.08, 0.0), (0.02, 0.10), (0.06, 0.18), (0.14, 0.17)]],
}
# Strokes, turning and losing a dot are told by marks that Unicode has no other use for here.
_THROUGH = frozenset("\u0335\u0337\u0338\u0358\u0359\u031b")
_MARKS = frozenset(_ABOVE) | frozenset(_BELOW) | _THROUGH


def drawable(text: str) -> str | None:
    """The letters and marks that `write` paints for a text, or None when it cannot write it.

    Emoji and other signs are left out; a letter that cannot be written leaves out the whole,
    because half a name is a wrong name.
    """
    out = []
    for char in unicodedata.normalize("NFC", text):
        for part in _LETTERS.get(char) or unicodedata.normalize("NFKD", char):
            kind = unicodedata.category(part)
            written = _LETTERS.get(part, part)
            if written[0] in _ASCII or (part in _MARKS and out):
                out.append(written)
            elif kind[0] == "Z":
                out.append(" ")
            elif kind[0] in "LN" or kind == "Mc" or unicodedata.combining(part):
                return None
    plain = " ".join("".join(out).split())
    return plain if any(char.isalnum() for char in plain) else None


def width(text: str, size: float) -> float:
    """About how wide a line of text is, bold, at a font size: in the size's unit."""
    total, joined = 0.0, False
    for char in unicodedata.normalize("NFKD", text):
        # Emoji may be joined to one, or take a colour from a sign after them.
        was_joined, joined = joined, char == "\u200d"
        if was_joined or (char not in _ASCII and unicodedata.category(char) in _NO_WIDTH):
            continue
        if unicodedata.east_asian_width(char) in "WF":
            total += 1 + _SPACING
        else:
            alike = char if char in _ASCII else "N" if char.isupper() else "n"
            total += _advance(alike) + _SPACING
    return total * size


@lru_cache(maxsize=256)
def _advance(char: str) -> float:
    return _font(200).getlength(char) / 200


@lru_cache(maxsize=16)
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(pixels)


def write(
    image: Image.Image,
    text: str,
    *,
    size: float,
    radius: float,
    colour: tuple[int, int, int],
    under: bool,
) -> None:
    """Paint a text (from `drawable`) on a ring around the middle of the image, in pixels.

    It is centred at the top, reading clockwise on a base line of this radius; ``under`` centres
    it at the bottom, reading the other way, so that it stands upright there too.
    """
    middle = image.width / 2
    clusters = _clusters(text)
    at = -width("".join(base for base, _ in clusters), size) / 2
    for base, marks in clusters:
        advance = (_advance(base) + _SPACING) * size
        along = (at + advance / 2) / radius
        at += advance
        if base == " ":
            continue
        glyph = _glyph(base, marks, round(size))
        angle = along if not under else math.pi - along
        # The glyph's picture has the base line through its middle: turn it, put it on the ring.
        turn = math.degrees(-along if not under else along)
        turned = glyph.rotate(turn, Image.Resampling.BILINEAR)
        x = middle + radius * math.sin(angle) - turned.width / 2
        y = middle - radius * math.cos(angle) - turned.height / 2
        image.paste(colour, (round(x), round(y)), turned)


def _clusters(text: str) -> list[tuple[str, str]]:
    clusters: list[tuple[str, str]] = []
    for char in text:
        if char in _MARKS and clusters:
            clusters[-1] = (clusters[-1][0], clusters[-1][1] + char)
        else:
            clusters.append((char, ""))
    return clusters


@lru_cache(maxsize=512)
def _glyph(base: str, marks: str, size: int) -> Image.Image:
    """A letter with its marks, white on black, its base line through the middle of a square."""
    half = round(size * 1.35)
    glyph = Image.new("L", (half * 2, half * 2))
    draw = ImageDraw.Draw(glyph)
    font = _font(size)
    bold = max(1, size * _BOLD)
    draw.text((half, half), base, 255, font=font, anchor="ms", stroke_width=bold)
    left, top, right, bottom = glyph.getbbox() or (half, half, half, half)
    thick = size * 0.1

    def stroke(points: list[tuple[float, float]]) -> None:
        draw.line(points, 255, round(thick), joint="curve")
        for x, y in points:
            r = thick / 2
            draw.ellipse((x - r, y - r, x + r, y + r), 255)

    if base in "ij" and any(mark in _ABOVE or mark == "\u0358" for mark in marks):
        # The accent takes the place of the dot.
        top = half + font.getbbox("x", anchor="ms", stroke_width=bold)[1]
        glyph.paste(0, (0, 0, half * 2, round(top)))
    middle, height = (left + right) / 2, half - top
    for mark in marks:
        if mark == "\u030c" and base in "dtlL":
            # On high letters the caron is written as an apostrophe.
            x = right + size * (0.07 if base != "L" else -0.12)
            stroke([(x, top + size * 0.04), (x - size * 0.03, top + size * 0.2)])
        elif mark in _ABOVE:
            for line in _ABOVE[mark]:
                stroke([(middle + x * size, top - (y + 0.02) * size) for x, y in line])
            top -= 0.17 * size
        elif mark in _BELOW:
            for line in _BELOW[mark]:
                stroke([(middle + x * size, max(bottom, half) + y * size) for x, y in line])
        elif mark == "\u0335":
            y = top + height * (0.5 if base == "D" else 0.2)
            x, x2 = (
                (left, right) if base == "H" else (left, left) if base in "Dh" else (right, right)
            )
            stroke([(x - size * 0.14, y), (x2 + size * 0.14, y)])
        elif mark == "\u0337":
            x = left + size * 0.06 if base == "L" else middle
            y = top + height * 0.5
            stroke([(x - size * 0.15, y + size * 0.09), (x + size * 0.17, y - size * 0.1)])
        elif mark == "\u0338":
            stroke([(left, half), (right, top)])
        elif mark == "\u031b":
            stroke([(right - thick, top + thick), (right + thick, top - thick)])
        elif mark == "\u0359":
            # An opening question mark: the closing one upside down, a little lower.
            glyph = ImageChops.offset(glyph.rotate(180), 0, -round(height * 0.8))
    # Cut to the square around its middle that it can be turned in: half the work.
    left, top, right, bottom = glyph.getbbox() or (half, half, half, half)
    reach = math.ceil(math.hypot(max(half - left, right - half), max(half - top, bottom - half)))
    return glyph.crop((half - reach, half - reach, half + reach, half + reach))
