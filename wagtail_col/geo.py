"""Points, boxes and boundaries on the earth, in plain Python: no GIS stack is required.

Units: longitude and latitude in degrees (WGS 84). Map coordinates are integer
Web-Mercator pixels at zoom 22 (``WORLD`` wide), so a cell at zoom z is a shift.
Boundaries are GeoJSON MultiPolygon geometries (RFC 7946).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Width and height of the world in map coordinates: 256-pixel tiles at zoom 22.
ZOOM = 22
WORLD = 256 << ZOOM
#: Web Mercator ends here (the latitude where the map becomes a square).
MAX_LATITUDE = 85.05112878

#: Kilometres of a degree of latitude.
KM_A_DEGREE = 111.2

MAX_VERTICES = 50_000

_POINT = re.compile(
    r"^SRID=4326;POINT\s?\((-?\d+(?:\.\d+)?(?:[eE]-?\d+)?)\s(-?\d+(?:\.\d+)?(?:[eE]-?\d+)?)\)$"
)


class Point(NamedTuple):
    """A place: longitude and latitude in degrees."""

    lon: float
    lat: float


class Box(NamedTuple):
    """A rectangle of degrees. Boxes over the date line are not supported."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, point: Point) -> bool:
        return self.west <= point.lon <= self.east and self.south <= point.lat <= self.north

    def joined(self, other: Box) -> Box:
        return Box(
            min(self.west, other.west),
            min(self.south, other.south),
            max(self.east, other.east),
            max(self.north, other.north),
        )


def check_point(lon: float, lat: float) -> Point:
    """The point, or ValidationError when it is not on the earth (or not on the map)."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValidationError(_("A coordinate has to be a number."), code="coordinates")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValidationError(
            _(
                "%(lat)s, %(lon)s is outside the world: latitude goes from -90 to 90, "
                "longitude from -180 to 180."
            ),
            code="coordinates",
            params={"lat": lat, "lon": lon},
        )
    return Point(lon, lat)


def parse_point(value: str) -> Point | None:
    """Read ``SRID=4326;POINT(lng lat)``, the form wagtailgeowidget writes; empty is None."""
    if not value:
        return None
    match = _POINT.match(value.strip())
    if not match:
        raise ValidationError(_("This is not a point on the map."), code="point")
    return check_point(float(match[1]), float(match[2]))


def format_point(point: Point) -> str:
    """The inverse of ``parse_point``."""
    return f"SRID=4326;POINT({point.lon:.6f} {point.lat:.6f})"


def to_map(point: Point) -> tuple[int, int]:
    """Map coordinates (x to the east, y to the south) of a point."""
    lat = max(-MAX_LATITUDE, min(MAX_LATITUDE, point.lat))
    sin = math.sin(math.radians(lat))
    x = (point.lon + 180) / 360 * WORLD
    y = (0.5 - math.log((1 + sin) / (1 - sin)) / (4 * math.pi)) * WORLD
    return (min(WORLD - 1, max(0, int(x))), min(WORLD - 1, max(0, int(y))))


def from_map(x: float, y: float) -> Point:
    """The point at map coordinates."""
    lon = x / WORLD * 360 - 180
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / WORLD))))
    return Point(lon, lat)


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres (haversine, mean earth radius)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    d_lat, d_lon = lat_b - lat_a, math.radians(b.lon - a.lon)
    h = math.sin(d_lat / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(d_lon / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, h)))


def around(point: Point, km: float) -> Box:
    """The box that holds everything within ``km`` kilometres of a point."""
    high = km / KM_A_DEGREE
    wide = high / max(0.05, math.cos(math.radians(point.lat)))
    return Box(
        max(-180.0, point.lon - wide),
        max(-90.0, point.lat - high),
        min(180.0, point.lon + wide),
        min(90.0, point.lat + high),
    )


def check_boundary(geojson: Any) -> dict[str, Any] | None:
    """A clean MultiPolygon geometry from GeoJSON an editor gave; empty is None.

    Takes a Polygon, a MultiPolygon, a Feature or a FeatureCollection of those (their
    polygons are put together). Rings are closed where they were left open. Raises
    ValidationError, saying what is wrong, for anything else: no polygon, a ring of fewer
    than three places, coordinates that are no numbers or outside the world.
    """
    if geojson in (None, "", {}):
        return None
    polygons = [
        [_check_ring(ring) for ring in _non_empty(polygon)] for polygon in _polygons(geojson)
    ]
    if not polygons:
        raise ValidationError(_("There is no polygon in this boundary."), code="boundary")
    if sum(len(ring) for polygon in polygons for ring in polygon) > MAX_VERTICES:
        raise ValidationError(
            _("This boundary has more than %(most)s corners. Simplify it first."),
            code="boundary",
            params={"most": MAX_VERTICES},
        )
    return {"type": "MultiPolygon", "coordinates": polygons}


def _non_empty(polygon: Any) -> list:
    if not isinstance(polygon, list | tuple) or not polygon:
        raise ValidationError(_("A polygon in this boundary has no outline."), code="boundary")
    return list(polygon)


def _polygons(geojson: Any) -> Iterator[Any]:
    kind = geojson.get("type") if isinstance(geojson, dict) else None
    if kind == "FeatureCollection":
        for feature in geojson.get("features") or []:
            yield from _polygons(feature)
    elif kind == "Feature":
        yield from _polygons(geojson.get("geometry"))
    elif kind == "Polygon":
        yield geojson.get("coordinates")
    elif kind == "MultiPolygon":
        yield from geojson.get("coordinates") or []
    else:
        raise ValidationError(
            _("A boundary is a GeoJSON Polygon or MultiPolygon; this is %(kind)s."),
            code="boundary",
            params={"kind": kind or _("something else")},
        )


def _check_ring(ring: Any) -> list[list[float]]:
    places = []
    for place in ring if isinstance(ring, list | tuple) else ():
        numbers = isinstance(place, list | tuple) and len(place) >= 2
        if not numbers or any(
            isinstance(n, bool) or not isinstance(n, int | float) for n in place[:2]
        ):
            raise ValidationError(
                _("Each corner of a boundary has to be a pair of numbers."), code="boundary"
            )
        places.append(list(check_point(float(place[0]), float(place[1]))))
    if places and places[0] != places[-1]:
        places.append(places[0])
    if len({tuple(place) for place in places}) < 3:
        raise ValidationError(
            _("A boundary needs at least three different corners."), code="boundary"
        )
    return places


def bounds(boundary: dict[str, Any]) -> Box:
    """The smallest box around a boundary."""
    places = [place for polygon in boundary["coordinates"] for ring in polygon for place in ring]
    lons, lats = [p[0] for p in places], [p[1] for p in places]
    return Box(min(lons), min(lats), max(lons), max(lats))


def centre(boundary: dict[str, Any]) -> Point:
    """The centre of gravity of the boundary's largest polygon (in degrees, planar)."""
    outer = max((polygon[0] for polygon in boundary["coordinates"]), key=lambda r: abs(_area(r)))
    area = _area(outer)
    if not area:
        box = bounds(boundary)
        return Point((box.west + box.east) / 2, (box.south + box.north) / 2)
    lon = lat = 0.0
    for (x1, y1), (x2, y2) in itertools.pairwise(outer):
        cross = x1 * y2 - x2 * y1
        lon += (x1 + x2) * cross
        lat += (y1 + y2) * cross
    return Point(lon / (6 * area), lat / (6 * area))


def _area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def covers(boundary: dict[str, Any], point: Point) -> bool:
    """Whether the point lies inside the boundary (holes taken out), even-odd rule."""
    return any(
        sum(_inside(ring, point) for ring in polygon) % 2 for polygon in boundary["coordinates"]
    )


def _inside(ring: list[list[float]], point: Point) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > point.lat) != (y2 > point.lat):
            crossing = (x2 - x1) * (point.lat - y1) / (y2 - y1) + x1
            if point.lon < crossing:
                inside = not inside
    return inside
