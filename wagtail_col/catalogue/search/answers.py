"""The answer to a search: from the arrays in memory, or from the database where those cannot be.

Both say the very same; which one answers is nobody's business but this file's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Protocol

from django.db.models import Avg, Count, F, Max, Min, QuerySet
from django.utils import timezone

from wagtail_col.catalogue.models import Listing, MapPoint, Territory

from . import facets as database_facets
from .cells import Cell, Window
from .columns import counting, current, mapping, ordering
from .columns.matching import Matches
from .columns.table import Table
from .counts import Facets
from .query import Query
from .relaxing import Relaxation, relaxations

#: The primary key of a listing, and how many km it is from the place asked for, if that is known.
Key = tuple[int, float | None]


class Answer(Protocol):
    """What can be asked of a search, each part computed when it is asked for."""

    count: int
    #: How many are at a place that is no point on the map.
    unplaced: int
    #: The words that are looked for, where nothing has those that were typed; else "".
    read_as: str
    #: Of the state of the catalogue; "" where it may still be undone.
    stamp: str

    def page(self, start: int, stop: int) -> list[Listing]:
        """Listings in order, from one place to another. ``distance_km`` of each says how far it is
        from the place asked for, None where that is not known."""

    def keys(self, start: int, stop: int) -> list[Key]:
        """The same, for who knows most of them already."""

    def facets(self, territories: list[Territory]) -> Facets: ...

    def relaxations(self) -> list[Relaxation]:
        """Of a search that finds nothing, the nearest that find something."""

    def attributions(self) -> list[str]:
        """Whom to name for everything that is found."""

    def cells(self, window: Window, shift: int) -> list[Cell]:
        """What is in a part of the map, by squares of ``2 ** shift`` map coordinates."""

    def box(self) -> tuple[int, int, int, int] | None:
        """West, north, east, south of everything that has a point."""


def answer(query: Query, now: datetime | None = None) -> Answer:
    """The answer to a search at this moment."""
    table = current.table()
    if table is None:
        return FromDatabase(query)
    now = now or timezone.now()
    return FromColumns(table, query, now)


class FromColumns:
    """From the arrays of this process."""

    def __init__(self, table: Table, query: Query, now: datetime) -> None:
        self._table = table
        self._query = query
        self._now = now

    @cached_property
    def _matches(self) -> Matches:
        return Matches(self._table, self._query, self._now)

    @property
    def stamp(self) -> str:
        return self._table.stamp

    @property
    def count(self) -> int:
        return self._matches.count

    @property
    def unplaced(self) -> int:
        return self._matches.unplaced

    @property
    def read_as(self) -> str:
        return self._matches.read_as

    def page(self, start: int, stop: int) -> list[Listing]:
        return list(published(self.keys(start, stop)).values())

    def keys(self, start: int, stop: int) -> list[Key]:
        keys, metres = ordering.page(self._matches, start, stop)
        return [(key, _km(metres.get(key))) for key in keys]

    def facets(self, territories: list[Territory]) -> Facets:
        return counting.facets(self._matches, territories)

    def relaxations(self) -> list[Relaxation]:
        table, now = self._table, self._now
        return relaxations(self._query, lambda query: Matches(table, query, now).count)

    def attributions(self) -> list[str]:
        return counting.attributions(self._matches)

    def cells(self, window: Window, shift: int) -> list[Cell]:
        return mapping.cells(self._in(window), window, shift)

    def box(self) -> tuple[int, int, int, int] | None:
        return mapping.box(self._matches)

    def _in(self, window: Window) -> Matches:
        """What is known already, else of this part of the map alone: most of it is elsewhere."""
        known = self.__dict__.get("_matches")
        return known or Matches(self._table, self._query, self._now, window)


class FromDatabase:
    """From the database, each part with a query of its own."""

    stamp = ""

    def __init__(self, query: Query) -> None:
        self._query = query

    @property
    def count(self) -> int:
        return self._query.listings().count()

    @property
    def unplaced(self) -> int:
        return self._query.listings().filter(is_local=True, map_point=None).count()

    @property
    def read_as(self) -> str:
        return self._query.meant if self._query.meant != self._query.q else ""

    def page(self, start: int, stop: int) -> list[Listing]:
        found = self._query.in_order()[start:stop]
        return [_far(listing, _km(getattr(listing, "metres", None))) for listing in found]

    def keys(self, start: int, stop: int) -> list[Key]:
        return [(one.pk, one.distance_km) for one in self.page(start, stop)]

    def facets(self, territories: list[Territory]) -> Facets:
        return database_facets.facets(self._query, territories)

    def relaxations(self) -> list[Relaxation]:
        return relaxations(self._query, lambda query: query.listings().count())

    def attributions(self) -> list[str]:
        found = self._query.listings().exclude(attribution="")
        return sorted(found.values_list("attribution", flat=True).distinct().order_by())

    def cells(self, window: Window, shift: int) -> list[Cell]:
        found = (
            self._within(window)
            .annotate(cx=F("x").bitrightshift(shift), cy=F("y").bitrightshift(shift))
            .values("cx", "cy")
            .annotate(
                count=Count("pk"),
                mean_x=Avg("x"),
                mean_y=Avg("y"),
                spread=Max("x") - Min("x") + Max("y") - Min("y"),
                first=Min("listing"),
            )
            .order_by("cy", "cx")
        )
        return [Cell(is_one_place=not cell.pop("spread"), **cell) for cell in found]

    def box(self) -> tuple[int, int, int, int] | None:
        found = self._points().aggregate(Min("x"), Min("y"), Max("x"), Max("y"))
        sides = tuple(found[side] for side in ("x__min", "y__min", "x__max", "y__max"))
        return None if sides[0] is None else sides

    def _points(self) -> QuerySet[MapPoint]:
        return MapPoint.objects.filter(listing__in=self._query.listings())

    def _within(self, window: Window) -> QuerySet[MapPoint]:
        return self._points().filter(
            x__gte=window.west, x__lt=window.east, y__gte=window.north, y__lt=window.south
        )


def published(keys: Iterable[Key]) -> dict[Key, Listing]:
    """The listings, in the same order, but for those that were withdrawn in this very moment."""
    keys = list(keys)
    # By their primary keys alone: asked for the state too, SQLite may read all that have it.
    listings = Listing.objects.in_bulk([pk for pk, _km in keys])
    there = ((key, listings.get(key[0])) for key in keys)
    return {key: _far(one, key[1]) for key, one in there if one and one.is_published}


def _km(metres: float | None) -> float | None:
    return None if metres is None else int(metres) / 1000


def _far(listing: Listing, km: float | None) -> Listing:
    listing.distance_km = km
    return listing
