"""Listings into their tables, many at once: the number of queries grows with batches only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import nh3
from django.db import models
from django.urls import reverse
from django.utils import timezone

from wagtail_col.catalogue.facts import Date, ListingFacts, SkillFacts, Text
from wagtail_col.catalogue.locating import Locator
from wagtail_col.catalogue.models import (
    Access,
    CatalogueRevision,
    Interest,
    Listing,
    ListingText,
    MapPoint,
    Occurrence,
    Part,
    Provider,
    Skill,
    SkillName,
)
from wagtail_col.catalogue.models.listings import EVERY_PART
from wagtail_col.catalogue.search.texts import elsewhere
from wagtail_col.catalogue.vocabulary import learn
from wagtail_col.catalogue.words import in_title, searchable
from wagtail_col.conf import base_url
from wagtail_col.geo import Point, to_map

#: Rows of one statement; larger ones take memory and save no more time.
BATCH = 500
#: Hours at which the afternoon and the evening begin.
NOON, EVENING = 12, 18


def write_listings(many: Iterable[ListingFacts]) -> list[Listing]:
    """Write checked facts inside the caller's transaction; the listings in the same order.

    Of facts with one key the last are written.
    """
    many = list(many)
    by_key = {facts.key: facts for facts in many}
    _write_listings(by_key)
    listings = Listing.objects.in_bulk(list(by_key), field_name="key")
    pairs = [(listings[key], facts) for key, facts in by_key.items()]
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        _write_interests(batch)
        _write_skills(batch)
        _write_texts(batch)
        _write_dates(batch)
        _write_points(batch)
    return [listings[facts.key] for facts in many]


def cleaned(html: str) -> str:
    """HTML that is safe to show: no scripts, no styles, and no pictures from elsewhere.

    A picture on another server would tell that server who reads the page.
    """
    return nh3.clean(html, tags=nh3.ALLOWED_TAGS - {"img", "map", "area"})


def own_uri(key: UUID) -> str:
    """The identity of a listing of this site."""
    base = base_url()
    return f"{base}{reverse('col_catalogue:listing', args=[key])}" if base else f"urn:uuid:{key}"


def _write_listings(by_key: dict[UUID, ListingFacts]) -> None:
    locator = Locator()
    providers = dict(Provider.objects.values_list("key", "pk"))
    now = timezone.now()
    first = CatalogueRevision.next(len(by_key)) - len(by_key) + 1
    rows = [
        Listing(
            **_values(facts, locator, providers),
            key=key,
            revision=first + number,
            modified_at=now,
        )
        for number, (key, facts) in enumerate(by_key.items())
    ]
    _upsert(Listing, rows, ["key"])


def _values(facts: ListingFacts, locator: Locator, providers: dict[UUID, int]) -> dict:
    dates, point = _dates(facts), _point(facts)
    return {
        "source": facts.source,
        "source_id": facts.source_id,
        "canonical_uri": facts.canonical_uri or own_uri(facts.key),
        "source_url": facts.source_url,
        "attribution": facts.attribution,
        "kind": facts.kind,
        "provider_id": providers.get(facts.provider),
        "territory_id": locator.find(point, facts.territory),
        "is_online": facts.is_online,
        "is_local": facts.is_local,
        "lon": point.lon if point else None,
        "lat": point.lat if point else None,
        "venue": facts.venue,
        "address": facts.address,
        "is_free": facts.is_free,
        "price": facts.price,
        "currency": facts.currency,
        "age_min": facts.age_min,
        "age_max": facts.age_max,
        "delivery_languages": " ".join(facts.delivery_languages),
        "accessibility": " ".join(code for code in Access.values if code in facts.accessibility),
        "minutes": facts.minutes,
        "course": facts.course,
        "image": facts.image,
        "starts_at": dates[0].starts_at if dates else None,
        "ends_at": max(date.ends_at for date in dates) if dates else None,
    }


def _point(facts: ListingFacts) -> Point | None:
    return facts.point if facts.is_local else None


def _dates(facts: ListingFacts) -> list[Date]:
    return sorted((date.in_full() for date in facts.dates), key=lambda date: date.starts_at)


def parts_of(date: Date) -> int:
    """Bits of ``Part``: when in a day a date begins, in the site's time zone."""
    if date.all_day or date.ends_at - date.starts_at >= timedelta(days=1):
        return EVERY_PART
    hour = timezone.localtime(date.starts_at).hour
    return Part.MORNING if hour < NOON else Part.AFTERNOON if hour < EVENING else Part.EVENING


def _write_interests(batch: list[tuple[Listing, ListingFacts]]) -> None:
    known = dict(Interest.objects.values_list("slug", "pk"))
    through = Listing.interests.through
    through.objects.filter(listing__in=_ids(batch)).delete()
    through.objects.bulk_create(
        through(listing_id=listing.pk, interest_id=known[slug])
        for listing, facts in batch
        for slug in dict.fromkeys(facts.interests)
        if slug in known
    )


def _write_skills(batch: list[tuple[Listing, ListingFacts]]) -> None:
    through = Listing.skills.through
    through.objects.filter(listing__in=_ids(batch)).delete()
    known = _known_skills(skill for _listing, facts in batch for skill in facts.skills)
    through.objects.bulk_create(
        through(listing_id=listing.pk, skill_id=known[uri])
        for listing, facts in batch
        for uri in dict.fromkeys(skill.uri for skill in facts.skills)
    )


def _known_skills(many: Iterable[SkillFacts]) -> dict[str, int]:
    """Primary keys by address; those that are new here are written, and new names of others."""
    said: dict[str, SkillFacts] = {}
    names: dict[tuple[str, str], str] = {}
    for skill in many:
        said.setdefault(skill.uri, skill)
        names |= {(skill.uri, language): name for language, name in skill.names.items() if name}
    if not said:
        return {}
    Skill.objects.bulk_create(
        [
            Skill(uri=uri, slug=Skill.slug_of(uri), framework=skill.framework)
            for uri, skill in said.items()
        ],
        ignore_conflicts=True,
    )
    known = dict(Skill.objects.filter(uri__in=said).values_list("uri", "pk"))
    rows = [
        SkillName(skill_id=known[uri], language=language, name=name[:200])
        for (uri, language), name in names.items()
    ]
    _upsert(SkillName, rows, ["skill", "language"])
    return known


def _write_texts(batch: list[tuple[Listing, ListingFacts]]) -> None:
    ids = _ids(batch)
    languages = {text.language for _listing, facts in batch for text in facts.texts}
    for language in languages:
        # Who has no text in this language any more.
        without = [
            listing.pk
            for listing, facts in batch
            if language not in {text.language for text in facts.texts}
        ]
        ListingText.objects.filter(listing__in=without, language=language).delete()
    ListingText.objects.filter(listing__in=ids).exclude(language__in=languages).delete()
    rows = [
        ListingText(
            listing_id=listing.pk,
            language=text.language,
            title=text.title,
            summary=text.summary,
            description=cleaned(text.description),
            url=text.url,
            folded=_folded(text, facts),
        )
        for listing, facts in batch
        for text in facts.texts
    ]
    _upsert(ListingText, rows, ["listing", "language"])
    learn(row.folded for row in rows)
    if elsewhere.is_chosen():
        written = ListingText.objects.filter(listing__in=ids)
        elsewhere.keep(written.values_list("pk", flat=True))


def _folded(text: Text, facts: ListingFacts) -> str:
    return folded_text(text.language, text.title, text.summary, facts.venue, facts.address)


def folded_text(language: str, title: str, summary: str, venue: str, address: str) -> str:
    """What is found of a listing's text: also the words of the place; and those of its title."""
    found = searchable(f"{title} {summary} {venue} {address}", language)
    return found + in_title(title, language)


def refold() -> int:
    """Write anew by which words each text is found; how many were not right.

    Batch by batch, each in a transaction of its own, so that the site goes on meanwhile.
    """
    changed = 0
    last = 0
    while batch := list(
        ListingText.objects.filter(pk__gt=last).select_related("listing").order_by("pk")[:BATCH]
    ):
        last = batch[-1].pk
        wrong = []
        for row in batch:
            listing = row.listing
            folded = folded_text(
                row.language, row.title, row.summary, listing.venue, listing.address
            )
            if folded != row.folded:
                row.folded = folded
                wrong.append(row)
        ListingText.objects.bulk_update(wrong, ["folded"])
        changed += len(wrong)
    return changed


def _write_dates(batch: list[tuple[Listing, ListingFacts]]) -> None:
    Occurrence.objects.filter(listing__in=_ids(batch)).delete()
    Occurrence.objects.bulk_create(
        [
            Occurrence(
                listing_id=listing.pk,
                starts_at=date.starts_at,
                ends_at=date.ends_at,
                all_day=date.all_day,
                parts=parts_of(date),
            )
            for listing, facts in batch
            for date in _dates(facts)
        ],
        batch_size=BATCH,
    )


def _write_points(batch: list[tuple[Listing, ListingFacts]]) -> None:
    rows = []
    for listing, facts in batch:
        point = _point(facts)
        if point:
            x, y = to_map(point)
            rows.append(MapPoint(listing_id=listing.pk, x=x, y=y))
    placed = {row.listing_id for row in rows}
    MapPoint.objects.filter(listing__in=set(_ids(batch)) - placed).delete()
    _upsert(MapPoint, rows, ["listing"])


def _ids(batch: list[tuple[Listing, ListingFacts]]) -> list[int]:
    return [listing.pk for listing, _facts in batch]


def _upsert(model: type[models.Model], rows: list[models.Model], unique: list[str]) -> None:
    """Insert rows, or write over those that are there, told apart by their unique fields."""
    kept = {*unique, "id"}
    changing = [field.name for field in model._meta.concrete_fields if field.name not in kept]
    model.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=unique,
        update_fields=changing,
    )
