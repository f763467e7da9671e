"""The picture of a badge, drawn from values: as SVG for the screen, as PNG to carry away.

The badge is the terminus of a line of the map: a ring in the line's colour with stations on it, the
name above, the place below, the outline of the place behind an icon, on a plate of one of four
shapes. Both pictures are made of the same parts, so they show the same.
"""

from __future__ import annotations

import hashlib
import html
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from wagtail_col.outline import Outline, outline, simplify

from . import lettering
from .frames import SHAPES, disc, frame
from .icons import ICONS, Shape
from .painting import paint, paint_even_odd
from .palette import LINES, Palette, palette, rgb
from .paths import circle, flatten
from .ring import FIELD, GAP, MIDDLE, SIDE, TRACK, Words, arc, at, clean, layout

# How much the icons' square of 100 is enlarged, and where its corner is.
_ICON = 2.3
_CORNER = MIDDLE - 50 * _ICON

_FONTS = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class BadgeArt:
    """What a badge's picture is made of.

    name: any text (shown on the ring, shortened there when very long; whole in the title).
    colour: one of the line colours (`palette.LINES`). icon: one of `icons.ICONS`; an unknown one
    is drawn as a star. outline: the territory, as rings of (longitude, latitude) in degrees or
    as an `Outline`; None draws rays instead. place: the territory's name, or "". shape: one of
    `frames.SHAPES`.

    Raises ValueError for a colour or a shape that is none.
    """

    name: str
    colour: str = "teal"
    icon: str = "star"
    outline: Outline | Sequence[Sequence[Sequence[float]]] | None = None
    place: str = ""
    shape: str = "round"

    def __post_init__(self):
        if self.shape not in SHAPES:
            raise ValueError(f"{self.shape!r} is not a shape: {', '.join(SHAPES)}.")
        if self.colour not in LINES:
            raise ValueError(f"{self.colour!r} is not a line colour: {', '.join(LINES)}.")


def svg(art: BadgeArt) -> str:
    """The badge as a standalone SVG document of 512 by 512 units, scalable to any size.

    Well-formed XML without script, style attributes or anything loaded from elsewhere, so it may
    be put into a page under a strict content security policy (its ids are its own) or served as
    a file. ValueError when the outline is no boundary.
    """
    colours = palette(art.colour)
    name, place = clean(art.name), clean(art.place)
    words = layout(name, place)
    own = "b" + hashlib.sha256(repr(art).encode("utf-8", "replace")).hexdigest()[:10]
    title = html.escape(", ".join(filter(None, (name, place))))
    around = frame(art.shape, colours)
    inside = [
        _tag(disc(colours)),
        *map(_tag, _field(art, colours)),
        *map(_tag, _ring(words, colours)),
        f'<g transform="translate({_CORNER:g} {_CORNER:g}) scale({_ICON})">',
        *map(_tag, _icon(art, colours)),
        "</g>",
        *(_text(w, f"{own}w{i}", colours) for i, w in enumerate(words)),
    ]
    if around.scale != 1:
        left, top = (place - MIDDLE * around.scale for place in around.middle)
        inside = [
            f'<g transform="translate({left:g} {top:g}) scale({around.scale:g})">',
            *inside,
            "</g>",
        ]
    parts = [*map(_tag, around.plate), *inside]
    tracks = "".join(f'<path id="{own}w{i}" d="{w.track}"/>' for i, w in enumerate(words))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" '
        f'height="{SIDE}" role="img" aria-labelledby="{own}t" stroke-linejoin="round" '
        f'stroke-linecap="round"><title id="{own}t">{title}</title><defs>{tracks}</defs>'
        f"{''.join(parts)}</svg>\n"
    )


def png(art: BadgeArt, size: int = SIDE) -> bytes:
    """The badge as a PNG of size by size pixels (16 to 2048), transparent around it.

    The same art gives the same bytes. Words are written with Pillow's built-in font and accents
    of our own: every Latin alphabet of Europe. Emoji are left out; a name in another script
    leaves stations in its place on the ring (the SVG has the name in every script). ValueError
    for another size, and when the outline is no boundary.
    """
    if not 16 <= size <= 2048:
        raise ValueError("A badge is 16 to 2048 pixels wide.")
    colours = palette(art.colour)
    # Painted larger and scaled down, because Pillow's polygons have hard edges.
    over = max(1, min(6, round(3 * SIDE / size)))
    scale = size * over / SIDE
    name, place = (lettering.drawable(clean(text)) or "" for text in (art.name, art.place))
    words = layout(name, place)

    around = frame(art.shape, colours)
    image = Image.new("RGB", (size * over, size * over), colours.paper)
    draw = ImageDraw.Draw(image)
    for shape in around.plate:
        paint(draw, shape, scale)
    if around.scale == 1:
        _paint_inside(image, art, words, colours, scale)
    else:
        smaller = scale * around.scale
        inside = Image.new("RGB", (round(SIDE * smaller),) * 2, colours.deep)
        _paint_inside(inside, art, words, colours, smaller)
        # With its contour, and without what is around it.
        only = Image.new("L", inside.size)
        whole = disc(colours)
        paint(ImageDraw.Draw(only), whole._replace(fill="#FFFFFF", contour="#FFFFFF"), smaller)
        corner = [round(at * scale - inside.width / 2) for at in around.middle]
        image.paste(inside, tuple(corner), only)

    silhouette = Image.new("L", image.size)
    paint(ImageDraw.Draw(silhouette), around.plate[0]._replace(fill="#FFFFFF"), scale)
    image = image.reduce(over)
    image.putalpha(silhouette.reduce(over))
    if size >= 128:
        # Flat colours: a table of 256 shows them all, in a third of the bytes.
        image = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _paint_inside(
    image: Image.Image, art: BadgeArt, words: Sequence[Words], colours: Palette, scale: float
) -> None:
    """The ring and what is in it, in the middle of the image; ``scale``: pixels a unit."""
    draw = ImageDraw.Draw(image)
    *ground, pattern = _field(art, colours)
    for shape in (disc(colours), *ground):
        paint(draw, shape, scale)
    paint_even_odd(image, pattern, scale)
    for shape in _ring(words, colours):
        paint(draw, shape, scale)
    corner = _CORNER * scale
    for shape in _icon(art, colours):
        paint(draw, shape, scale * _ICON, corner, corner)
    for word in words:
        lettering.write(
            image,
            word.text,
            size=word.size * scale,
            radius=word.radius * scale,
            colour=rgb(_ink(word, colours)),
            under=word.under,
        )


# What is drawn, from the back to the front.


def _field(art: BadgeArt, colours: Palette) -> list[Shape]:
    """What lies behind the icon, inside the ring; the pattern is the last."""
    ground = [
        Shape(circle(MIDDLE, MIDDLE, FIELD), colours.bright),
        Shape(_crescent(FIELD, 14), colours.shade),
    ]
    territory = _territory(art.outline) if art.outline else ""
    if territory:
        return [*ground, Shape(territory, colours.pale, colours.paper, 3)]
    rays = ""
    for i in range(12):
        corners = (at(FIELD, math.tau * (i + side) / 12) for side in (-0.25, 0.25))
        ends = "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)
        rays += f"M{MIDDLE:g} {MIDDLE:g}L{ends}Z"
    return [*ground, Shape(rays, colours.pale)]


def _ring(words: Iterable[Words], colours: Palette) -> list[Shape]:
    """The ring's inner edge, and the line with its stations where the ring has no words."""
    shapes = [Shape(circle(MIDDLE, MIDDLE, FIELD), None, colours.paper, 8)]
    half = {word.under: word.angle / 2 + GAP for word in words}
    start, end = half.get(False, 0), 180 - half.get(True, 0)
    if start > end:
        return shapes
    # The same on both sides, a station about every 90 units.
    count = max(1, round((end - start) / 26) + 1)
    steps = [(end - start) / (count - 1) * i for i in range(count)] if count > 1 else [0]
    for side in (1, -1):
        turns = [math.radians(side * (start + step)) for step in steps]
        if count > 1:
            shapes.append(Shape(arc(TRACK, turns[0], turns[-1]), None, colours.bright, 10))
        shapes += [
            Shape(circle(*at(TRACK, t), 10.5), colours.paper, colours.deep, 6) for t in turns
        ]
    return shapes


def _icon(art: BadgeArt, colours: Palette) -> list[Shape]:
    named = colours._asdict() | {None: None}
    return [
        shape._replace(fill=named[shape.fill], contour=named[shape.contour])
        for shape in ICONS.get(art.icon, ICONS["star"])
    ]


def _territory(shape: Outline | Sequence[Sequence[Sequence[float]]]) -> str:
    """The territory's outline as a path that fills the field; empty where it has no extent."""
    if not isinstance(shape, Outline):
        shape = outline({"type": "Polygon", "coordinates": shape}, size=SIDE)
    rings = [ring for ring, _ in flatten(shape.path)]
    if not rings:
        return ""
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    cx, cy = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    reach = max(math.hypot(x - cx, y - cy) for x, y in zip(xs, ys, strict=True)) or 1
    scale = FIELD * 0.97 / reach
    drawn = ""
    for ring in rings:
        placed = [
            (round(MIDDLE + (x - cx) * scale), round(MIDDLE + (y - cy) * scale)) for x, y in ring
        ]
        corners = simplify(placed, 8)
        if len(corners) >= 3:
            drawn += "M" + "L".join(f"{x} {y}" for x, y in corners) + "Z"
    return drawn


def _crescent(radius: float, thick: float) -> str:
    """The shade that the ring throws on the field along its upper edge."""
    k, inner, y = 0.5523 * radius, radius - thick, MIDDLE
    left, right = MIDDLE - radius, MIDDLE + radius
    return (
        f"M{left:g} {y:g}C{left:g} {y - k:.1f} {MIDDLE - k:.1f} {y - radius:g} {MIDDLE:g} "
        f"{y - radius:g}C{MIDDLE + k:.1f} {y - radius:g} {right:g} {y - k:.1f} {right:g} {y:g}"
        f"C{right:g} {y - 0.5523 * inner:.1f} {MIDDLE + k:.1f} {y - inner:g} {MIDDLE:g} "
        f"{y - inner:g}C{MIDDLE - k:.1f} {y - inner:g} {left:g} {y - 0.5523 * inner:.1f} "
        f"{left:g} {y:g}Z"
    )


# As SVG.


def _tag(shape: Shape) -> str:
    line = f' stroke="{shape.contour}" stroke-width="{shape.width:g}"' if shape.contour else ""
    return f'<path d="{shape.path}" fill="{shape.fill or "none"}" fill-rule="evenodd"{line}/>'


def _text(word: Words, track: str, colours: Palette) -> str:
    direction = ' direction="rtl"' if word.right_to_left else ""
    # The length is given because every system has another font, and the stations begin where the
    # words end.
    return (
        f'<text font-family="{_FONTS}" font-weight="700" font-size="{word.size}" '
        f'fill="{_ink(word, colours)}" text-anchor="middle"{direction}>'
        f'<textPath href="#{track}" startOffset="50%" textLength="{word.width:.0f}" '
        f'lengthAdjust="spacingAndGlyphs">{html.escape(word.text)}</textPath></text>'
    )


def _ink(word: Words, colours: Palette) -> str:
    return colours.pale if word.under else colours.paper
