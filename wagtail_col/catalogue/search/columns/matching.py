"""Which rows of the table fit a search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection
from django.db.models.expressions import RawSQL

from wagtail_col.catalogue.models import Interest, Provider, Skill, Territory
from wagtail_col.catalogue.search import texts
from wagtail_col.catalogue.search.cells import Window
from wagtail_col.catalogue.search.counts import languages_of
from wagtail_col.catalogue.search.terms import with_shorts

from .measuring import Distances, in_window
from .table import FREE, KINDS, LOCAL, NEVER, ONLINE, PLACED, UNKNOWN, Table, Tags

if TYPE_CHECKING:
    from wagtail_col.catalogue.search.query import Query

Mask = np.ndarray


class Matches:
    """A search over a table: each filter is looked at once, whatever it is combined with."""

    def __init__(self, table: Table, query: Query, now: datetime) -> None:
        self.table = table
        self.query = query
        self.now = micros(now)
        #: The words that are looked for instead of those that nothing has.
        self.read_as = ""
        self._filters: dict[str, Mask] = {}
        self._add_filters()

    @cached_property
    def mask(self) -> Mask:
        """True for every row that fits."""
        return self._without("")

    @cached_property
    def count(self) -> int:
        return int(np.count_nonzero(self.mask))

    def without(self, name: str) -> Mask:
        """What would fit if one filter (named as ``Query``'s field) were not set."""
        return self._without(name) if name in self._filters else self.mask

    def _without(self, name: str) -> Mask:
        fits = self.table.rows.ends >= self.now
        for filtered, mask in self._filters.items():
            if filtered != name:
                fits &= mask
        return fits

    def flagged(self, flag: int) -> Mask:
        return (self.table.rows.flags & flag) != 0

    def costing(self, most: int) -> Mask:
        """What is known to cost at most so much."""
        price = self.table.rows.price
        return (price != UNKNOWN) & (price <= most * 100)

    def saying(self, fits: Callable[[str, str], bool]) -> Mask:
        """Rows by what they say of languages and accessibility."""
        wanted = np.array([fits(*one) for one in self.table.said], bool)
        return wanted[self.table.rows.said] if len(wanted) else self._at(np.empty(0, np.int64))

    @cached_property
    def dates(self) -> Mask:
        """True for every date that is not over and touches the days and times asked for."""
        return self.dates_in(self.query.span(), self.query.parts)

    def dates_in(self, span: tuple[datetime | None, datetime | None], parts: int) -> Mask:
        """The same for other days and times; ``parts`` 0: at any time of day."""
        start, end = span
        since = max(micros(start), self.now) if start else self.now
        fits = self.table.dates.ends >= since
        if end:
            fits &= self.table.dates.starts < micros(end)
        if parts:
            fits &= (self.table.dates.parts & parts) != 0
        return fits

    def on(self, dates: Mask) -> Mask:
        """Rows that have one of these dates."""
        return self._at(self.table.date_row[dates])

    @cached_property
    def distances(self) -> Distances | None:
        """How far everything is from the place asked for; None without one."""
        return Distances(self.table.rows, self.query.point) if self.query.point else None

    def _add_filters(self) -> None:
        query, rows = self.query, self.table.rows
        # Named apart from ``district``: a count for each district leaves only that one out.
        if query.territory:
            self._filters["territory"] = self._inside(query.territory.path)
        if query.district_path:
            self._filters["district"] = self._inside(query.district_path)
        if query.provider:
            self._filters["provider"] = rows.provider == query.provider.pk
        if query.providers:
            chosen = Provider.objects.filter(with_shorts(query.providers))
            wanted = list(chosen.values_list("pk", flat=True))
            self._filters["providers"] = np.isin(rows.provider, wanted)
        if query.kind:
            wanted = [KINDS.index(kind) for kind in query.kind]
            self._filters["kind"] = np.isin(rows.kind, wanted)
        if query.interest:
            wanted = Interest.objects.filter(slug__in=query.interest)
            self._filters["interest"] = self._tagged(self.table.tags, self.table.tag_row, wanted)
        if query.skill:
            wanted = Skill.objects.filter(slug__in=query.skill)
            self._filters["skill"] = self._tagged(self.table.skills, self.table.skill_row, wanted)
        if query.place:
            self._filters["place"] = self.flagged(ONLINE if query.place == "online" else LOCAL)
        if query.free:
            self._filters["free"] = self.flagged(FREE)
        if query.max_price is not None:
            self._filters["max_price"] = self.costing(query.max_price)
        if query.age is not None:
            age = min(query.age, 254)
            self._filters["age"] = (rows.age_min <= age) & (rows.age_max >= age)
        if query.language:
            spoken = set(query.language)
            self._filters["language"] = self.saying(
                lambda said, _access: not spoken.isdisjoint(languages_of(said))
            )
        if query.access:
            needed = set(query.access)
            self._filters["access"] = self.saying(
                lambda _languages, said: needed <= set(said.split())
            )
        if query.q:
            self._filters["q"] = self._worded()
        if query.is_dated:
            self._filters["dates"] = self.on(self.dates)
        if self.distances:
            self._filters["within"] = self._at(self.distances.within(query.within))
        if query.box:
            self._filters["box"] = self._at(in_window(self.table.rows, Window.of_box(query.box)))

    def _inside(self, path: str) -> Mask:
        inside = Territory.objects.filter(path__startswith=path).values_list("pk", flat=True)
        return np.isin(self.table.rows.territory, list(inside))

    def _tagged(self, tags: Tags, rows: np.ndarray, wanted) -> Mask:
        tagged = np.isin(tags.tag, list(wanted.values_list("pk", flat=True)))
        return self._at(rows[tagged])

    def _worded(self) -> Mask:
        found = self._places(texts.matching(self.query.q))
        if not len(found) and self.query.meant != self.query.q:
            self.read_as = self.query.meant
            found = self._places(texts.matching(self.read_as))
        return self._at(found)

    def _places(self, asked: RawSQL) -> np.ndarray:
        """Places of the rows whose primary keys a subquery selects."""
        with connection.cursor() as cursor:
            cursor.execute(asked.sql, asked.params)
            found = np.fromiter((row[0] for row in cursor.fetchall()), np.int64)
        return self.table.places_of(found)

    def _at(self, places: np.ndarray) -> Mask:
        mask = np.zeros(len(self.table.rows), bool)
        mask[places] = True
        return mask

    # What is read of the rows that fit

    def page(self, start: int, stop: int) -> list[int]:
        """Primary keys in order (see ``Query.in_order``), from one place to another."""
        there = np.flatnonzero(self.mask)
        turns = self._turns[there]
        if self.query.order == "date":
            first = turns
        elif self.query.order == "distance":
            first = self.distances.metres[there]
        else:
            first = self._ranks[there]
        if stop < len(there):
            # Only as much is put in order as is asked for; who shares the last turn comes along.
            last = np.partition(first, stop - 1)[stop - 1]
            near = first <= last
            there, turns, first = there[near], turns[near], first[near]
        order = np.lexsort((turns, first))
        return self.table.rows.pk[there[order][start:stop]].tolist()

    @cached_property
    def _ranks(self) -> np.ndarray:
        """By row: 0 with the words whole in its title, 1 with their beginnings there, else 2."""
        ranks = np.full(len(self.table.rows), 2, np.int8)
        whole, begun = texts.in_title(self.read_as or self.query.q)
        ranks[self._places(begun)] = 1
        ranks[self._places(whole)] = 0
        return ranks

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

    def metres(self, keys: list[int]) -> dict[int, int]:
        """How far some of the rows are from the place asked for; those without one left out."""
        places = self.table.places_of(np.array(keys, np.int64)) if self.distances else ()
        return {
            int(self.table.rows.pk[place]): int(self.distances.metres[place])
            for place in places
            if self.distances.metres[place] != NEVER
        }

    @cached_property
    def unplaced(self) -> int:
        """How many are at a place that is no point on the map."""
        local, placed = self.flagged(LOCAL), self.flagged(PLACED)
        return int(np.count_nonzero(self.mask & local & ~placed))


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    seconds = int(moment.replace(microsecond=0).timestamp())
    return seconds * 1_000_000 + moment.microsecond
