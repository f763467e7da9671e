"""The map's answer to a search: places and clusters, of the very set that the list shows."""

from __future__ import annotations

import math
import re
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

#: The side of a cluster's cell on the screen, in pixels: 64, or down to 38 between whole zooms.
CELL_BITS = 6
#: Marks nearer to each other than this on the screen would cover each other: they become one.
TOO_NEAR = 40
#: From this zoom on, nothing is put together but what is at the very same place.
CLOSE = 20
#: Marks are set apart at levels so far from each other: by whole ones alone, much would be one mark
#: on a small screen that stands well apart there.
LEVELS = 4
#: An answer covers at most this many pixels either way, so it holds a bounded number of cells.
WIDEST = 4096


@dataclass(frozen=True)
class View:
    """A part of the map: map coordinates (see ``geo``) and a zoom, whole or a quarter more."""

    west: int
    north: int
    east: int
    south: int
    zoom: float

    def pixels(self, count: int) -> float:
        """So many pixels of the screen in map coordinates."""
        return count * 2 ** (ZOOM - self.zoom)


def read_view(params: QueryDict) -> View:
    """``?bbox=west,south,east,north&zoom=12`` (or ``12.25``) in degrees, or BadQuery."""
    zoom = params.get("zoom", "")
    if not (re.fullmatch(r"[0-9]{1,2}(\.(0|25|5|75))?", zoom) and float(zoom) <= ZOOM):
        raise BadQuery("zoom", _("The zoom is a number from 0 to %s.") % ZOOM)
    box = _box(params.get("bbox", ""))
    west, north = to_map(Point(box.west, box.north))
    east, south = to_map(Point(box.east, box.south))
    view = View(west, north, east, south, float(zoom))
    widest = view.pixels(WIDEST)
    if east - west > widest or south - north > widest:
        raise BadQuery("bbox", _("This part of the map is too large for its zoom."))
    return view


def view_within(box: Box, width: int, height: int) -> View:
    """The view of a box in so many pixels, with as much around it as it is wide and high.

    A search has no more than its own around it, so that costs nothing; a screen of another form
    shows some of it.
    """
    west, north = to_map(Point(box.west, box.north))
    east, south = to_map(Point(box.east, box.south))
    across, down = max(east - west, 1), max(south - north, 1)
    zoom = ZOOM + math.log2(min(width / across, height / down))
    # As the moving map does: marks are rather too far from each other than too near.
    level = max(0, min(CLOSE, math.floor(LEVELS * zoom + 0.1) / LEVELS))
    return View(west - across, north - down, east + across, south + down, level)


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


class Named(NamedTuple):
    """What the map says of a single listing; ``url`` is empty where it has no page of its own."""

    key: str
    kind: str
    venue: str
    title: str
    url: str


class Mark(NamedTuple):
    """What stands at one place of the map: so many listings. ``one`` of them where all are at the
    very same point, which no zoom takes apart."""

    lon: float
    lat: float
    count: int
    one: Named | None


def marks(found: Answer, *views: View) -> list[list[Mark]]:
    """What the map shows of an answer in each of the views of one part of it."""
    finest = max(views, key=lambda view: view.zoom)
    window = Window(finest.west, finest.north, finest.east, finest.south)
    fine = found.cells(window, _shift(finest))
    shown = [_apart(_coarser(fine, _shift(view) - _shift(finest)), view) for view in views]
    named = _named({cell.first for cells in shown for cell in cells if cell.is_one_place})
    return [[_mark(cell, named) for cell in cells] for cells in shown]


def _shift(view: View) -> int:
    return 0 if view.zoom >= CLOSE else ZOOM - math.ceil(view.zoom) + CELL_BITS


def _mark(cell: Cell, named: dict[int, Named]) -> Mark:
    lon, lat = from_map(cell.mean_x + 0.5, cell.mean_y + 0.5)
    one = named.get(cell.first) if cell.is_one_place else None
    return Mark(round(lon, 6), round(lat, 6), cell.count, one)


def _coarser(cells: list[Cell], by: int) -> list[Cell]:
    """The cells of a grid that is coarser by so many bits, by row and column."""
    if not by:
        return cells
    parts = defaultdict(list)
    for cell in cells:
        parts[cell.cy >> by, cell.cx >> by].append(cell)
    return [_whole(cx, cy, parts[cy, cx]) for cy, cx in sorted(parts)]


def _whole(cx: int, cy: int, parts: list[Cell]) -> Cell:
    if len(parts) == 1:
        return parts[0]._replace(cx=cx, cy=cy)
    count = sum(part.count for part in parts)
    return Cell(
        cx,
        cy,
        count,
        sum(part.mean_x * part.count for part in parts) / count,
        sum(part.mean_y * part.count for part in parts) / count,
        # What is at one point is in one cell of any grid.
        is_one_place=False,
        first=min(part.first for part in parts),
    )


def packed(marks: list[Mark]) -> dict[str, list]:
    """The marks for the moving map.

    ``points``: ``[lon, lat, key, kind, title]`` of a listing alone at its place. ``clusters``:
    ``[lon, lat, count]``; those at one and the same place have two more: the key of one of them,
    and the name of the place.
    """
    shown: dict[str, list] = {"clusters": [], "points": []}
    for lon, lat, count, one in marks:
        if one is None:
            shown["clusters"].append([lon, lat, count])
        elif count > 1:
            shown["clusters"].append([lon, lat, count, one.key, one.venue])
        else:
            shown["points"].append([lon, lat, one.key, one.kind, one.title])
    return shown


def clusters(query: Query, view: View) -> dict[str, list]:
    """What the map shows of a search in a view, see ``packed``."""
    [shown] = marks(answer(query), view)
    return packed(shown)


def _apart(cells: list[Cell], view: View) -> list[Cell]:
    """The cells with those put together whose marks would touch, the fullest first."""
    if view.zoom >= CLOSE:
        return cells
    near = view.pixels(TOO_NEAR)
    # Mostly less than a cell's side: then only neighbours are looked at.
    reach = math.ceil(near / (1 << _shift(view)))
    kept: dict[tuple[int, int], Cell] = {}
    for cell in sorted(cells, key=lambda cell: (-cell.count, cell.cy, cell.cx)):
        place = _taken(kept, cell, near, reach)
        if place:
            # The mark stays where the most is: it must not wander into yet another one.
            taker = kept[place]
            count = taker.count + cell.count
            kept[place] = taker._replace(count=count, is_one_place=False)
        else:
            kept[cell.cx, cell.cy] = cell
    return sorted(kept.values(), key=lambda cell: (cell.cy, cell.cx))


def _taken(
    kept: dict[tuple[int, int], Cell], cell: Cell, near: float, reach: int
) -> tuple[int, int] | None:
    """Where beside a cell there is one whose mark would touch its own. Called for each cell of
    each answer, most of which have no neighbours."""
    cx, cy, _count, x, y, *_rest = cell
    for column in range(cx - reach, cx + reach + 1):
        for row in range(cy - reach, cy + reach + 1):
            one = kept.get((column, row))
            if one is not None and math.hypot(one.mean_x - x, one.mean_y - y) < near:
                return column, row
    return None


def _named(ids: set[int]) -> dict[int, Named]:
    """What the map says of single listings, in one query."""
    texts = defaultdict(list)
    if not ids:
        return {}
    # By their keys alone: asked for the state too, SQLite may read all that have it.
    rows = ListingText.objects.filter(listing__in=ids).values_list(
        "listing", "listing__key", "listing__kind", "listing__venue", "language", "title", "url",
        "pk", "listing__state",
        named=True,
    )  # fmt: skip
    for row in sorted(rows, key=lambda row: row.pk):
        if row.listing__state == State.PUBLISHED:
            texts[row.listing].append(row)
    return {listing: _said(of_one) for listing, of_one in texts.items()}


def _said(texts: list) -> Named:
    first, text = texts[0], best_text(texts)
    return Named(
        first.listing__key.hex, first.listing__kind, first.listing__venue, text.title, text.url
    )


def at_the_place_of(query: Query, listing: Listing) -> QuerySet[Listing]:
    """The query's listings that are at the very same point as this one, in order."""
    point = MapPoint.objects.filter(listing=listing).first()
    if point is None:
        return query.in_order().none()
    return query.in_order().filter(map_point__x=point.x, map_point__y=point.y)


def box_of_points(search: Answer) -> Box | None:
    """The box around a search's places, for a territory that has no boundary."""
    sides = search.box()
    if sides is None:
        return None
    left, top, right, bottom = sides
    west, north = from_map(left, top)
    east, south = from_map(right + 1, bottom + 1)
    return Box(west, south, east, north)
