"""What stands around the ring of a badge: petals, a hexagon, a shield, a square.

The ring with its words is round in all of them, because words read well on a circle; what differs
is the plate behind it. Stations of the line sit in the plate's corners.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from .icons import Shape
from .palette import Palette
from .paths import circle, rounded
from .ring import MIDDLE, RING, SIDE, at

# Radii of the petals' light edge (seen on dark ground) and of their dark rim, and their number.
_EDGE, _RIM, _PETALS = 250, 241, 24


class Frame(NamedTuple):
    """``plate``: from the back to the front, the silhouette first. The ring stands on it, as large
    as ``scale`` says, its middle at ``middle``."""

    plate: list[Shape]
    scale: float = 1
    middle: tuple[float, float] = (MIDDLE, MIDDLE)


def frame(shape: str, colours: Palette) -> Frame:
    """The frame of one of `SHAPES`. KeyError for another."""
    return _FRAMES[shape](colours)


def disc(colours: Palette) -> Shape:
    """The ring itself, before anything is on it."""
    return Shape(circle(MIDDLE, MIDDLE, RING), colours.line, colours.bright, 3)


def _round(colours: Palette) -> Frame:
    return Frame([Shape(_petals(_EDGE), colours.paper), Shape(_petals(_RIM), colours.deep)])


def _hexagon(colours: Palette) -> Frame:
    corners = [at(218, math.tau * i / 6) for i in range(6)]
    return Frame(
        [
            Shape(_polygon(254, 6, 34), colours.paper),
            Shape(_polygon(244, 6, 31), colours.deep),
            Shape(_polygon(228, 6, 26), None, colours.bright, 5),
            *_stations(corners, colours),
        ],
        scale=0.87,
    )


def _square(colours: Palette) -> Frame:
    reach = 190
    corners = [(MIDDLE + x * reach, MIDDLE + y * reach) for x in (-1, 1) for y in (-1, 1)]
    return Frame(
        [
            Shape(rounded(8, 8, SIDE - 16, SIDE - 16, 84), colours.paper),
            Shape(rounded(17, 17, SIDE - 34, SIDE - 34, 76), colours.deep),
            Shape(rounded(33, 33, SIDE - 66, SIDE - 66, 62), None, colours.bright, 5),
            *_stations(corners, colours),
        ],
        scale=0.93,
    )


def _shield(colours: Palette) -> Frame:
    return Frame(
        [
            Shape(_crest(0), colours.paper),
            Shape(_crest(10), colours.deep),
            Shape(_crest(26), None, colours.bright, 5),
            *_stations([(76, 62), (SIDE - 76, 62), (MIDDLE, 466)], colours),
        ],
        scale=0.82,
        middle=(MIDDLE, 233),
    )


_FRAMES = {"round": _round, "hexagon": _hexagon, "shield": _shield, "square": _square}
SHAPES = tuple(_FRAMES)


def _stations(places: list[tuple[float, float]], colours: Palette) -> list[Shape]:
    return [Shape(circle(x, y, 14), colours.paper, colours.line, 8) for x, y in places]


def _petals(radius: float) -> str:
    """A circle of shallow round petals."""
    path = "M{:.1f} {:.1f}".format(*at(radius * 0.975, 0))
    for i in range(_PETALS):
        crest = at(radius * 1.045, math.tau * (i + 0.5) / _PETALS)
        end = at(radius * 0.975, math.tau * (i + 1) / _PETALS)
        path += "Q{:.1f} {:.1f} {:.1f} {:.1f}".format(*crest, *end)
    return path + "Z"


def _polygon(radius: float, sides: int, soft: float) -> str:
    """A regular polygon that stands on a corner, its corners rounded off over ``soft`` units."""
    corners = [at(radius, math.tau * i / sides) for i in range(sides)]
    path = ""
    for i, corner in enumerate(corners):
        before, after = corners[i - 1], corners[(i + 1) % sides]
        start, end = _towards(corner, before, soft), _towards(corner, after, soft)
        path += ("L" if path else "M") + "{:.1f} {:.1f}".format(*start)
        path += "Q{:.1f} {:.1f} {:.1f} {:.1f}".format(*corner, *end)
    return path + "Z"


def _towards(
    start: tuple[float, float], end: tuple[float, float], units: float
) -> tuple[float, float]:
    share = units / math.dist(start, end)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _crest(inset: float) -> str:
    """A shield: a slightly arched top, straight sides, a point below."""
    left, right, top, tip = 22 + inset, SIDE - 22 - inset, 20 + inset, 508 - inset * 1.25
    soft, waist = 46 - inset * 0.7, 270
    return (
        f"M{left + soft:g} {top:g}Q{MIDDLE:g} {top - 24:g} {right - soft:g} {top:g}"
        f"Q{right:g} {top:g} {right:g} {top + soft:g}L{right:g} {waist:g}"
        f"C{right:g} {waist + 110:g} {MIDDLE + 110:g} {tip - 50:g} {MIDDLE:g} {tip:g}"
        f"C{MIDDLE - 110:g} {tip - 50:g} {left:g} {waist + 110:g} {left:g} {waist:g}"
        f"L{left:g} {top + soft:g}Q{left:g} {top:g} {left + soft:g} {top:g}Z"
    )
