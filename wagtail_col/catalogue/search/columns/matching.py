"""Which rows of the table fit a search."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection

from wagtail_col.catalogue.models import Interest, Territory
from wagtail_col.catalogue.search import texts
from wagtail_col.geo import Point, to_map

from .table import FREE, KINDS, LOCAL, NEVER, ONLINE, PLACED, Table

if TYPE_CHECKING:
    from wagtail_col.catalogue.search.query import Query

Mask = np.ndarray


class Matches:
    """A search over a table: each filter is looked at once, whatever it is combined with."""

    def __init__(self, table: Table, query: Query, now: datetime) -> None:
        self.table = table
        self.query = query
        self.now = micros(now)
        self._filters: dict[str, Mask] = {}
        self._add_filters()

    @cached_property
    def mask(self) -> Mask:
        """True for every row that fits."""
        return self.without("")

    @cached_property
    def count(self) -> int:
        return int(np.count_nonzero(self.mask))

    def without(self, name: str) -> Mask:
        """What would fit if one filter (named as ``Query``'s field) were not set."""
        fits = self.table.rows.ends >= self.now
        for filtered, mask in self._filters.items():
            if filtered != name:
                fits = fits & mask
        return fits

    def flagged(self, flag: int) -> Mask:
        return (self.table.rows.flags & flag) != 0

    @cached_property
    def dates(self) -> Mask:
        """True for every date that is not over and touches the days asked for."""
        start, end = self.query.span()
        since = max(micros(start), self.now) if start else self.now
        fits = self.table.dates.ends >= since
        if end:
            fits &= self.table.dates.starts < micros(end)
        return fits

    def _add_filters(self) -> None:
        query, rows = self.query, self.table.rows
        # Named apart from ``district``: a count for each district leaves only that one out.
        if query.territory:
            self._filters["territory"] = self._inside(query.territory.path)
        if query.district_path:
            self._filters["district"] = self._inside(query.district_path)
        if query.provider:
            self._filters["provider"] = rows.provider == query.provider.pk
        if query.kind:
            wanted = [KINDS.index(kind) for kind in query.kind]
            self._filters["kind"] = np.isin(rows.kind, wanted)
        if query.interest:
            self._filters["interest"] = self._tagged(query.interest)
        if query.place:
            self._filters["place"] = self.flagged(ONLINE if query.place == "online" else LOCAL)
        if query.free:
            self._filters["free"] = self.flagged(FREE)
        if query.age is not None:
            age = min(query.age, 254)
            self._filters["age"] = (rows.age_min <= age) & (rows.age_max >= age)
        if query.box:
            west, north = to_map(Point(query.box.west, query.box.north))
            east, south = to_map(Point(query.box.east, query.box.south))
            self._filters["box"] = (
                self.flagged(PLACED)
                & (rows.x >= west)
                & (rows.x < east)
                & (rows.y >= north)
                & (rows.y < south)
            )
        if query.q:
            self._filters["q"] = self._worded(query.q)
        if any(query.span()):
            self._filters["dates"] = self._at(self.table.date_row[self.dates])

    def _inside(self, path: str) -> Mask:
        inside = Territory.objects.filter(path__startswith=path).values_list("pk", flat=True)
        return np.isin(self.table.rows.territory, list(inside))

    def _tagged(self, slugs: tuple[str, ...]) -> Mask:
        wanted = Interest.objects.filter(slug__in=slugs).values_list("pk", flat=True)
        tagged = np.isin(self.table.tags.interest, list(wanted))
        return self._at(self.table.tag_row[tagged])

    def _worded(self, typed: str) -> Mask:
        asked = texts.matching(typed)
        with connection.cursor() as cursor:
            cursor.execute(asked.sql, asked.params)
            found = np.fromiter((row[0] for row in cursor.fetchall()), np.int64)
        return self._at(self.table.places_of(found))

    def _at(self, places: np.ndarray) -> Mask:
        mask = np.zeros(len(self.table.rows), bool)
        mask[places] = True
        return mask

    # What is read of the rows that fit

    def page(self, start: int, stop: int) -> list[int]:
        """Primary keys in order (see ``Query.in_order``), from one place to another."""
        turns = self._turns[self.mask]
        keys = self.table.rows.pk[self.mask]
        if stop < len(turns):
            # Only as much is put in order as is asked for; who shares the last turn comes along.
            last = np.partition(turns, stop - 1)[stop - 1]
            near = turns <= last
            turns, keys = turns[near], keys[near]
        order = np.argsort(turns, kind="stable")
        return keys[order][start:stop].tolist()

    @cached_property
    def _turns(self) -> np.ndarray:
        """By row, the moment by which one has to act; ``NEVER`` for what is there at any time."""
        start, _end = self.query.span()
        since = max(micros(start), self.now) if start else self.now
        dates = self.table.dates
        chosen = self.dates
        starts, ends = dates.starts[chosen], dates.ends[chosen]
        turns = np.full(len(self.table.rows), NEVER, np.int64)
        np.minimum.at(turns, self.table.date_row[chosen], np.where(starts >= since, starts, ends))
        return turns

    @cached_property
    def unplaced(self) -> int:
        """How many are at a place that is no point on the map."""
        local, placed = self.flagged(LOCAL), self.flagged(PLACED)
        return int(np.count_nonzero(self.mask & local & ~placed))


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    seconds = int(moment.replace(microsecond=0).timestamp())
    return seconds * 1_000_000 + moment.microsecond
