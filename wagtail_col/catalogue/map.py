"""The map's answer to a search: places and clusters, of the very set that the list shows."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_col.catalogue.models import Listing, ListingText, MapPoint
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.catalogue.search.answers import Answer, answer
from wagtail_col.catalogue.search.cells import Cell, Window
from wagtail_col.geo import ZOOM, Box, Point, from_map, to_map
from wagtail_col.records import State, best_text

#: The side of a cluster's cell on the screen, in pixels: 64.
CELL_BITS = 6
#: Marks nearer to each other than this on the screen would cover each other: they become one.
TOO_NEAR = 52
#: From this zoom on, nothing is put together but what is at the very same place.
CLOSE = 20
#: An answer covers at most this many pixels either way, so it holds a bounded number of cells.
WIDEST = 4096


@dataclass(frozen=True)
class View:
    """A part of the map: map coordinates (see ``geo``) and a zoom level."""

    west: int
    north: int
    east: int
    south: int
    zoom: int


def read_view(params: QueryDict) -> View:
    """``?bbox=west,south,east,north&zoom=12`` in degrees, or BadQuery."""
    zoom = params.get("zoom", "")
    if not (zoom.isascii() and zoom.isdigit() and int(zoom[:4]) <= ZOOM):
        raise BadQuery("zoom", _("The zoom is a number from 0 to %s.") % ZOOM)
    box = _box(params.get("bbox", ""))
    west, north = to_map(Point(box.west, box.north))
    east, south = to_map(Point(box.east, box.south))
    view = View(west, north, east, south, int(zoom))
    widest = WIDEST << (ZOOM - view.zoom)
    if east - west > widest or south - north > widest:
        raise BadQuery("bbox", _("This part of the map is too large for its zoom."))
    return view


def _box(text: str) -> Box:
    try:
        box = Box(*(float(part) for part in text.split(",", 4)))
    except (TypeError, ValueError):
        raise BadQuery("bbox", _("The box is four numbers: west,south,east,north.")) from None
    if not all(math.isfinite(side) for side in box):
        raise BadQuery("bbox", _("The box is four numbers: west,south,east,north."))
    if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
        raise BadQuery("bbox", _("The box has to lie on the earth, its west before its east."))
    return box


def clusters(query: Query, view: View) -> dict[str, list]:
    """What the map shows of a search in a view.

    ``points``: ``[lon, lat, key, kind, title]`` of a listing alone in its cell. ``clusters``:
    ``[lon, lat, count]``; those at one and the same place, which no zoom takes apart, have two
    more: the key of one of them, and the name of the place.
    """
    shift = 0 if view.zoom >= CLOSE else ZOOM - view.zoom + CELL_BITS
    window = Window(view.west, view.north, view.east, view.south)
    cells = answer(query).cells(window, shift)
    if view.zoom < CLOSE:
        cells = _merged(cells, TOO_NEAR << (ZOOM - view.zoom))
    named = _named([cell.first for cell in cells if cell.is_one_place])
    shown: dict[str, list] = {"clusters": [], "points": []}
    for cell in cells:
        lon, lat = from_map(cell.mean_x + 0.5, cell.mean_y + 0.5)
        place = [round(lon, 6), round(lat, 6)]
        one = named.get(cell.first) if cell.is_one_place else None
        if one is None:
            shown["clusters"].append([*place, cell.count])
        elif cell.count > 1:
            shown["clusters"].append([*place, cell.count, one.key, one.venue])
        else:
            shown["points"].append([*place, one.key, one.kind, one.title])
    return shown


def _merged(cells: list[Cell], near: int) -> list[Cell]:
    """The cells with those put together whose marks would touch, the fullest first.

    ``near`` is in map coordinates and less than a cell's side, so only neighbours are looked at.
    """
    kept: dict[tuple[int, int], Cell] = {}
    for cell in sorted(cells, key=lambda cell: (-cell.count, cell.cy, cell.cx)):
        around = (kept.get((cell.cx + dx, cell.cy + dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        taker = next((one for one in around if one and _distance(one, cell) < near), None)
        if taker:
            # The mark stays where the most is: it must not wander into yet another one.
            kept[taker.cx, taker.cy] = taker._replace(
                count=taker.count + cell.count, is_one_place=False
            )
        else:
            kept[cell.cx, cell.cy] = cell
    return sorted(kept.values(), key=lambda cell: (cell.cy, cell.cx))


def _distance(one: Cell, other: Cell) -> float:
    return math.hypot(one.mean_x - other.mean_x, one.mean_y - other.mean_y)


class _Named(NamedTuple):
    key: str
    kind: str
    venue: str
    title: str


def _named(ids: list[int]) -> dict[int, _Named]:
    """What the map says of single listings, in one query."""
    texts = defaultdict(list)
    if not ids:
        return {}
    # By their keys alone: asked for the state too, SQLite may read all that have it.
    rows = ListingText.objects.filter(listing__in=ids).values_list(
        "listing", "listing__key", "listing__kind", "listing__venue", "language", "title", "pk",
        "listing__state",
        named=True,
    )  # fmt: skip
    for row in sorted(rows, key=lambda row: row.pk):
        if row.listing__state == State.PUBLISHED:
            texts[row.listing].append(row)
    return {
        listing: _Named(
            of_one[0].listing__key.hex,
            of_one[0].listing__kind,
            of_one[0].listing__venue,
            best_text(of_one).title,
        )
        for listing, of_one in texts.items()
    }


def at_the_place_of(query: Query, listing: Listing) -> QuerySet[Listing]:
    """The query's listings that are at the very same point as this one, in order."""
    point = MapPoint.objects.filter(listing=listing).first()
    if point is None:
        return query.in_order().none()
    return query.in_order().filter(map_point__x=point.x, map_point__y=point.y)


def dots(search: Answer, box: Box, across: int) -> tuple[int, list[tuple[str, int, int]]]:
    """The places to dot on a small picture that is ``across`` dots wide or high.

    The side of a dot in map coordinates; kind, column and row of each. Places that would fall on
    one dot are one, so that the answer stays small whatever the number of listings.
    """
    west, north = to_map(Point(box.west, box.north))
    east, south = to_map(Point(box.east, box.south))
    side = max(east - west, south - north, 1) / across
    shift = max(0, math.floor(math.log2(side))) if side >= 1 else 0
    return 1 << shift, search.dots(Window(west, north, east, south), shift)


def box_of_points(search: Answer) -> Box | None:
    """The box around a search's places, for a territory that has no boundary."""
    sides = search.box()
    if sides is None:
        return None
    left, top, right, bottom = sides
    west, north = from_map(left, top)
    east, south = from_map(right + 1, bottom + 1)
    return Box(west, south, east, north)
