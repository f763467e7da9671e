"""Items that are there already, from elsewhere: same provider, similar title, same time and place.

Compared are those that begin in the same moment (or are both there at any time) only, so that the
number of comparisons stays small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher
from typing import NamedTuple
from uuid import UUID

from wagtail_col.catalogue.facts import ListingFacts
from wagtail_col.catalogue.models import Listing, ListingText
from wagtail_col.catalogue.words import fold
from wagtail_col.geo import Point, distance_km

#: Titles that are at least so alike are similar; 1 is the same.
ALIKE = 0.85
#: Places that are nearer are one.
KM = 0.25
#: Of those that are there at any time so many are compared with.
MOST_TIMELESS = 2_000


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
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def shape_of(facts: ListingFacts) -> tuple[datetime | None, Shape]:
    dates = sorted(date.in_full().starts_at for date in facts.dates)
    title, venue = fold(facts.texts[0].title), fold(facts.venue)
    shape = Shape(facts.key, title, facts.provider, facts.point, venue, facts.source)
    return (dates[0] if dates else None), shape


def published(starts: Iterable[datetime | None]) -> Crowd:
    """What is published that begins at one of these times."""
    starts = set(starts)
    crowd = Crowd()
    rows = Listing.objects.published()
    timed = rows.filter(starts_at__in=[start for start in starts if start])
    timeless = rows.filter(starts_at=None)[:MOST_TIMELESS] if None in starts else rows.none()
    found = [*_said(timed), *_said(timeless)]
    titles = defaultdict(list)
    pks = [row["pk"] for row in found]
    for start in range(0, len(pks), 500):
        texts = ListingText.objects.filter(listing__in=pks[start : start + 500])
        for pk, title in texts.values_list("listing", "title"):
            titles[pk].append(fold(title))
    for row in found:
        point = None if row["lon"] is None else Point(row["lon"], row["lat"])
        for title in titles[row["pk"]]:
            venue, provider = fold(row["venue"]), row["provider__key"]
            shape = Shape(row["key"], title, provider, point, venue, row["source"])
            crowd.add(row["starts_at"], shape)
    return crowd


def _said(rows) -> list[dict]:
    return list(
        rows.values("pk", "key", "source", "starts_at", "provider__key", "lon", "lat", "venue")
    )
