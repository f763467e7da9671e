"""Shapes (`icons.Shape` with colours as #RRGGBB) painted with Pillow."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

from .icons import Shape
from .paths import flatten

_flat = lru_cache(maxsize=512)(flatten)


def paint(
    draw: ImageDraw.ImageDraw, shape: Shape, scale: float, left: float = 0, top: float = 0
) -> None:
    """Fill and contour of a shape whose parts do not overlap; left and top in pixels."""
    half = shape.width * scale / 2
    # Pillow cuts off what is behind the point.
    left, top = left + 0.5, top + 0.5
    for ring, closed in _flat(shape.path):
        points = [(x * scale + left, y * scale + top) for x, y in ring]
        if shape.fill:
            draw.polygon(points, shape.fill)
        if shape.contour:
            _stroke(draw, [*points, points[0]] if closed else points, half, shape.contour)


def _stroke(draw: ImageDraw.ImageDraw, track: list, half: float, colour: str) -> None:
    # Pillow's own joints have notches at sharp corners: a disc on each point has none.
    for (ax, ay), (bx, by) in pairwise(track):
        length = math.hypot(bx - ax, by - ay) or 1
        dx, dy = (by - ay) / length * half, (ax - bx) / length * half
        corners = [(ax + dx, ay + dy), (bx + dx, by + dy), (bx - dx, by - dy), (ax - dx, ay - dy)]
        draw.polygon(corners, colour)
    for x, y in track:
        draw.ellipse((x - half, y - half, x + half, y + half), colour)


def paint_even_odd(image: Image.Image, shape: Shape, scale: float) -> None:
    """As `paint`, for a shape with rings that are holes in others (SVG's `evenodd`)."""
    rings = [
        [(round(x * scale), round(y * scale)) for x, y in ring] for ring, _ in _flat(shape.path)
    ]
    if not rings:
        return
    left, top, right, bottom = _box([point for ring in rings for point in ring])
    inside = Image.new("L", (right - left, bottom - top))
    for ring in rings:
        x, y, x2, y2 = _box(ring)
        part = Image.new("L", (x2 - x, y2 - y))
        ImageDraw.Draw(part).polygon([(px - x, py - y) for px, py in ring], 255)
        box = (x - left, y - top, x2 - left, y2 - top)
        inside.paste(ImageChops.difference(inside.crop(box), part), box)
    image.paste(shape.fill, (left, top), inside)
    paint(ImageDraw.Draw(image), shape._replace(fill=None), scale)


def _box(points: list[tuple[int, int]]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of pixels, the last two outside them."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1
