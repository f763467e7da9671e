"""The picture of a badge, drawn from values: as SVG for the screen, as PNG to carry away.

The badge is the terminus of a line of the map: a ring in the line's colour with stations on it, the
name above, the place below, the outline of the place behind an icon. Both pictures come from
the same list of shapes (`_shapes`), so they show the same.
"""

from __future__ import annotations

import hashlib
import html
import io
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw

from wagtail_col.outline import Outline, outline, simplify

from . import lettering
from .icons import ICONS, Shape
from .palette import LINES, Palette, palette, rgb
from .paths import circle, flatten

SIDE = 512
_MIDDLE = SIDE / 2
# Radii from the edge inwards: edge, scallops, ring, field.
_EDGE, _RIM, _RING, _FIELD = 255, 246, 226, 160
_TRACK = (_RING + _FIELD) / 2
_ICON = 2.12  # how much the icons' square of 100 is enlarged

# Font sizes for the name with the part of the circle (degrees) it may take, and for the place.
_NAME_SIZES = ((46, 150), (43, 180), (39, 210), (35, 240), (31, 270), (27, 300), (24, 320))
_PLACE_SIZES = ((30, 70), (27, 84), (24, 96))
_GAP = 9  # degrees between words
_CAPITAL = 0.71  # height of a capital letter, in ems


@dataclass(frozen=True)
class BadgeArt:
    """What a badge's picture is made of.

    name: any text (shown on the ring, shortened there when very long; whole in the title).
    colour: one of the line colours (`palette.LINES`). icon: one of `icons.ICONS`; an unknown one
    is drawn as a star. outline: the territory, as rings of (longitude, latitude) in degrees or
    as an `Outline`; None draws rays instead. place: the territory's name, or "".

    Raises ValueError for a colour that is none.
    """

    name: str
    colour: str = "teal"
    icon: str = "star"
    outline: Outline | Sequence[Sequence[Sequence[float]]] | None = None
    place: str = ""

    def __post_init__(self):
        if self.colour not in LINES:
            raise ValueError(f"{self.colour!r} is not a line colour: {', '.join(LINES)}.")


def svg(art: BadgeArt) -> str:
    """The badge as a standalone SVG document of 512 by 512 units, scalable to any size.

    Well-formed XML without script, style attributes or anything loaded from elsewhere, so it may
    be put into a page under a strict content security policy (its ids are its own) or served as
    a file. ValueError when the outline is no boundary.
    """
    colours = palette(art.colour)
    name, place = _clean(art.name), _clean(art.place)
    words = _layout(name, place)
    own = "b" + hashlib.sha256(repr(art).encode("utf-8", "replace")).hexdigest()[:10]
    title = html.escape(", ".join(filter(None, (name, place))) or "?")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" '
        f'height="{SIDE}" role="img" aria-labelledby="{own}t" stroke-linejoin="round" '
        f'stroke-linecap="round"><title id="{own}t">{title}</title><defs>'
        f'<clipPath id="{own}c"><path d="{circle(_MIDDLE, _MIDDLE, _FIELD)}"/></clipPath>'
    ]
    parts += [f'<path id="{own}w{i}" d="{w.track}"/>' for i, w in enumerate(words)]
    parts.append("</defs>")
    parts += [_tag(shape) for shape in _frame(colours)]
    parts.append(f'<g clip-path="url(#{own}c)">')
    parts += [_tag(shape) for shape in _field(art, colours)]
    parts.append("</g>")
    parts += [_tag(shape) for shape in _track(words, colours)]
    offset = _MIDDLE - 50 * _ICON
    parts.append(f'<g transform="translate({offset:g} {offset:g}) scale({_ICON})">')
    parts += [_tag(_coloured(shape, colours)) for shape in _icon(art)]
    parts.append("</g>")
    for i, word in enumerate(words):
        parts.append(
            f'<text font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, '
            f'sans-serif" font-weight="700" font-size="{word.size}" '
            f'fill="{colours.pale if word.under else colours.paper}" text-anchor="middle"'
            f'{" direction=" + chr(34) + "rtl" + chr(34) if _right_to_left(word.text) else ""}>'
            f'<textPath href="#{own}w{i}" startOffset="50%" textLength="{word.width:.0f}" '
            f'lengthAdjust="spacingAndGlyphs">{html.escape(word.text)}</textPath></text>'
        )
    parts.append("</svg>\n")
    return "".join(parts)


def png(art: BadgeArt, size: int = SIDE) -> bytes:
    """The badge as a PNG of size by size pixels (16 to 2048), transparent around it.

    The same art gives the same bytes. Words are written with Pillow's built-in font and accents
    of our own: every Latin alphabet of Europe. Emoji are left out; a name in another script
    leaves stations in its place on the ring (the SVG has the name in every script).
    """
    if not 16 <= size <= 2048:
        raise ValueError("A badge is 16 to 2048 pixels wide.")
    colours = palette(art.colour)
    over = max(1, min(4, round(3 * SIDE / size)))
    scale = size * over / SIDE
    words = _layout(
        lettering.drawable(_clean(art.name)) or "", lettering.drawable(_clean(art.place)) or ""
    )
    pixels = size * over
    image = Image.new("RGB", (pixels, pixels), colours.paper)
    silhouette = Image.new("L", (pixels, pixels))
    frame = _frame(colours)
    _paint(ImageDraw.Draw(silhouette), frame[0]._replace(fill="#FFFFFF"), scale)
    draw = ImageDraw.Draw(image)
    for shape in frame:
        _paint(draw, shape, scale)
    field = image.copy()
    for shape in _field(art, colours):
        _paint_even_odd(field, shape, scale)
    round_field = Image.new("L", (pixels, pixels))
    _paint(
        ImageDraw.Draw(round_field),
        Shape(circle(_MIDDLE, _MIDDLE, _FIELD), "#FFFFFF"),
        scale,
    )
    image.paste(field, (0, 0), round_field)
    for shape in _track(words, colours):
        _paint(draw, shape, scale)
    offset = _MIDDLE - 50 * _ICON
    for shape in _icon(art):
        _paint(draw, _coloured(shape, colours), scale * _ICON, offset * scale)
    for word in words:
        lettering.write(
            image, word.text, word.size * scale, word.radius * scale,
            rgb(colours.pale if word.under else colours.paper), word.under,
        )  # fmt: skip
    if over > 1:
        image, silhouette = image.reduce(over), silhouette.reduce(over)
    image.putalpha(silhouette)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=9)
    return out.getvalue()


# What is drawn, from the back to the front.


def _frame(colours: Palette) -> list[Shape]:
    """The silhouette and the ring; the first shape is the silhouette."""
    return [
        Shape(_scallops(_EDGE, 24), colours.paper),
        Shape(_scallops(_RIM, 24), colours.deep),
        Shape(circle(_MIDDLE, _MIDDLE, _RING), colours.line),
        Shape(circle(_MIDDLE, _MIDDLE, _RING - 1), None, colours.bright, 3),
        Shape(circle(_MIDDLE, _MIDDLE, _FIELD), colours.bright, colours.paper, 8),
    ]


def _field(art: BadgeArt, colours: Palette) -> list[Shape]:
    """What lies behind the icon, inside the ring."""
    if art.outline:
        return [Shape(_territory(art.outline), colours.pale, colours.paper, 3)]
    rays = []
    for i in range(12):
        a, b = (math.tau * (i + side) / 12 for side in (-0.25, 0.25))
        x1, y1 = _at(_FIELD * 1.1, a)
        x2, y2 = _at(_FIELD * 1.1, b)
        rays.append(f"M{_MIDDLE} {_MIDDLE}L{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}Z")
    return [Shape("".join(rays), colours.pale)]


def _icon(art: BadgeArt) -> list[Shape]:
    return ICONS.get(art.icon, ICONS["star"])


def _track(words: Sequence[_Words], colours: Palette) -> list[Shape]:
    """The line with its stations, where the ring has no words: the same on both sides."""
    above = next((w.angle / 2 for w in words if not w.under), 0)
    below = next((w.angle / 2 for w in words if w.under), 0)
    start, end = above + (_GAP if above else 0), 180 - below - (_GAP if below else 0)
    stations = int((end - start) / 26) + 1 if end >= start else 0
    shapes = []
    for side in (1, -1):
        if not stations:
            continue
        angles = [start + (end - start) * i / max(1, stations - 1) for i in range(stations)]
        if stations == 1:
            angles = [(start + end) / 2]
        turns = [math.radians(side * angle) for angle in angles]
        if stations > 1:
            shapes.append(Shape(_arc(_TRACK, turns[0], turns[-1]), None, colours.bright, 8))
        shapes += [
            Shape(circle(*_at(_TRACK, turn), 9), colours.paper, colours.deep, 5) for turn in turns
        ]
    return shapes


def _territory(shape: Outline | Sequence[Sequence[Sequence[float]]]) -> str:
    """The territory's outline as a path that fills the field."""
    if not isinstance(shape, Outline):
        shape = outline({"type": "Polygon", "coordinates": shape}, size=SIDE)
    rings = [ring for ring, _ in flatten(shape.path)]
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    cx, cy = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    reach = max(math.hypot(x - cx, y - cy) for ring in rings for x, y in ring) or 1
    scale = _FIELD * 0.97 / reach
    drawn = []
    for ring in rings:
        ring = [
            (round(_MIDDLE + (x - cx) * scale), round(_MIDDLE + (y - cy) * scale)) for x, y in ring
        ]
        ring = simplify(ring, 8)
        if len(ring) >= 3:
            drawn.append("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z")
    return "".join(drawn)


def _scallops(radius: float, count: int) -> str:
    """A circle of shallow round petals."""
    inner, outer = radius * 0.965, radius * 1.035
    x, y = _at(inner, 0)
    parts = [f"M{x:.1f} {y:.1f}"]
    for i in range(count):
        control = _at(outer, math.tau * (i + 0.5) / count)
        end = _at(inner, math.tau * (i + 1) / count)
        parts.append("Q{:.1f} {:.1f} {:.1f} {:.1f}".format(*control, *end))
    return "".join(parts) + "Z"


def _at(radius: float, angle: float) -> tuple[float, float]:
    """A point on a circle around the middle; the angle in radians, clockwise from the top."""
    return _MIDDLE + radius * math.sin(angle), _MIDDLE - radius * math.cos(angle)


def _arc(radius: float, start: float, end: float) -> str:
    """A part of a circle as curves, from one angle to another."""
    pieces = max(1, math.ceil(abs(end - start) / (math.pi / 6)))
    step = (end - start) / pieces
    k = radius * 4 / 3 * math.tan(step / 4)
    path = "M{:.1f} {:.1f}".format(*_at(radius, start))
    for i in range(pieces):
        a, b = start + i * step, start + (i + 1) * step
        (ax, ay), (bx, by) = _at(radius, a), _at(radius, b)
        path += (
            f"C{ax + k * math.cos(a):.1f} {ay + k * math.sin(a):.1f} "
            f"{bx - k * math.cos(b):.1f} {by - k * math.sin(b):.1f} {bx:.1f} {by:.1f}"
        )
    return path


# Words on the ring.


class _Words(NamedTuple):
    text: str
    size: float
    width: float
    radius: float  # of the base line
    angle: float  # what they take of the circle, in degrees
    under: bool

    @property
    def track(self) -> str:
        if self.under:
            return _arc(self.radius, math.tau - 0.05, 0.05)
        return _arc(self.radius, -math.pi + 0.05, math.pi - 0.05)


def _layout(name: str, place: str) -> list[_Words]:
    """Name and place in the largest size at which they fit, shortened when none does."""
    words = []
    if place:
        words.append(_fit(place, _PLACE_SIZES, True))
    if name:
        room = 360 - (words[0].angle + 2 * _GAP if words else 2 * _GAP)
        sizes = [(size, min(angle, room)) for size, angle in _NAME_SIZES]
        words.append(_fit(name, sizes, False))
    return words


def _fit(text: str, sizes: Sequence[tuple[float, float]], under: bool) -> _Words:
    def at(text: str, size: float) -> _Words:
        width = lettering.width(text, size)
        radius = _TRACK + (0.5 if under else -0.5) * _CAPITAL * size
        return _Words(text, size, width, radius, math.degrees(width / radius), under)

    for size, most in sizes:
        words = at(text, size)
        if words.angle <= most:
            return words
    size, most = sizes[-1]
    while text and at(text + "…", size).angle > most:
        text = text[:-1]
        # Not in the middle of a letter made of several signs.
        while text and (text[-1] == "\u200d" or unicodedata.category(text[-1]) in ("Cf",)):
            text = text[:-1]
    return at(text.rstrip(" ,;:-–") + "…", size)


def _clean(text: str) -> str:
    """One line of text that may be in an XML document: no controls, none that turn it around."""
    kept = []
    for char in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(char)
        if char.isspace():
            kept.append(" ")
        elif kind in ("Cc", "Cs", "Cn") or "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069":
            continue
        else:
            kept.append(char)
    return " ".join("".join(kept).split())


def _right_to_left(text: str) -> bool:
    """Whether the first letter with a direction goes from right to left."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


# How it is put on paper: as SVG tags, as Pillow's polygons.


def _coloured(shape: Shape, colours: Palette) -> Shape:
    return shape._replace(
        fill=shape.fill and getattr(colours, shape.fill),
        contour=shape.contour and getattr(colours, shape.contour),
    )


def _tag(shape: Shape) -> str:
    line = f' stroke="{shape.contour}" stroke-width="{shape.width:g}"' if shape.contour else ""
    return f'<path d="{shape.path}" fill="{shape.fill or "none"}" fill-rule="evenodd"{line}/>'


def _paint(draw: ImageDraw.ImageDraw, shape: Shape, scale: float, offset: float = 0) -> None:
    half = shape.width * scale / 2
    for ring, closed in flatten(shape.path):
        points = [(x * scale + offset, y * scale + offset) for x, y in ring]
        if shape.fill:
            draw.polygon(points, shape.fill)
        if not shape.contour:
            continue
        # Pillow's own joints have notches at sharp corners: a disc on each point has none.
        track = [*points, points[0]] if closed else points
        for (ax, ay), (bx, by) in zip(track, track[1:], strict=False):
            length = math.hypot(bx - ax, by - ay) or 1
            dx, dy = (by - ay) / length * half, (ax - bx) / length * half
            draw.polygon(
                [(ax + dx, ay + dy), (bx + dx, by + dy), (bx - dx, by - dy), (ax - dx, ay - dy)],
                shape.contour,
            )
        for x, y in track:
            draw.ellipse((x - half, y - half, x + half, y + half), shape.contour)


def _paint_even_odd(image: Image.Image, shape: Shape, scale: float) -> None:
    """Paint a shape whose rings may be holes in one another."""
    inside = Image.new("1", image.size)
    for ring, _ in flatten(shape.path):
        part = Image.new("1", image.size)
        ImageDraw.Draw(part).polygon([(x * scale, y * scale) for x, y in ring], 1)
        inside = ImageChops.logical_xor(inside, part)
    image.paste(shape.fill, (0, 0), inside)
    _paint(ImageDraw.Draw(image), shape._replace(fill=None), scale)
