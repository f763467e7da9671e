"""A small part of SVG's path language, read into points.

The badge is drawn twice from the same paths: by the browser, which reads them itself, and by
Pillow, which knows polygons only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise

Point = tuple[float, float]
Ring = list[Point]

_TOKEN = re.compile(r"([MmLlHhVvCcQqZz])|(-?(?:\d+\.?\d*|\.\d+))|[\s,]+|(.)")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}


def flatten(path: str) -> list[tuple[Ring, bool]]:
    """The parts of a path as points, each with whether it is closed.

    Knows M, L, H, V, C, Q and Z, absolute and relative (SVG 2, section 9.3). Raises ValueError
    for anything else, so that no text but a path gets through.
    """
    parts: list[tuple[Ring, bool]] = []
    ring: Ring = []
    x = y = 0.0
    for command, n in _commands(path):
        kind = command.upper()
        if kind == "Z":
            if ring:
                parts.append((ring, True))
                # SVG goes on from where the closed part began.
                x, y = ring[0]
            ring = []
            continue
        if kind == "H":
            n = [n[0], 0.0 if command == "h" else y]
        elif kind == "V":
            n = [0.0 if command == "v" else x, n[0]]
        if command.islower():
            n = [value + (y if i % 2 else x) for i, value in enumerate(n)]
        if kind == "M":
            if ring:
                parts.append((ring, False))
            ring = []
        elif not ring:
            ring = [(x, y)]
        ring.extend(_curve([(x, y), *zip(n[::2], n[1::2], strict=True)]))
        if kind == "M":
            ring = ring[-1:]
        x, y = ring[-1]
    if ring:
        parts.append((ring, False))
    return parts


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """(command, numbers) pairs; a repeated command need not be written again."""
    command = ""
    numbers: list[float] = []
    for match in _TOKEN.finditer(path):
        letter, number, wrong = match.groups()
        if wrong or (number and not command) or (letter and numbers):
            raise ValueError(f"Not a path: {path[max(0, match.start() - 20) : match.end()]!r}")
        if letter:
            command = letter
            if letter in "Zz":
                yield command, []
        elif number:
            numbers.append(float(number))
            if command in "Zz":
                raise ValueError("Not a path: a number after Z.")
            if len(numbers) == _NUMBERS[command.upper()]:
                yield command, numbers
                numbers = []
                # What follows a move without a letter are lines.
                command = {"M": "L", "m": "l"}.get(command, command)
    if numbers:
        raise ValueError("Not a path: it ends in the middle of a point.")


def _curve(control: list[Point]) -> list[Point]:
    """Points on a Bézier curve after its first one; a line or a move is its end."""
    if len(control) == 2:
        return control[1:]
    points = []
    # As many straight pieces as it takes for no corner to be seen, also when enlarged fourfold.
    length = sum(math.dist(a, b) for a, b in pairwise(control))
    pieces = math.ceil(4 + 1.2 * math.sqrt(length))
    for step in range(1, pieces + 1):
        t, layer = step / pieces, control
        while len(layer) > 1:
            layer = [
                (ax + (bx - ax) * t, ay + (by - ay) * t) for (ax, ay), (bx, by) in pairwise(layer)
            ]
        points.append(layer[0])
    return points


def circle(cx: float, cy: float, rx: float, ry: float | None = None, turn: float = 0) -> str:
    """An ellipse as a path; ``turn`` in degrees, clockwise."""
    ry, k = rx if ry is None else ry, 0.5523
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def at(u: float, v: float) -> str:
        u, v = u * rx, v * ry
        return f"{cx + u * cos - v * sin:.2f} {cy + u * sin + v * cos:.2f}"

    return (
        f"M{at(1, 0)}C{at(1, k)} {at(k, 1)} {at(0, 1)}C{at(-k, 1)} {at(-1, k)} {at(-1, 0)}"
        f"C{at(-1, -k)} {at(-k, -1)} {at(0, -1)}C{at(k, -1)} {at(1, -k)} {at(1, 0)}Z"
    )


def rounded(x: float, y: float, width: float, height: float, r: float) -> str:
    """A rectangle with round corners as a path."""
    right, bottom = x + width, y + height
    return (
        f"M{x + r} {y}L{right - r} {y}Q{right} {y} {right} {y + r}L{right} {bottom - r}"
        f"Q{right} {bottom} {right - r} {bottom}L{x + r} {bottom}"
        f"Q{x} {bottom} {x} {bottom - r}L{x} {y + r}Q{x} {y} {x + r} {y}Z"
    )


def turned(path: str, degrees: float, cx: float = 50, cy: float = 50) -> str:
    """An absolute path of M, L, C, Q and Z turned clockwise around a point."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    out = []
    for command, n in _commands(path):
        points = [(x - cx, y - cy) for x, y in zip(n[::2], n[1::2], strict=True)]
        out.append(
            command
            + " ".join(
                f"{cx + x * cos - y * sin:.2f} {cy + x * sin + y * cos:.2f}" for x, y in points
            )
        )
    return "".join(out)
