"""Listings as a reader sees them: one card each, with a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Prefetch, Window, prefetch_related_objects
from django.db.models.functions import RowNumber
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.models import Kind, Listing, ListingText, Occurrence, Territory
from wagtail_col.catalogue.signals import lines_wanted
from wagtail_col.conf import base_url
from wagtail_col.lines import LineColour
from wagtail_col.records import best_text

#: The colour of each kind on cards and on the map.
KIND_COLOURS = {
    Kind.EVENT: LineColour.MAGENTA,
    Kind.WORKSHOP: LineColour.CORAL,
    Kind.COURSE: LineColour.BLUE,
    Kind.PROJECT: LineColour.VIOLET,
    Kind.VOLUNTEERING: LineColour.RED,
    Kind.INTERNSHIP: LineColour.SLATE,
    Kind.OPEN_SPACE: LineColour.LEAF,
    Kind.DIGITAL: LineColour.LAGOON,
}


#: The next date and how many there are, of what can be done at any time.
NO_DATE = (None, 0)


@dataclass(frozen=True)
class Sign:
    """A line that runs through a listing."""

    name: str
    title: str
    colour: str
    url: str


@dataclass(frozen=True)
class Card:
    """What a list shows of a listing. ``language``: of the texts; empty words: not known."""

    key: UUID
    url: str
    title: str
    summary: str
    language: str
    kind: str
    kind_label: str
    colour: str
    icon: str
    #: The next date and how many more there are; ``starts_at`` is None for any time.
    when: str
    more_dates: str
    starts_at: datetime | None
    all_day: bool
    is_going_on: bool
    where: str
    is_online: bool
    price: str
    provider: str
    provider_language: str
    provider_url: str
    image: str
    #: How far it is from the place that was asked for; empty without one.
    distance: str = ""
    signs: list[Sign] = field(default_factory=list)

    @cached_property
    def drawn(self) -> SafeString:
        """The card as an item of a list; once, however many lists it is in."""
        return render_to_string("wagtail_col/catalogue/parts/card.html", {"card": self})


def cards(
    listings: Iterable[Listing],
    language: str | None = None,
    since: datetime | None = None,
    territories: Iterable[Territory] = (),
) -> list[Card]:
    """A card for each listing, in their order. Texts in ``language`` or the nearest there is.

    ``since``: the moment from which dates are looked for; never before now. ``territories``: some
    that are known already, with their texts.
    """
    listings = list(listings)
    now = timezone.now()
    known = {territory.pk: territory for territory in territories}
    for listing in listings:
        if listing.territory_id in known:
            listing.territory = known[listing.territory_id]
    with_related(listings)
    coming = _coming(listings, max(now, since) if since else now)
    signs = signs_of(listings)
    return [
        _card(listing, language, now, coming.get(listing.pk, NO_DATE), signs[listing.pk])
        for listing in listings
    ]


def with_related(listings: list[Listing]) -> None:
    """Fetch what cards and facts read of each listing; boundaries stay where they are."""
    prefetch_related_objects(
        listings,
        Prefetch("texts", ListingText.objects.defer("folded")),
        "provider__texts",
        Prefetch("territory", Territory.objects.defer("boundary")),
        "territory__texts",
    )


def url_of(listing: Listing, text: ListingText | None = None) -> str:
    """The page of a listing: the editor's own, else the record's."""
    text = text or listing.text
    return text.url if text and text.url else reverse("col_catalogue:listing", args=[listing.key])


def own_image(url: str) -> str:
    """The address of a picture on this site; "" for one elsewhere, which would tell who looks."""
    own = url.startswith("/") and not url.startswith(("//", "/\\"))
    base, media = base_url(), settings.MEDIA_URL
    if own or (base and url.startswith(f"{base}/")) or (media and url.startswith(media)):
        return url
    return ""


def signs_of(listings: list[Listing]) -> dict[int, list[Sign]]:
    """The lines through each listing, asked of the higher floors once for all."""
    found: dict[int, list[Sign]] = defaultdict(list)
    ids = [listing.pk for listing in listings]
    for _receiver, answer in lines_wanted.send(sender=Listing, listing_ids=ids):
        for listing_id, lines in (answer or {}).items():
            found[listing_id] += [
                Sign(line["name"], line["title"], line["colour"], line["url"]) for line in lines
            ]
    return found


def where_in_words(listing: Listing, language: str | None = None) -> str:
    """``Conde Duque, Centro``: the venue (else the address) and the territory, shortly."""
    if not listing.is_local:
        return ""
    place = listing.venue or listing.address
    territory = best_text(listing.territory.texts.all(), language) if listing.territory else None
    if territory and territory.name not in place:
        return f"{place}, {territory.name}" if place else territory.name
    return place


def _coming(listings: list[Listing], since: datetime) -> dict[int, tuple[Occurrence, int]]:
    """The next date of each listing that has one that is not over then, and how many there are."""
    ids = [listing.pk for listing in listings]
    ahead = Occurrence.objects.filter(listing__in=ids, ends_at__gte=since).annotate(
        turn=Window(RowNumber(), partition_by="listing", order_by=["starts_at", "pk"]),
        many=Window(Count("pk"), partition_by="listing"),
    )
    return {date.listing_id: (date, date.many) for date in ahead.filter(turn=1).order_by()}


def _card(
    listing: Listing,
    language: str | None,
    now: datetime,
    coming: tuple[Occurrence | None, int],
    signs: list[Sign],
) -> Card:
    text = best_text(listing.texts.all(), language)
    date, count = coming
    provider = listing.provider if listing.provider and listing.provider.is_published else None
    name = best_text(provider.texts.all(), language) if provider else None
    if date:
        when = saying.date_in_words(date.starts_at, date.ends_at, all_day=date.all_day, now=now)
    else:
        when = saying.any_time_in_words(listing.minutes)
    return Card(
        key=listing.key,
        url=url_of(listing, text),
        title=text.title if text else str(listing.key),
        summary=text.summary if text else "",
        language=text.language if text else "",
        kind=listing.kind,
        kind_label=str(Kind(listing.kind).label),
        colour=KIND_COLOURS[listing.kind],
        icon=listing.kind,
        when=when,
        more_dates=saying.more_dates_in_words(count - 1),
        starts_at=date.starts_at if date else None,
        all_day=date.all_day if date else False,
        is_going_on=bool(date and date.starts_at <= now),
        where=where_in_words(listing, language),
        is_online=listing.is_online,
        price=saying.price_in_words(listing.is_free, listing.price, listing.currency),
        provider=name.name if name else "",
        provider_language=name.language if name else "",
        provider_url=name.url if name else "",
        image=own_image(listing.image),
        distance=saying.distance_in_words(getattr(listing, "distance_km", None)),
        signs=signs,
    )
