"""The colours a badge is painted with: the line's two, and what follows from them."""

from __future__ import annotations

from typing import NamedTuple

PAPER = "#FFF9F0"
INK = "#1B1D24"

# The line colours on light and on dark ground, as in the style sheet. A badge is one file that is
# shown on both and outside the site, so it has both in it and does not follow a theme.
LINES = {
    "red": ("#C8102E", "#FF7B8A"),
    "coral": ("#C2410C", "#FF9A66"),
    "amber": ("#946200", "#F2B83D"),
    "olive": ("#5B6B00", "#C3D04A"),
    "leaf": ("#1B7A37", "#6FD48A"),
    "teal": ("#00756F", "#4FD1C5"),
    "lagoon": ("#006E9C", "#5CC8F2"),
    "blue": ("#1D5FC4", "#8DB8FF"),
    "indigo": ("#4B4FC9", "#A9ACFF"),
    "violet": ("#7A3FC0", "#CBA6FF"),
    "magenta": ("#A8287F", "#F59AD6"),
    "slate": ("#4A5568", "#B6C0CF"),
}
_SUN, _CORAL = "#FFC94D", "#FF8A66"
# Where the sun's yellow would drown in the line's own colour.
_WARM = {"amber": _CORAL, "olive": _CORAL, "coral": _SUN}


class Palette(NamedTuple):
    """Colours as #RRGGBB."""

    line: str  # the ring
    deep: str  # contours, shade
    bright: str  # the field behind the icon
    shade: str  # the field's shaded edge
    pale: str  # light parts of the field
    warm: str  # the one accent
    paper: str


def palette(colour: str) -> Palette:
    """The colours of a badge on a line of this colour. KeyError for a colour that is none."""
    line, bright = LINES[colour]
    return Palette(
        line=line,
        deep=mix(line, INK, 0.62),
        bright=bright,
        shade=mix(bright, line, 0.4),
        pale=mix(bright, PAPER, 0.55),
        warm=_WARM.get(colour, _SUN),
        paper=PAPER,
    )


def mix(a: str, b: str, share: float) -> str:
    """Colour ``a`` with this share (0 to 1) of ``b`` in it."""
    pairs = zip(rgb(a), rgb(b), strict=True)
    return "#{:02X}{:02X}{:02X}".format(*(round(x + (y - x) * share) for x, y in pairs))


def rgb(colour: str) -> tuple[int, int, int]:
    """#RRGGBB as three numbers of 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
