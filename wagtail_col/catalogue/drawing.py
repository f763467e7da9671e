"""The map as a picture: drawn by the server, there before (and without) JavaScript."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any

from wagtail_col.catalogue.caching import kept
from wagtail_col.catalogue.map import marks, packed, view_within
from wagtail_col.catalogue.marking import Stop, stops
from wagtail_col.catalogue.models import Listing, Territory
from wagtail_col.catalogue.presenting import KIND_COLOURS
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.answers import Answer
from wagtail_col.geo import Box, Point, from_map, to_map
from wagtail_col.outline import frame, outline, project, simplify

#: The longer side of a picture in units.
SIZE = 1000
#: For how many pixels the marks of a picture are put together. Where there are more, the marks
#: are farther from each other; the moving map then asks for finer ones.
PHONE = (360, 265)
DESK = (380, 440)
#: On which screens marks are seen; the styles know these names.
NARROW, WIDE, ANY = "narrow", "wide", "any"
#: Space around a territory, as a part of its own size.
MARGIN = 0.04
#: How much of the ground the map of one listing shows.
AROUND_KM = 4.0
#: Boundaries for the moving map are as fine as its pixels at this zoom; 22 is the finest there is.
FINE_SHIFT = 22 - 14


@dataclass(frozen=True)
class Shape:
    """A path of the picture and its classes."""

    classes: str
    d: str


@dataclass(frozen=True)
class Layer:
    """The marks for one kind of screen: ``stops`` of the picture; ``found`` are the same for the
    moving map, at the level ``zoom``."""

    form: str
    zoom: float
    found: dict[str, list]
    stops: list[Stop]

    @property
    def level(self) -> str:
        """As scripts read numbers, whatever the language of the page."""
        return f"{self.zoom:g}"

    @property
    def as_json(self) -> str:
        return json.dumps(self.found, separators=(",", ":"))


@dataclass(frozen=True)
class Picture:
    """A map to draw: its viewBox and its paths, from the ground up.

    That of a search has layers of marks on it. ``width`` and ``height`` give the proportions.
    """

    viewbox: str
    shapes: list[Shape]
    box: Box
    width: int = 0
    height: int = 0
    layers: list[Layer] = field(default_factory=list)


@dataclass(frozen=True)
class Ground:
    """Which territories a map shows: ``parts`` (districts), ``whole`` around them, ``on`` among."""

    parts: list[Territory] = field(default_factory=list)
    whole: Territory | None = None
    on: Territory | None = None

    @property
    def key(self) -> tuple:
        return (
            tuple((part.pk, part.revision) for part in self.parts),
            (self.whole.pk, self.whole.revision) if self.whole else None,
            self.on.pk if self.on else None,
        )

    def shapes(self, box: Box) -> list[Shape]:
        """The territories' paths on a picture of ``box``; kept until one of them changes."""
        return kept("ground", (self.key, tuple(box), SIZE), lambda: self._drawn(box))

    def _drawn(self, box: Box) -> list[Shape]:
        boundaries = _boundaries([*self.parts, *([self.whole] if self.whole else [])])
        shapes = []
        for part in self.parts:
            if boundaries.get(part.pk):
                on = self.on and part.pk == self.on.pk
                classes = "col-map__district"
                if on:
                    classes += f" col-map__district--on col-line--{part.colour}"
                shapes.append(Shape(classes, outline(boundaries[part.pk], box, SIZE).path))
        # What is chosen lies on top, or its neighbours would draw over its border.
        shapes.sort(key=lambda shape: "--on" in shape.classes)
        if self.whole and boundaries.get(self.whole.pk):
            kind = "outline" if shapes else "district"
            d = outline(boundaries[self.whole.pk], box, SIZE).path
            shapes.append(Shape(f"col-map__{kind}", d))
        return shapes


def _boundaries(territories: list[Territory]) -> dict[int, Any]:
    ids = [territory.pk for territory in territories]
    return dict(Territory.objects.filter(pk__in=ids).values_list("pk", "boundary"))


def padded(box: Box) -> Box:
    """The box with a margin; one without extent becomes about a kilometre wide."""
    width = max(box.east - box.west, 0.01) * MARGIN + max(0, 0.005 - (box.east - box.west) / 2)
    height = max(box.north - box.south, 0.01) * MARGIN + max(0, 0.004 - (box.north - box.south) / 2)
    return Box(
        max(-180, box.west - width),
        max(-85, box.south - height),
        min(180, box.east + width),
        min(85, box.north + height),
    )


def picture_of_search(found: Answer, query: Query, ground: Ground, box: Box) -> Picture:
    """The ground of a part of the map with the marks of what a search found."""
    width, height = frame(box, SIZE)
    return Picture(
        viewbox=f"0 0 {width} {height}",
        shapes=ground.shapes(box),
        box=box,
        # Far larger than any screen: what shows it makes it as small as its own frame.
        width=4 * width,
        height=4 * height,
        layers=_layers(found, query, box),
    )


def _layers(found: Answer, query: Query, box: Box) -> list[Layer]:
    views = [view_within(box, *screen) for screen in (PHONE, DESK)]
    forms = (NARROW, WIDE) if views[0] != views[1] else (ANY,)
    views = views[: len(forms)]
    return [
        Layer(form, view.zoom, packed(shown), stops(shown, query, box))
        for form, view, shown in zip(forms, views, marks(found, *views), strict=True)
    ]


def picture_of_listing(listing: Listing, ground: Ground, box: Box) -> Picture:
    """The part of the ground around a listing that has a point, and its stop."""
    box = padded(box)
    x, y = project(listing.lon, listing.lat, box, SIZE)
    side = AROUND_KM * _units_a_km(listing.point, box)
    stop = f"M{x:.1f} {y:.1f}h0"
    shapes = [
        *ground.shapes(box),
        Shape(f"col-map__dots col-map__dots--stop col-line--{KIND_COLOURS[listing.kind]}", stop),
    ]
    corner = f"{x - side / 2:.1f} {y - side / 2:.1f}"
    return Picture(f"{corner} {side:.1f} {side:.1f}", shapes, box)


def _units_a_km(point: Point, box: Box) -> float:
    km_a_degree = 111.32 * max(0.05, math.cos(math.radians(point.lat)))
    step = 0.01 if point.lon < 0 else -0.01
    x, _y = project(point.lon, point.lat, box, SIZE)
    further, _y = project(point.lon + step, point.lat, box, SIZE)
    return abs(further - x) / (abs(step) * km_a_degree)


def boundaries_as_geojson(ground: Ground) -> dict[str, Any]:
    """The ground for the moving map: GeoJSON, simplified to what a screen can show.

    Features have ``name`` and ``on``, the chosen one; the whole territory has ``whole``.
    """
    return kept("boundaries", (ground.key, FINE_SHIFT), lambda: _simplified(ground))


def _simplified(ground: Ground) -> dict[str, Any]:
    shown = [*ground.parts, *([ground.whole] if ground.whole else [])]
    boundaries = _boundaries(shown)
    features = []
    for territory in shown:
        boundary = boundaries.get(territory.pk)
        if not boundary:
            continue
        polygons = [
            [ring for ring in map(_simplified_ring, polygon) if len(ring) >= 4]
            for polygon in boundary["coordinates"]
        ]
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "colour": territory.colour,
                    "whole": bool(ground.whole and territory.pk == ground.whole.pk),
                    "on": bool(ground.on and territory.pk == ground.on.pk),
                },
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [polygon for polygon in polygons if polygon],
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _simplified_ring(ring: list[list[float]]) -> list[list[float]]:
    places = [to_map(Point(lon, lat)) for lon, lat in ring]
    drawn = simplify([(x >> FINE_SHIFT, y >> FINE_SHIFT) for x, y in places], 2.0)
    corners = [
        from_map((x + 0.5) * (1 << FINE_SHIFT), (y + 0.5) * (1 << FINE_SHIFT)) for x, y in drawn
    ]
    closed = [*corners, corners[0]] if corners else []
    return [[round(lon, 5), round(lat, 5)] for lon, lat in closed]
