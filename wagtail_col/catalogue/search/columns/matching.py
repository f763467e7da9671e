"""Which rows of the table fit a search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property

import numpy as np
from django.db.models.expressions import RawSQL

from wagtail_col.catalogue.models import Interest, Provider, Skill
from wagtail_col.catalogue.search import texts
from wagtail_col.catalogue.search.cells import Window
from wagtail_col.catalogue.search.counts import DISTANCES, languages_of
from wagtail_col.catalogue.search.terms import with_shorts
from wagtail_col.catalogue.search.wanted import Wanted

from .measuring import inside, metres
from .table import FREE, KINDS, LOCAL, ONLINE, PLACED, UNKNOWN, Hung, Table

Mask = np.ndarray

#: Above this share of all rows it is quicker to look at all of them than to pick them out.
MOST_PICKED = 0.4


class Matches:
    """A search over a table: each filter is looked at once, whatever it is combined with.

    First come the filters that nothing is counted without: what does not pass them is never
    looked at again. All that is left are the candidates; each mask says something of each of
    them, in the order of the table. ``window``: a part of the map that is asked for besides.
    """

    def __init__(
        self, table: Table, query: Wanted, now: datetime, window: Window | None = None
    ) -> None:
        self.table = table
        self.query = query
        self.now = micros(now)
        #: The words that are looked for instead of those that nothing has.
        self.read_as = ""
        self._columns: dict[str, np.ndarray] = {}
        #: Of all candidates, those that are any: others are there where most rows are some.
        self._there: Mask | None = None
        #: Places of the candidates in the table's rows; None for all rows.
        self._places = self._candidates(window)
        self._filters = dict(self._filtered())

    # The candidates

    def _candidates(self, window: Window | None) -> np.ndarray | None:
        query, rows = self.query, self.table.rows
        parts = [part for part in (window, Window.of_box(query.box) if query.box else None) if part]
        picked = None
        if query.q:
            picked = self._worded()
        elif parts:
            picked = self.table.within(parts[0], MOST_PICKED * len(rows))
        chosen = slice(None) if picked is None else picked
        fits = rows.ends[chosen] >= self.now
        if query.territory:
            fits &= self._in_territory(rows.territory[chosen], query.territory.path)
        if query.provider:
            fits &= rows.provider[chosen] == query.provider.pk
        if query.age is not None:
            age = min(query.age, 254)
            fits &= (rows.age_min[chosen] <= age) & (rows.age_max[chosen] >= age)
        for part in parts:
            fits &= (rows.flags[chosen] & PLACED) != 0
            fits &= inside(rows.x[chosen], rows.y[chosen], part)
        if picked is not None:
            return picked[fits]
        if np.count_nonzero(fits) > MOST_PICKED * len(fits):
            self._there = fits
            return None
        return np.flatnonzero(fits)

    def _worded(self) -> np.ndarray:
        found = self.texts_of(texts.matching(self.query.q, texts.TEXTS))
        if not len(found) and self.query.meant != self.query.q:
            self.read_as = self.query.meant
            found = self.texts_of(texts.matching(self.read_as, texts.TEXTS))
        return found

    def texts_of(self, asked: RawSQL) -> np.ndarray:
        """Places of the rows whose texts a subquery selects, ascending; not to be written to."""

        def find() -> np.ndarray:
            return self.table.places_of_texts(texts.keys(asked))

        # An index elsewhere is written later than the table, so it is asked each time.
        if texts.elsewhere.is_chosen():
            return find()
        return self.table.hits.get((asked.sql, *asked.params), find)

    def _in_territory(self, territories: np.ndarray, path: str) -> Mask:
        paths = self.table.paths
        return among(territories, [pk for pk, other in paths.items() if other.startswith(path)])

    # What is known of each candidate

    def __len__(self) -> int:
        return len(self.table.rows) if self._places is None else len(self._places)

    def column(self, name: str) -> np.ndarray:
        """One of the columns of ``Rows``."""
        column = self._columns.get(name)
        if column is None:
            column = getattr(self.table.rows, name)
            if self._places is not None:
                column = column[self._places]
            self._columns[name] = column
        return column

    def places(self, candidates: np.ndarray) -> np.ndarray:
        """Where in the table's rows some candidates are."""
        return candidates if self._places is None else self._places[candidates]

    def hung(self, hung: Hung) -> tuple[np.ndarray, np.ndarray | slice]:
        """Dates or tags of the candidates: whose each is, and where in their own columns."""
        if self._places is None:
            return hung.row, slice(None)
        return hung.of(self._places)

    @cached_property
    def on_dates(self) -> tuple[np.ndarray, np.ndarray | slice]:
        return self.hung(self.table.on_dates)

    @cached_property
    def on_tags(self) -> tuple[np.ndarray, np.ndarray | slice]:
        return self.hung(self.table.on_tags)

    @cached_property
    def on_skills(self) -> tuple[np.ndarray, np.ndarray | slice]:
        return self.hung(self.table.on_skills)

    @cached_property
    def date_starts(self) -> np.ndarray:
        return self.table.dates.starts[self.on_dates[1]]

    @cached_property
    def date_ends(self) -> np.ndarray:
        return self.table.dates.ends[self.on_dates[1]]

    @cached_property
    def date_parts(self) -> np.ndarray:
        return self.table.dates.parts[self.on_dates[1]]

    @cached_property
    def metres(self) -> np.ndarray:
        """How far each is from the place asked for, as far as anybody asks."""
        furthest = max(self.query.within, *DISTANCES)
        x, y, placed = self.column("x"), self.column("y"), self.flagged(PLACED)
        return metres(x, y, placed, self.query.point, furthest)

    def flagged(self, flag: int) -> Mask:
        return (self.column("flags") & flag) != 0

    def costing(self, most: int) -> Mask:
        """What is known to cost at most so much."""
        price = self.column("price")
        return (price != UNKNOWN) & (price <= most * 100)

    def saying(self, fits: Callable[[str, str], bool]) -> Mask:
        """Candidates by what they say of languages and accessibility."""
        wanted = np.array([fits(*one) for one in self.table.words.said] or [False], bool)
        return wanted[self.column("said")]

    @cached_property
    def dates(self) -> Mask:
        """True for every date that is not over and touches the days and times asked for."""
        return self.dates_in(self.query.span(), self.query.parts)

    def dates_in(self, span: tuple[datetime | None, datetime | None], parts: int) -> Mask:
        """The same for other days and times; ``parts`` 0: at any time of day."""
        start, end = span
        fits = self.date_ends >= (max(micros(start), self.now) if start else self.now)
        if end:
            fits &= self.date_starts < micros(end)
        if parts:
            fits &= (self.date_parts & parts) != 0
        return fits

    def on(self, dates: Mask) -> Mask:
        """Candidates that have one of these dates."""
        return self._owners(self.on_dates[0][dates])

    def _owners(self, owners: np.ndarray) -> Mask:
        mask = np.zeros(len(self), bool)
        mask[owners] = True
        return mask

    # The filters, each counted without itself

    def _filtered(self) -> Iterable[tuple[str, Mask]]:
        query = self.query
        if query.district_path:
            yield "district", self._in_territory(self.column("territory"), query.district_path)
        if query.providers:
            chosen = Provider.objects.filter(with_shorts(query.providers))
            yield "providers", among(self.column("provider"), chosen.values_list("pk", flat=True))
        if query.kind:
            yield "kind", among(self.column("kind"), map(KINDS.index, query.kind))
        if query.interest:
            owners, there = self.on_tags
            wanted = Interest.objects.filter(slug__in=query.interest).values_list("pk", flat=True)
            yield "interest", self._owners(owners[among(self.table.tags.tag[there], wanted)])
        if query.skill:
            owners, there = self.on_skills
            wanted = Skill.objects.filter(slug__in=query.skill).values_list("pk", flat=True)
            yield "skill", self._owners(owners[among(self.table.skills.tag[there], wanted)])
        if query.place:
            yield "place", self.flagged(ONLINE if query.place == "online" else LOCAL)
        if query.free:
            yield "free", self.flagged(FREE)
        if query.max_price is not None:
            yield "max_price", self.costing(query.max_price)
        if query.language:
            spoken = set(query.language)
            yield (
                "language",
                self.saying(lambda said, _access: not spoken.isdisjoint(languages_of(said))),
            )
        if query.access:
            needed = set(query.access)
            yield "access", self.saying(lambda _languages, said: needed <= set(said.split()))
        if query.is_dated:
            yield "dates", self.on(self.dates)
        if query.point:
            yield "within", self.metres <= 1000 * query.within

    @cached_property
    def mask(self) -> Mask:
        """True for every candidate that fits."""
        return self._without("")

    @cached_property
    def found(self) -> np.ndarray:
        """Which candidates fit."""
        return np.flatnonzero(self.mask)

    @cached_property
    def count(self) -> int:
        return int(np.count_nonzero(self.mask))

    def without(self, name: str) -> Mask:
        """What would fit if one filter (named as ``Query``'s field) were not set."""
        return self._without(name) if name in self._filters else self.mask

    def _without(self, name: str) -> Mask:
        fits = np.ones(len(self), bool) if self._there is None else self._there.copy()
        for filtered, mask in self._filters.items():
            if filtered != name:
                fits &= mask
        return fits

    @cached_property
    def unplaced(self) -> int:
        """How many are at a place that is no point on the map."""
        flags = self.column("flags")[self.found]
        return int(np.count_nonzero((flags & (LOCAL | PLACED)) == LOCAL))


def among(values: np.ndarray, wanted: Iterable[int]) -> Mask:
    """Which values are among the wanted ones. All are small: primary keys of short lists."""
    wanted = list(wanted)
    if len(wanted) == 1:
        return values == wanted[0]
    is_wanted = np.zeros(int(max([*wanted, values.max(initial=0)])) + 1, bool)
    is_wanted[wanted] = True
    return is_wanted[values]


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    seconds = int(moment.replace(microsecond=0).timestamp())
    return seconds * 1_000_000 + moment.microsecond
