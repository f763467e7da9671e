"""Words on a badge's ring: cleaned, as large as they fit, and where on the ring they are."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from .lettering import width

SIDE = 512
MIDDLE = SIDE / 2
#: The ring's outer and inner edge, and the middle between them.
RING, FIELD = 226, 160
TRACK = (RING + FIELD) / 2

#: Degrees between the words and what comes next on the ring.
GAP = 9

# Font sizes, each with the part of the circle (degrees) that words may take at it.
_NAME_SIZES = ((44, 150), (41, 180), (38, 210), (35, 240), (31, 270), (27, 300), (24, 320))
_PLACE_SIZES = ((30, 70), (27, 84), (24, 96))
_CAPITAL = 0.71  # height of a capital letter, in ems
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Words(NamedTuple):
    """A line of words on the ring; lengths in units of the picture, the angle in degrees."""

    text: str
    size: float
    width: float
    radius: float  # of the line they stand on
    angle: float  # what they take of the circle
    under: bool  # at the bottom, upright there

    @property
    def track(self) -> str:
        """The line they stand on, as a path whose middle is theirs."""
        if self.under:
            return arc(self.radius, math.tau - 0.05, 0.05)
        return arc(self.radius, -math.pi + 0.05, math.pi - 0.05)

    @property
    def right_to_left(self) -> bool:
        """Whether the first letter with a direction goes from right to left."""
        kinds = (unicodedata.bidirectional(char) for char in self.text)
        return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def layout(name: str, place: str) -> list[Words]:
    """The words of a badge: the largest size at which they fit, shortened when none does."""
    words = []
    if place:
        words.append(_fit(place, _PLACE_SIZES, under=True))
    if name:
        room = 360 - 2 * GAP - (words[0].angle if words else 0)
        sizes = [(size, min(most, room)) for size, most in _NAME_SIZES]
        words.append(_fit(name, sizes, under=False))
    return words


def clean(text: str) -> str:
    """One line of text that may be in an XML document: no controls, none that turn it around."""
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char.isspace():
            kept.append(" ")
        elif unicodedata.category(char) not in ("Cc", "Cs", "Cn") and char not in _TURNING:
            kept.append(char)
    return " ".join("".join(kept).split())


def at(radius: float, angle: float) -> tuple[float, float]:
    """A point on a circle around the middle; the angle in radians, clockwise from the top."""
    return MIDDLE + radius * math.sin(angle), MIDDLE - radius * math.cos(angle)


def arc(radius: float, start: float, end: float) -> str:
    """A part of a circle around the middle, from one angle to another, as a path of curves."""
    pieces = max(1, math.ceil(abs(end - start) / (math.pi / 6)))
    step = (end - start) / pieces
    k = radius * 4 / 3 * math.tan(step / 4)
    path = "M{:.1f} {:.1f}".format(*at(radius, start))
    for i in range(pieces):
        a, b = start + i * step, start + (i + 1) * step
        (ax, ay), (bx, by) = at(radius, a), at(radius, b)
        path += (
            f"C{ax + k * math.cos(a):.1f} {ay + k * math.sin(a):.1f} "
            f"{bx - k * math.cos(b):.1f} {by - k * math.sin(b):.1f} {bx:.1f} {by:.1f}"
        )
    return path


def _fit(text: str, sizes: Sequence[tuple[float, float]], *, under: bool) -> Words:
    for size, most in sizes:
        words = _set(text, size, under)
        if words.angle <= most:
            return words
    size, most = sizes[-1]
    # Never longer than the ring is round, so that a very long text costs no more than a long one.
    text = text[:200]
    while len(text) > 1 and _set(text + "…", size, under).angle > most:
        text, cut = text[:-1], text[-1]
        # Not in the middle of a letter that is made of several signs.
        while len(text) > 1 and (unicodedata.combining(cut) or text[-1] == "\u200d"):
            text, cut = text[:-1], text[-1]
    return _set(text.rstrip(" ,;:-–") + "…", size, under)


def _set(text: str, size: float, under: bool) -> Words:
    # Signs without a width of their own still need a place to be.
    length = max(width(text, size), size / 3)
    radius = TRACK + (0.5 if under else -0.5) * _CAPITAL * size
    return Words(text, size, length, radius, math.degrees(length / radius), under)
