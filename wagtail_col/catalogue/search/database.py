"""The database's answer to a search: one set of listings, whoever asks."""

from __future__ import annotations

from datetime import datetime

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Concat, Lower
from django.utils import timezone

from wagtail_col.catalogue.models import (
    Interest,
    Listing,
    MapPoint,
    Occurrence,
    Provider,
    Skill,
    Territory,
)

from . import texts
from .cells import Window
from .distances import Around
from .terms import with_shorts
from .wanted import Wanted


def listings(query: Wanted) -> QuerySet[Listing]:
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
    if query.providers:
        chosen = Provider.objects.filter(with_shorts(query.providers))
        found = found.filter(provider__in=chosen)
    if query.kind:
        found = found.filter(kind__in=query.kind)
    if query.interest:
        through = Listing.interests.through
        wanted = Interest.objects.filter(slug__in=query.interest)
        found = found.filter(
            Exists(through.objects.filter(listing=OuterRef("pk"), interest__in=wanted))
        )
    if query.skill:
        through = Listing.skills.through
        wanted = Skill.objects.filter(slug__in=query.skill)
        found = found.filter(
            Exists(through.objects.filter(listing=OuterRef("pk"), skill__in=wanted))
        )
    if query.language:
        found = found.filter(_any_language(query.language))
    for code in query.access:
        found = found.filter(pk__in=_said("accessibility", f" {code} "))
    if query.place:
        found = found.filter(**{f"is_{query.place}": True})
    if query.free:
        found = found.filter(is_free=True)
    if query.max_price is not None:
        found = found.filter(Q(is_free=True) | Q(price__lte=query.max_price))
    if query.age is not None:
        found = found.filter(
            Q(age_min__isnull=True) | Q(age_min__lte=query.age),
            Q(age_max__isnull=True) | Q(age_max__gte=query.age),
        )
    if query.q:
        found = found.filter(pk__in=texts.matching(query.meant))
    if query.is_dated:
        found = found.filter(Exists(_dates(query, now)))
    if query.point:
        found = found.filter(map_point__in=_around(query))
    if query.box:
        window = Window.of_box(query.box)
        found = found.filter(map_point__in=_inside(window))
    return found


def _said(field: str, part: str) -> QuerySet[Listing]:
    """Listings whose codes with a space between have one of them."""
    text = Concat(Value(" "), Lower(field), Value(" "), output_field=TextField())
    return Listing.objects.annotate(said=text).filter(said__contains=part)


def _any_language(codes: tuple[str, ...]) -> Q:
    """Whether it is held in one of these languages, whatever the region."""
    found = Q()
    for code in codes:
        for end in (" ", "-"):
            found |= Q(pk__in=_said("delivery_languages", f" {code}{end}"))
    return found


def _inside(window: Window) -> QuerySet[MapPoint]:
    return MapPoint.objects.filter(
        x__gte=window.west, x__lt=window.east, y__gte=window.north, y__lt=window.south
    )


def _around(query: Wanted) -> QuerySet[MapPoint]:
    """Places within the kilometres asked for."""
    around = Around.point(query.point)
    near = _inside(around.window(query.within)).annotate(metres=around.metres())
    return near.filter(metres__lte=1000 * query.within)


def _dates(query: Wanted, now: datetime) -> QuerySet[Occurrence]:
    """A listing's dates that are not over and touch the days asked for."""
    start, end = query.span()
    dates = Occurrence.objects.filter(
        listing=OuterRef("pk"), ends_at__gte=max(start, now) if start else now
    )
    if query.parts:
        dates = dates.annotate(asked=F("parts").bitand(query.parts)).filter(asked__gt=0)
    return dates.filter(starts_at__lt=end) if end else dates


def in_order(query: Wanted) -> QuerySet[Listing]:
    """The query's listings by when one has to act, what is there at any time last.

    With words, those that have them in their title come before, whole words first; by distance,
    what is nearer comes before, what has no place last.

    A date that lies ahead counts by its beginning, one that is going on by its end: an
    exhibition of three months does not stand before what is on tonight, on every day of them.
    """
    now = timezone.now()
    start, _end = query.span()
    since = max(start, now) if start else now
    turn = Case(When(starts_at__gte=since, then=F("starts_at")), default=F("ends_at"))
    first = _dates(query, now).annotate(turn=turn).order_by("turn").values("turn")[:1]
    found = listings(query).annotate(turn=Subquery(first))
    turn = (F("turn").asc(nulls_last=True), "pk")
    if query.point:
        found = found.annotate(
            metres=Around.point(query.point).metres("map_point__x", "map_point__y")
        )
        if query.order == "distance":
            return found.order_by(F("metres").asc(nulls_last=True), *turn)
    if query.order == "relevance":
        whole, begun = texts.in_title(query.meant)
        rank = Case(
            When(pk__in=whole, then=0),
            When(pk__in=begun, then=1),
            default=2,
            output_field=IntegerField(),
        )
        return found.annotate(rank=rank).order_by("rank", *turn)
    return found.order_by(*turn)
