"""The database's answer to a search: one set of listings, whoever asks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from wagtail_col.catalogue.models import Interest, Listing, Occurrence, Territory
from wagtail_col.geo import Point, to_map

from . import texts

if TYPE_CHECKING:
    from .query import Query


def listings(query: Query) -> QuerySet[Listing]:
    """The published listings that are not over and fit the query; each once, in no order.

    Filters over many rows are subqueries, never joins, so that nothing is there twice and the
    set can be counted, grouped and joined with the map as it is.
    """
    now = timezone.now()
    found = Listing.objects.published().filter(Q(ends_at__isnull=True) | Q(ends_at__gte=now))
    area = query.district_path or (query.territory.path if query.territory else "")
    if area:
        found = found.filter(territory__in=Territory.objects.filter(path__startswith=area))
    if query.provider:
        found = found.filter(provider=query.provider)
    if query.kind:
        found = found.filter(kind__in=query.kind)
    if query.interest:
        through = Listing.interests.through
        wanted = Interest.objects.filter(slug__in=query.interest)
        found = found.filter(
            Exists(through.objects.filter(listing=OuterRef("pk"), interest__in=wanted))
        )
    if query.place:
        found = found.filter(**{f"is_{query.place}": True})
    if query.free:
        found = found.filter(is_free=True)
    if query.age is not None:
        found = found.filter(
            Q(age_min__isnull=True) | Q(age_min__lte=query.age),
            Q(age_max__isnull=True) | Q(age_max__gte=query.age),
        )
    if query.box:
        west, north = to_map(Point(query.box.west, query.box.north))
        east, south = to_map(Point(query.box.east, query.box.south))
        found = found.filter(
            map_point__x__gte=west,
            map_point__x__lt=east,
            map_point__y__gte=north,
            map_point__y__lt=south,
        )
    if query.q:
        found = found.filter(pk__in=texts.matching(query.q))
    if any(query.span()):
        found = found.filter(Exists(_dates(query, now)))
    return found


def _dates(query: Query, now: datetime) -> QuerySet[Occurrence]:
    """A listing's dates that are not over and touch the days asked for."""
    start, end = query.span()
    dates = Occurrence.objects.filter(
        listing=OuterRef("pk"), ends_at__gte=max(start, now) if start else now
    )
    return dates.filter(starts_at__lt=end) if end else dates


def in_order(query: Query) -> QuerySet[Listing]:
    """The query's listings by when one has to act, what is there at any time last.

    A date that lies ahead counts by its beginning, one that is going on by its end: an
    exhibition of three months does not stand before what is on tonight, on every day of them.
    """
    now = timezone.now()
    start, _end = query.span()
    since = max(start, now) if start else now
    turn = Case(When(starts_at__gte=since, then=F("starts_at")), default=F("ends_at"))
    first = _dates(query, now).annotate(turn=turn).order_by("turn").values("turn")[:1]
    return (
        listings(query)
        .annotate(turn=Subquery(first))
        .order_by(F("turn").asc(nulls_last=True), "pk")
    )
