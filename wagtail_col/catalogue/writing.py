"""Listings into their tables, many at once: the number of queries grows with batches only."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from datetime import timedelta
from uuid import UUID

import nh3
from django.db import models
from django.urls import reverse
from django.utils import timezone

from wagtail_col.catalogue import storing
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
from wagtail_col.records import State

#: Rows that one statement asks for.
BATCH = 500
_ACCESS = tuple(Access.values)
_SOME = UUID(int=0)
#: Paragraphs of text and nothing else are clean as they are, told in a tenth of the time: no other
#: tag, no attribute, no entity, no character that is written in another way.
_TEXT = r"[^<>&\x00-\x09\x0b-\x1f\x7f-\xa0\ud800-\uf8ff\ufdd0-\U0010ffff]*"
_PLAIN = re.compile(rf"(?:<p>{_TEXT}(?:<br>{_TEXT})*</p>\n*)*")
#: Hours at which the afternoon and the evening begin.
NOON, EVENING = 12, 18


def write_listings(many: Iterable[ListingFacts], locator: Locator | None = None) -> dict[UUID, int]:
    """Write checked facts inside the caller's transaction; the listings' primary keys by key.

    Of facts with one key the last are written. ``locator``: one that knows the territories of now.
    """
    by_key = {facts.key: facts for facts in many}
    # Counted first: from here on nobody else writes listings before this transaction is done.
    first = CatalogueRevision.next(len(by_key)) - len(by_key) + 1
    before = storing.ids(Listing, "key", by_key)
    dated = {key: _dates(facts) for key, facts in by_key.items()}
    _write_listings(by_key, before, dated, first, locator or Locator())
    ids = _ids_since(first, by_key)
    pairs = [(ids[key], facts) for key, facts in by_key.items()]
    there = list(before.values())
    if there:
        _clear(there)
    _write_interests(pairs)
    _write_skills(pairs)
    _write_texts(pairs, set(there))
    _write_dates((ids[key], dates) for key, dates in dated.items())
    _write_points(pairs)
    return ids


def _ids_since(first: int, keys: Iterable[UUID]) -> dict[UUID, int]:
    """Primary keys of what was just written, in this order, from the revision ``first`` on."""
    written = Listing.objects.published().filter(revision__gte=first).order_by("revision")
    return dict(zip(keys, written.values_list("pk", flat=True), strict=True))


def _clear(listings: list[int]) -> None:
    """Take away what is written anew of listings that were there before."""
    for model in (Listing.interests.through, Listing.skills.through, Occurrence, MapPoint):
        storing.delete(model, "listing", listings)


def cleaned(html: str) -> str:
    """HTML that is safe to show: no scripts, no styles, and no pictures from elsewhere.

    A picture on another server would tell that server who reads the page.
    """
    if _PLAIN.fullmatch(html):
        return html
    return nh3.clean(html, tags=nh3.ALLOWED_TAGS - {"img", "map", "area"})


def _own_uri() -> Callable[[UUID], str]:
    """Gives the identity of a listing of this site. Made once for many: it takes longer than a
    row does."""
    if not (base := base_url()):
        return lambda key: f"urn:uuid:{key}"
    path = reverse("col_catalogue:listing", args=[_SOME])
    start, end = f"{base}{path}".split(str(_SOME))
    return lambda key: f"{start}{key}{end}"


def _write_listings(
    by_key: dict[UUID, ListingFacts],
    before: dict[UUID, int],
    dated: dict[UUID, list[Date]],
    first: int,
    locator: Locator,
) -> None:
    providers = dict(Provider.objects.values_list("key", "pk"))
    uri = _own_uri()
    now = timezone.now()
    rows = [
        {
            "key": key,
            "state": State.PUBLISHED.value,
            "revision": first + number,
            "modified_at": now,
            **_values(facts, dated[key], locator, providers),
            "canonical_uri": facts.canonical_uri or uri(key),
        }
        for number, (key, facts) in enumerate(by_key.items())
    ]
    _store(Listing, rows, "key", before, ["key"])


def _store(
    model: type[models.Model], rows: list[dict], column: str, there: Container, unique: list[str]
) -> None:
    """Insert rows, or write over those that may be there: those whose ``column`` is in ``there``.
    For the others nobody has to look whether they are."""
    storing.insert(model, [row for row in rows if row[column] not in there])
    storing.upsert(model, [row for row in rows if row[column] in there], unique)


def _values(
    facts: ListingFacts, dates: list[Date], locator: Locator, providers: dict[UUID, int]
) -> dict:
    point = _point(facts)
    return {
        "source": facts.source,
        "source_id": facts.source_id,
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
        "accessibility": " ".join(code for code in _ACCESS if code in facts.accessibility),
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


def _write_interests(pairs: list[tuple[int, ListingFacts]]) -> None:
    known = dict(Interest.objects.values_list("slug", "pk"))
    storing.insert(
        Listing.interests.through,
        [
            {"listing_id": pk, "interest_id": known[slug]}
            for pk, facts in pairs
            for slug in dict.fromkeys(facts.interests)
            if slug in known
        ],
    )


def _write_skills(pairs: list[tuple[int, ListingFacts]]) -> None:
    known = _known_skills(skill for _pk, facts in pairs for skill in facts.skills)
    storing.insert(
        Listing.skills.through,
        [
            {"listing_id": pk, "skill_id": known[uri]}
            for pk, facts in pairs
            for uri in dict.fromkeys(skill.uri for skill in facts.skills)
        ],
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
    storing.upsert(
        SkillName,
        [
            {"skill_id": known[uri], "language": language, "name": name[:200]}
            for (uri, language), name in names.items()
        ],
        ["skill_id", "language"],
    )
    return known


def _write_texts(pairs: list[tuple[int, ListingFacts]], there: set[int]) -> None:
    """``there``: listings that were there before, and may have texts in other languages."""
    said = {pk: {text.language for text in facts.texts} for pk, facts in pairs if pk in there}
    for languages in set(map(frozenset, said.values())):
        without = [pk for pk, of_these in said.items() if of_these == languages]
        for start in range(0, len(without), BATCH):
            texts = ListingText.objects.filter(listing__in=without[start : start + BATCH])
            texts.exclude(language__in=languages).delete()
    rows = [
        {
            "listing_id": pk,
            "language": text.language,
            "title": text.title,
            "summary": text.summary,
            "description": cleaned(text.description),
            "url": text.url,
            "folded": _folded(text, facts),
        }
        for pk, facts in pairs
        for text in facts.texts
    ]
    _store(ListingText, rows, "listing_id", there, ["listing_id", "language"])
    learn(row["folded"] for row in rows)
    if elsewhere.is_chosen():
        ids = [pk for pk, _facts in pairs]
        for start in range(0, len(ids), BATCH):
            written = ListingText.objects.filter(listing__in=ids[start : start + BATCH])
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


def _write_dates(many: Iterable[tuple[int, list[Date]]]) -> None:
    storing.insert(
        Occurrence,
        [
            {
                "listing_id": pk,
                "starts_at": date.starts_at,
                "ends_at": date.ends_at,
                "all_day": date.all_day,
                "parts": int(parts_of(date)),
            }
            for pk, dates in many
            for date in dates
        ],
    )


def _write_points(pairs: list[tuple[int, ListingFacts]]) -> None:
    rows = []
    for pk, facts in pairs:
        if point := _point(facts):
            x, y = to_map(point)
            rows.append({"listing_id": pk, "x": x, "y": y})
    # Those that were there before are cleared away.
    storing.insert(MapPoint, rows)
