"""Items that are there already, from elsewhere: same provider, similar title, same time and place.

Compared are those that begin in the same moment (or are both there at any time) only, so that the
number of comparisons stays small.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from wagtail_col.catalogue.facts import ListingFacts
from wagtail_col.catalogue.importing.matching import Seen
from wagtail_col.catalogue.importing.whereabouts import KM, Whereabouts
from wagtail_col.catalogue.models import Listing, ListingText
from wagtail_col.catalogue.words import fold
from wagtail_col.geo import Point, distance_km

#: Titles that are at least so alike are similar; 1 is the same.
ALIKE = 0.85
#: Rows that one statement asks for.
BATCH = 500


class Shape(NamedTuple):
    """What is compared."""

    key: UUID
    title: str
    provider: UUID | None
    point: Point | None
    venue: str
    source: str


class Crowd:
    """Shapes that could be the same as others, by when they begin."""

    def __init__(self) -> None:
        self._shapes: dict[datetime | None, list[Shape]] = defaultdict(list)

    def add(self, start: datetime | None, shape: Shape) -> None:
        self._shapes[start].append(shape)

    def twin(self, start: datetime | None, shape: Shape) -> Shape | None:
        return next((other for other in self._shapes.get(start, ()) if is_same(shape, other)), None)


def is_same(one: Shape, other: Shape) -> bool:
    """Whether two that begin at the same time are the same thing.

    Titles of one source have to be the same to the letter: group A and group B are not one.
    """
    if one.key == other.key or (one.source == other.source and one.title != other.title):
        return False
    if one.provider and other.provider and one.provider != other.provider:
        return False
    return _is_same_place(one, other) and _is_similar(one.title, other.title)


def _is_same_place(one: Shape, other: Shape) -> bool:
    if one.point and other.point:
        return distance_km(one.point, other.point) <= KM
    # Where a venue is not said it may be the same.
    return not one.venue or not other.venue or _is_similar(one.venue, other.venue)


def _is_similar(one: str, other: str) -> bool:
    if one == other:
        return True
    # What it can be at most, by the lengths and by the letters: most pairs end here.
    enough = ALIKE * (len(one) + len(other)) / 2
    if min(len(one), len(other)) < enough:
        return False
    if (_letters(one) & _letters(other)).total() < enough:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


@lru_cache(maxsize=20_000)
def _letters(text: str) -> Counter[str]:
    return Counter(text)


def shape_of(facts: ListingFacts) -> tuple[datetime | None, Shape]:
    dates = sorted(date.in_full().starts_at for date in facts.dates)
    title, venue = fold(facts.texts[0].title), fold(facts.venue)
    shape = Shape(facts.key, title, facts.provider, facts.point, venue, facts.source)
    return (dates[0] if dates else None), shape


class Crowds:
    """What is published, as far as it begins when rows of one source do.

    That is what was there when this was made; and of the source itself what has come since with
    one of their very titles: nothing else of it can be the same.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._last = Listing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._there = Whereabouts(Listing.objects.filter(pk__lte=self._last))
        self._traces = Seen()

    def around(self, rows: Iterable[tuple[datetime | None, Shape]]) -> Crowd:
        """A crowd to which these rows themselves are still to be added."""
        places: dict[datetime | None, list[Point | None]] = defaultdict(list)
        again: set[datetime | None] = set()
        rows = list(rows)
        new = self._traces.add_all([hash((start, shape.title)) for start, shape in rows])
        for (start, shape), is_new in zip(rows, new, strict=True):
            places[start].append(shape.point)
            if not is_new:
                again.add(start)
        found = self._there.near(places)
        if again:
            since = Listing.objects.filter(source=self._source, pk__gt=self._last)
            found += Whereabouts(since).near({start: places[start] for start in again})
        return _crowd(found)


def _crowd(pks: list[int]) -> Crowd:
    crowd = Crowd()
    for some in range(0, len(pks), BATCH):
        texts = ListingText.objects.filter(listing__in=pks[some : some + BATCH]).values_list(
            "title",
            "listing__key",
            "listing__source",
            "listing__starts_at",
            "listing__provider__key",
            "listing__lon",
            "listing__lat",
            "listing__venue",
        )
        for title, key, source, start, provider, lon, lat, venue in texts:
            point = None if lon is None else Point(lon, lat)
            crowd.add(start, Shape(key, fold(title), provider, point, fold(venue), source))
    return crowd
