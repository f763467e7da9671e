"""Items that are there already, from elsewhere: same provider, similar title, same time and place.

Compared are those that begin in the same moment (or are both there at any time) only, so that the
number of comparisons stays small.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from wagtail_col.catalogue.facts import ListingFacts
from wagtail_col.catalogue.importing.matching import Seen
from wagtail_col.catalogue.importing.whereabouts import (
    ALIKE,
    KM,
    MOST_TIMELESS,
    Whereabout,
    Whereabouts,
)
from wagtail_col.catalogue.models import Listing, ListingText
from wagtail_col.catalogue.words import fold
from wagtail_col.geo import Point, distance_km
from wagtail_col.records import State

#: Rows that one statement asks for.
BATCH = 500
#: For so many rows altogether it is not worth to read all that is published.
FEW = 500


class Shape(NamedTuple):
    """What is compared."""

    key: UUID
    start: datetime | None
    title: str
    provider: UUID | None
    point: Point | None
    venue: str
    source: str

    @property
    def trace(self) -> int:
        """The same for all of one source that could be the same."""
        return hash((self.start, self.title))


def shape_of(facts: ListingFacts) -> Shape:
    start = min((date.in_full().starts_at for date in facts.dates), default=None)
    title, venue = fold(facts.texts[0].title), fold(facts.venue)
    return Shape(facts.key, start, title, facts.provider, facts.point, venue, facts.source)


def is_same(one: Shape, other: Shape) -> bool:
    """Whether two that begin at the same time are the same thing.

    Titles of one source have to be the same to the letter: group A and group B are not one.
    """
    if one.key == other.key or (one.source == other.source and one.title != other.title):
        return False
    if one.provider and other.provider and one.provider != other.provider:
        return False
    return _is_same_place(one, other) and is_similar(one.title, other.title)


def _is_same_place(one: Shape, other: Shape) -> bool:
    if one.point and other.point:
        return distance_km(one.point, other.point) <= KM
    # Where a venue is not said it may be the same.
    return not one.venue or not other.venue or is_similar(one.venue, other.venue)


def is_similar(one: str, other: str) -> bool:
    if one == other:
        return True
    # What it can be at most, by the lengths and by the letters: most pairs end here.
    enough = ALIKE * (len(one) + len(other)) / 2
    if min(len(one), len(other)) < enough:
        return False
    if (_letters(one) & _letters(other)).total() < enough:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


@lru_cache(maxsize=2_000)
def _letters(text: str) -> Counter[str]:
    return Counter(text)


def last_listing() -> int:
    """The primary key of the listing that was written last; 0 where there is none."""
    return Listing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


class Catalogue:
    """What is published, up to the listing that was the last one when rows began to come."""

    def __init__(self, last: int) -> None:
        self._rows = Listing.objects.filter(pk__lte=last)
        self._there: Whereabouts | None = None
        self._asked = 0

    def _whereabouts(self, starts: set[datetime | None]) -> Whereabouts:
        """Of all that is published; for a few rows only of what begins when they do."""
        if self._there is None and self._asked <= FEW:
            at_once = Q(starts_at__in=starts - {None})
            if None in starts:
                at_once |= Q(starts_at=None)
            return Whereabouts(self._rows.filter(at_once))
        if self._there is None:
            self._there = Whereabouts(self._rows)
        return self._there

    def twins(self, shapes: Sequence[Shape]) -> list[UUID | None]:
        """For each shape the key of what is the same; None where nothing is."""
        self._asked += len(shapes)
        rows = [Whereabout(shape.start, shape.point, shape.title) for shape in shapes]
        there = self._whereabouts({shape.start for shape in shapes})
        near = defaultdict(list)
        for number, pk in there.near(rows):
            near[number].append(pk)
        wanted = sorted({pk for pks in near.values() for pk in pks})
        others = defaultdict(list)
        for start in range(0, len(wanted), BATCH):
            for pk, shape in _shapes(Q(listing__in=wanted[start : start + BATCH])):
                others[pk].append(shape)
        return [
            _first((other for pk in sorted(near.get(number, ())) for other in others[pk]), shape)
            for number, shape in enumerate(shapes)
        ]


class Siblings:
    """Rows of one source as they come, among which each stands once.

    Kept are numbers alone; where one comes again, the row it may be the same as is looked up among
    what was written after the listing ``after``.
    """

    def __init__(self, source: str, after: int) -> None:
        self.after = after
        self._written = Q(
            listing__source=source, listing__pk__gt=after, listing__state=State.PUBLISHED
        )
        self._traces = Seen()

    def twins(self, shapes: Sequence[Shape]) -> list[UUID | None]:
        """For each shape the key of an earlier one that is the same; None where none is."""
        traces = [shape.trace for shape in shapes]
        is_new = self._traces.add_all(traces)
        if all(is_new):
            return [None] * len(shapes)
        again = {trace for trace, is_first in zip(traces, is_new, strict=True) if not is_first}
        there = defaultdict(list)
        for shape in self._earlier({s.start for s in shapes if s.trace in again}):
            there[shape.trace].append(shape)
        found: list[UUID | None] = []
        for shape, trace in zip(shapes, traces, strict=True):
            twin = _first(there[trace], shape) if trace in again else None
            if twin is None:
                there[trace].append(shape)
            found.append(twin)
        return found

    def _earlier(self, starts: set[datetime | None]) -> Iterable[Shape]:
        moments = list(starts - {None})
        asked = [
            self._written & Q(listing__starts_at__in=moments[at : at + BATCH])
            for at in range(0, len(moments), BATCH)
        ]
        for which in asked:
            yield from (shape for _pk, shape in _shapes(which))
        if None in starts:
            timeless = _shapes(self._written & Q(listing__starts_at=None))
            yield from (shape for _pk, shape in islice(timeless, MOST_TIMELESS))


def _first(others: Iterable[Shape], shape: Shape) -> UUID | None:
    return next((other.key for other in others if is_same(shape, other)), None)


def _shapes(which: Q) -> Iterable[tuple[int, Shape]]:
    """Primary keys and shapes of published listings, one for each of their texts."""
    texts = ListingText.objects.filter(which)
    for pk, state, title, key, source, start, provider, lon, lat, venue in texts.values_list(
        "listing_id",
        "listing__state",
        "title",
        "listing__key",
        "listing__source",
        "listing__starts_at",
        "listing__provider__key",
        "listing__lon",
        "listing__lat",
        "listing__venue",
    ):
        # Asked here: the database would go through all that is published instead.
        if state == State.PUBLISHED:
            point = None if lon is None else Point(lon, lat)
            yield pk, Shape(key, start, fold(title), provider, point, fold(venue), source)
