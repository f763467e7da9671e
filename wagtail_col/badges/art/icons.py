"""The icons of the badges, drawn by us on a square of 100 by 100.

Each is a list of shapes, painted in order: (path, fill, contour, width). Fill and contour are
names of the palette's colours, or None. The first shapes lie at the back. All contours that make
the silhouette have the same colour and width, so that the icons are of one family.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from .paths import circle, rounded, turned


class Shape(NamedTuple):
    path: str
    fill: str | None = None
    contour: str | None = None
    width: float = 0


def _body(path: str, fill: str) -> Shape:
    return Shape(path, fill, "deep", 5)


def _flat(path: str, fill: str) -> Shape:
    return Shape(path, fill)


def _mark(path: str, colour: str = "deep", width: float = 5) -> Shape:
    return Shape(path, None, colour, width)


def _limb(path: str, colour: str, width: float = 11) -> list[Shape]:
    """A thick round stroke with a contour."""
    return [Shape(path, None, "deep", width + 9), Shape(path, None, colour, width)]


def _star(cx: float, cy: float, outer: float, inner: float, points: int = 5) -> str:
    corners = []
    for i in range(points * 2):
        r, angle = (inner if i % 2 else outer), math.pi * (i / points - 0.5)
        corners.append(f"{cx + r * math.cos(angle):.2f} {cy + r * math.sin(angle):.2f}")
    return "M" + "L".join(corners) + "Z"


def _person(cx: float, top: float, size: float, fill: str) -> list[Shape]:
    """Head and shoulders; ``size`` is the width of the shoulders."""
    r, half = size * 0.25, size / 2
    shoulders = top + 2 * r + size * 0.06
    base = shoulders + size * 0.55
    return [
        _body(
            f"M{cx - half} {base}C{cx - half} {shoulders} {cx - half * 0.6} {shoulders} "
            f"{cx} {shoulders}C{cx + half * 0.6} {shoulders} {cx + half} {shoulders} "
            f"{cx + half} {base}Z",
            fill,
        ),
        _body(circle(cx, top + r, r), "paper"),
    ]


def _stripes(bar: str, middle: float, turn: float = 0) -> list[Shape]:
    """A bar of a clapperboard, turned around its left end."""
    top, bottom = middle - 7, middle + 7
    shapes = [_flat(bar, "paper")]
    shapes += [
        _flat(f"M{x} {top}L{x + 13} {top}L{x + 7} {bottom}L{x - 6} {bottom}Z", "deep")
        for x in (22, 47, 72)
    ]
    shapes.append(_mark(bar))
    return [shape._replace(path=turned(shape.path, turn, 12, 34)) for shape in shapes]


_PENCIL = 45
_HAMMER = -45

ICONS: dict[str, list[Shape]] = {
    "star": [
        _body(_star(50, 54, 48, 23), "warm"),
        _flat("M50 6L62.5 36.5L50 54Z", "paper"),
        _flat("M50 54L95.6 39.2L71.9 61.1Z", "paper"),
        _flat("M50 54L78.2 92.8L50 77Z", "paper"),
        _flat("M50 54L21.8 92.8L28.1 61.1Z", "paper"),
        _flat("M50 54L4.4 39.2L36.5 35.4Z", "paper"),
        _mark(_star(50, 54, 48, 23)),
    ],
    "music": [
        _body("M31 22L83 10L83 30L42 39.5L42 74L31 74Z", "warm"),
        _body("M72 26L83 23L83 66L72 66Z", "warm"),
        _flat("M34 24.5L80.5 13.7L80.5 31L34 41Z", "warm"),
        _body(circle(28, 76, 15, 11.5, -18), "warm"),
        _body(circle(69, 68, 15, 11.5, -18), "warm"),
        _mark("M41 27.5L73 20", "paper"),
        _mark("M20 75Q22 70 28 69", "paper", 4),
        _mark("M61 67Q63 62 69 61", "paper", 4),
    ],
    "art": [
        _body(
            "M50 12C24 12 5 30 5 53C5 76 24 90 45 90C55 90 58 84 55 77C52 69 56 63 66 63"
            "L80 63C90 63 95 57 95 48C95 26 75 12 50 12Z",
            "paper",
        ),
        _body(circle(24, 54, 8), "line"),
        _body(circle(35, 32, 8), "warm"),
        _body(circle(58, 28, 8), "bright"),
        _body(circle(78, 42, 8), "line"),
        _body(circle(33, 74, 6), "warm"),
    ],
    "theatre": [
        _body(
            turned("M38 20Q62 30 86 20L86 52C86 74 74 84 62 84C50 84 38 74 38 52Z", 12, 62, 50),
            "line",
        ),
        _mark(turned("M70 46Q75 42 79 46", 12, 62, 50), "paper"),
        _mark(turned("M56 70Q63 62 72 68", 12, 62, 50), "paper"),
        _body("M8 18Q34 30 60 18L60 50C60 74 47 86 34 86C21 86 8 74 8 50Z", "warm"),
        _mark("M18 42Q23 36 28 42"),
        _mark("M40 42Q45 36 50 42"),
        _body("M19 56Q34 62 49 56C48 68 42 74 34 74C26 74 20 68 19 56Z", "paper"),
    ],
    "film": [
        _body(rounded(10, 40, 80, 48, 7), "warm"),
        _flat("M42 53L64 65L42 77Z", "deep"),
        *_stripes(rounded(10, 34, 80, 15, 3), 41.5),
        *_stripes("M12 19L88 19L88 33L12 33Z", 26, -14),
    ],
    "dance": [
        *_limb("M55 60L62 76L56 92", "paper", 8),
        *_limb("M50 60L30 72L12 66", "paper", 8),
        *_limb("M54 34L74 29L88 13", "paper", 8),
        *_limb("M50 34L30 36L16 24", "paper", 8),
        _body("M45 30L60 30L60 48C70 54 80 64 84 74C64 76 40 72 26 62C36 58 44 54 46 47Z", "warm"),
        _body(circle(43, 8, 5), "deep"),
        _body(circle(53, 17, 11), "paper"),
    ],
    "books": [
        _body("M6 26L50 34L94 26L94 84L50 92L6 84Z", "line"),
        _body("M50 28C40 18 26 16 13 17L13 75C26 74 40 76 50 86Z", "paper"),
        _body("M50 28C60 18 74 16 87 17L87 75C74 74 60 76 50 86Z", "paper"),
        _mark("M23 32Q33 32 41 37", "line", 4.5),
        _mark("M23 45Q33 45 41 50", "line", 4.5),
        _mark("M23 58Q33 58 41 63", "line", 4.5),
        _body("M62 21.5Q69 18.6 77 17.5L77 52L69.5 45L62 55Z", "warm"),
    ],
    "science": [
        _body("M38 12L62 12L62 40L88 80C92 88 88 93 80 93L20 93C12 93 8 88 12 80L38 40Z", "paper"),
        _flat(
            "M30.5 57Q40 52 50 57Q60 62 69.5 57L85.6 81.5C88 87 86 90.5 80 90.5L20 90.5"
            "C14 90.5 12 87 14.4 81.5Z",
            "line",
        ),
        _flat(circle(38, 76, 6), "warm"),
        _flat(circle(58, 70, 4.5), "paper"),
        _flat(circle(66, 82, 4), "warm"),
        _mark("M38 12L62 12L62 40L88 80C92 88 88 93 80 93L20 93C12 93 8 88 12 80L38 40Z"),
        _body(rounded(33, 7, 34, 11, 4), "warm"),
    ],
    "technology": [
        _mark("M50 10L50 24"),
        _body(circle(50, 10, 7), "warm"),
        _body(rounded(3, 44, 14, 24, 5), "warm"),
        _body(rounded(83, 44, 14, 24, 5), "warm"),
        _body(rounded(13, 24, 74, 64, 16), "paper"),
        _body(rounded(23, 36, 54, 26, 12), "line"),
        _flat(circle(38, 49, 6.5), "paper"),
        _flat(circle(62, 49, 6.5), "paper"),
        _mark("M38 74Q50 81 62 74"),
    ],
    "nature": [
        *_limb("M50 82C50 72 50 64 50 52", "line", 5),
        _body("M50 62C20 64 8 46 8 22C34 20 50 34 50 62Z", "line"),
        _mark("M22 34Q38 42 47 56", "paper", 4),
        _body("M50 54C48 28 64 10 92 8C94 38 80 54 50 54Z", "warm"),
        _mark("M79 20Q64 30 54 49", "paper", 4),
        _body("M14 92C18 78 34 76 50 76C66 76 82 78 86 92Z", "paper"),
    ],
    "sport": [
        _body(circle(50, 50, 43), "warm"),
        _mark("M50 7L50 93"),
        _mark("M7 50L93 50"),
        _mark("M19 20C36 34 36 66 19 80"),
        _mark("M81 20C64 34 64 66 81 80"),
        _mark("M28 24Q34 18 42 16", "paper", 4.5),
    ],
    "food": [
        _body("M62 34C50 16 56 6 66 4C72 14 72 22 68 34Z", "line"),
        _body("M66 38C84 20 94 24 97 34C90 42 80 44 68 42Z", "line"),
        _body("M64 36C66 16 78 6 88 10C90 22 84 32 68 38Z", "line"),
        _body(
            "M76 54C68 68 42 86 12 94C4 96 4 94 6 88C14 58 32 32 46 24C58 18 82 42 76 54Z", "warm"
        ),
        _mark("M40 40L50 49"),
        _mark("M52 66L44 59"),
        _mark("M22 66L31 74"),
        _mark("M50 32Q55 31 60 35", "paper", 4.5),
    ],
    "history": [
        _mark("M50 4L50 34"),
        _body("M50 5L78 12L50 21Z", "warm"),
        _body("M32 36L40 36L40 43L46 43L46 36L54 36L54 43L60 43L60 36L68 36L68 92L32 92Z", "paper"),
        _body("M6 52L13 52L13 58L20 58L20 52L27 52L27 58L34 58L34 52L38 52L38 92L6 92Z", "paper"),
        _body("M62 52L66 52L66 58L73 58L73 52L80 52L80 58L87 58L87 52L94 52L94 92L62 92Z", "paper"),
        _body("M40 92L40 76C40 62 60 62 60 76L60 92Z", "line"),
        _mark("M22 70L22 78"),
        _mark("M78 70L78 78"),
        _mark("M50 50L50 56"),
    ],
    "languages": [
        _body(
            "M48 38L86 38Q96 38 96 48L96 72Q96 82 86 82L84 82L84 96L68 82L48 82Q38 82 38 72"
            "L38 48Q38 38 48 38Z",
            "line",
        ),
        _flat(circle(54, 61, 4.5), "paper"),
        _flat(circle(69, 61, 4.5), "paper"),
        _flat(circle(84, 61, 4.5), "paper"),
        _body(
            "M16 6L56 6Q66 6 66 16L66 44Q66 54 56 54L34 54L18 70L18 54L16 54Q6 54 6 44L6 16"
            "Q6 6 16 6Z",
            "warm",
        ),
        _mark("M24 44L36 15L48 44", width=6),
        _mark("M28 35L44 35", width=6),
    ],
    "making": [
        _body(turned("M43 22L57 22L57 84L50 99L43 84Z", _PENCIL), "warm"),
        _flat(turned("M45.5 84L54.5 84L50 94Z", _PENCIL), "paper"),
        _mark(turned("M43 82L57 82", _PENCIL)),
        _body(turned("M43 12Q43 4 50 4Q57 4 57 12L57 24L43 24Z", _PENCIL), "line"),
        _body(turned("M44 30L56 30L57 92Q57 98 50 98Q43 98 43 92Z", _HAMMER), "paper"),
        _body(turned("M28 4L66 4Q78 4 82 22Q70 18 64 30L28 30Z", _HAMMER), "line"),
        _mark(turned("M36 11L58 11", _HAMMER), "bright", 4),
    ],
    "community": [
        *_person(24, 22, 40, "line"),
        *_person(76, 22, 40, "line"),
        *_person(50, 32, 54, "warm"),
    ],
    "games": [
        _body(
            "M28 26L72 26C88 26 94 44 96 68C97 84 84 88 76 76L70 67L30 67L24 76C16 88 3 84 4 68"
            "C6 44 12 26 28 26Z",
            "paper",
        ),
        _mark("M20 47L40 47", "line", 9),
        _mark("M30 37L30 57", "line", 9),
        _flat(circle(70, 38.5, 5.2), "warm"),
        _flat(circle(70, 56.5, 5.2), "line"),
        _flat(circle(61, 47.5, 5.2), "line"),
        _flat(circle(79, 47.5, 5.2), "warm"),
    ],
}
