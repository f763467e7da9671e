"""Territories as small SVG paths, so that a map is there before (or without) JavaScript.

A boundary of thousands of points in degrees becomes a path of a few hundred bytes in whole
picture units, in the same projection as the tiled map (spherical Web-Mercator, EPSG:3857), so
that both show the same shape. `project` places points on the same picture.

A box is (west, south, east, north) in degrees. Territories that cross the antimeridian come as
several polygons (RFC 7946, section 3.1.9) and are drawn at both edges.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]
Point = tuple[float, float]

# Web-Mercator ends here; beyond it the projection runs off to infinity.
MAX_LATITUDE = 85.0511

# A corner is left out when the triangle it makes with its neighbours is smaller than this
# (in square picture units): at 1000 units wide it cannot be seen.
DETAIL = 4.0


@dataclass(frozen=True)
class Outline:
    """A path (`d` attribute: M, m, l, z; whole numbers) on a picture of width x height units."""

    path: str
    width: float
    height: float

    @property
    def viewbox(self) -> str:
        """The value for the `viewBox` attribute, e.g. "0 0 1000 812"."""
        return f"0 0 {self.width:g} {self.height:g}"


def outline(
    geojson: dict[str, Any], box: Box | None = None, size: float = 1000, detail: float = DETAIL
) -> Outline:
    """Draw a GeoJSON Polygon or MultiPolygon (or a Feature or FeatureCollection of them).

    box: the part of the world the picture shows, by default what the geometry covers; give the
    city's box to draw its districts on one picture. size: the longer side in units. detail: the
    smallest triangle that is kept, in square units (0 keeps every whole-number corner).

    Raises ValueError when the geometry is no polygon or a coordinate is outside the world.
    """
    polygons = _polygons(geojson)
    box = box or _box(polygons)
    width, height = frame(box, size)
    rings = []
    for polygon in polygons:
        for ring in polygon:
            points = [project(lon, lat, box, size) for lon, lat in ring]
            rings.append(simplify([(round(x), round(y)) for x, y in points], detail))
    drawn = [ring for ring in rings if len(ring) >= 3]
    if not drawn:
        # Smaller than one unit: a dot is better than a territory that is not on its map.
        x, y = max(rings, key=len)[0]
        drawn = [[(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]]
    return Outline("".join(_path(ring) for ring in drawn), width, height)


def box_of(geojson: dict[str, Any]) -> Box:
    """The (west, south, east, north) in degrees that a geometry covers. ValueError as `outline`."""
    return _box(_polygons(geojson))


def frame(box: Box, size: float = 1000) -> tuple[int, int]:
    """Width and height in units of a picture of `box` whose longer side is `size`.

    The longer side is exactly `size`, the other is rounded up to a whole number (at least 1).
    """
    left, top, scale = _scale(box, size)
    right, bottom = _mercator(box[2], box[1])
    width, height = (right - left) * scale, (bottom - top) * scale
    return max(1, math.ceil(width - 1e-6)), max(1, math.ceil(height - 1e-6))


def project(lon: float, lat: float, box: Box, size: float = 1000) -> Point:
    """Where a point (degrees) is on the picture of `box`: x to the right, y down, in units.

    A point outside the box is outside the picture. ValueError when it is outside the world.
    """
    left, top, scale = _scale(box, size)
    x, y = _mercator(lon, lat)
    return (x - left) * scale, (y - top) * scale


def simplify(points: Sequence[Point], detail: float = DETAIL) -> list[Point]:
    """Leave out the corners of a closed ring that cannot be seen (Visvalingam and Whyatt, 1993).

    points: [(x, y), ...] with or without the closing point; the result has none. Chosen over
    Douglas-Peucker because whether a corner stays depends on its neighbours alone, so that two
    districts keep the same corners along the border they share. Fewer than 3 points come back
    where the ring collapses.
    """
    ring = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    count = len(ring)
    if count < 3:
        return ring
    before = [i - 1 for i in range(count)]
    before[0] = count - 1
    after = [(i + 1) % count for i in range(count)]

    def area(i):
        (ax, ay), (bx, by), (cx, cy) = ring[before[i]], ring[i], ring[after[i]]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    current = [area(i) for i in range(count)]
    heap = [(size, ring[i], i) for i, size in enumerate(current)]
    heapq.heapify(heap)
    gone = set()
    while heap:
        size, _, i = heapq.heappop(heap)
        if i in gone or size != current[i]:
            continue
        # A corner on a straight line says nothing, whatever the detail. Three others stay, so that
        # an island does not vanish because it is small.
        if size > 0 and (size >= detail or count - len(gone) <= 3):
            break
        gone.add(i)
        if count - len(gone) < 3:
            break
        before[after[i]], after[before[i]] = before[i], after[i]
        for neighbour in (before[i], after[i]):
            # Never below what was already taken away: keeps the order of removal stable.
            left = area(neighbour)
            current[neighbour] = max(left, size) if left else 0
            heapq.heappush(heap, (current[neighbour], ring[neighbour], neighbour))
    return [point for i, point in enumerate(ring) if i not in gone]


def _path(ring):
    """One closed ring of whole-number points as relative path commands."""
    (x, y), parts = ring[0], []
    for px, py in ring[1:]:
        dx, dy = px - x, py - y
        parts.append(f"{dx}{dy}" if dy < 0 else f"{dx} {dy}")
        x, y = px, py
    # A minus sign separates as well as a space does.
    steps = "".join(p if i == 0 or p[0] == "-" else " " + p for i, p in enumerate(parts))
    return f"M{ring[0][0]} {ring[0][1]}l{steps}z"


def _polygons(geojson):
    """GeoJSON as a list of polygons, each a list of rings of (lon, lat) floats."""
    if not isinstance(geojson, dict):
        raise ValueError("A boundary is a GeoJSON object.")
    kind = geojson.get("type")
    if kind == "FeatureCollection":
        found = [p for f in _list(geojson.get("features")) for p in _polygons(f)]
    elif kind == "Feature":
        found = _polygons(geojson.get("geometry"))
    elif kind == "Polygon":
        found = [_rings(geojson.get("coordinates"))]
    elif kind == "MultiPolygon":
        found = [_rings(polygon) for polygon in _list(geojson.get("coordinates"))]
    else:
        raise ValueError(f"A boundary is a Polygon or a MultiPolygon, not {kind!r}.")
    if not found:
        raise ValueError("A boundary has at least one polygon.")
    return found


def _rings(coordinates):
    rings = [[_point(p) for p in _list(ring)] for ring in _list(coordinates)]
    if not rings or any(len(ring) < 3 for ring in rings):
        raise ValueError("A polygon has at least one ring of three points.")
    return rings


def _list(value):
    if not isinstance(value, (list, tuple)):
        raise ValueError("A boundary's coordinates are lists of positions.")
    return value


def _point(position):
    try:
        lon, lat = float(position[0]), float(position[1])
    except (TypeError, ValueError, IndexError, KeyError):
        raise ValueError(f"{position!r} is no position (longitude, latitude).") from None
    return _in_world(lon, lat)


def _in_world(lon, lat):
    # Written so that NaN fails too.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"Longitude {lon}, latitude {lat} is outside the world.")
    return lon, lat


def _box(polygons):
    points = [p for rings in polygons for ring in rings for p in ring]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return min(lons), min(lats), max(lons), max(lats)


def _mercator(lon, lat):
    """Degrees to radians of Web-Mercator, y down as on a screen."""
    lon, lat = _in_world(lon, lat)
    lat = max(-MAX_LATITUDE, min(MAX_LATITUDE, lat))
    return math.radians(lon), -math.asinh(math.tan(math.radians(lat)))


def _scale(box, size):
    west, south, east, north = box
    if not (west <= east and south <= north):
        raise ValueError("A box is (west, south, east, north) in degrees.")
    (left, top), (right, bottom) = _mercator(west, north), _mercator(east, south)
    # A box without extent (a single point) is a picture one metre wide or so, not a division by 0.
    return left, top, size / max(right - left, bottom - top, 1e-7)
