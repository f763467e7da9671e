"""Records are written here and nowhere else: facts in, record out, all of it or nothing.

Everything is idempotent: publishing the same facts twice leaves one record. Withdrawing keeps
the record as a tombstone. Each write counts the catalogue's revision up.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction

from wagtail_col.catalogue.facts import ListingFacts, ProviderFacts, TerritoryFacts
from wagtail_col.catalogue.locating import Locator
from wagtail_col.catalogue.models import (
    CatalogueRevision,
    Listing,
    MapPoint,
    Provider,
    Territory,
)
from wagtail_col.catalogue.writing import cleaned, write_listings
from wagtail_col.geo import bounds, centre, check_boundary
from wagtail_col.records import Record, State


@transaction.atomic
def publish_territory(facts: TerritoryFacts) -> Territory:
    """Write a territory. A changed boundary finds its listings anew."""
    facts.check()
    boundary = check_boundary(facts.boundary)
    parent = Territory.objects.filter(key=facts.parent).first() if facts.parent else None
    before = Territory.objects.filter(key=facts.key).first()
    path = f"{parent.path if parent else ''}{facts.key.hex}/"
    values = {
        "parent": parent,
        "path": path,
        "kind": facts.kind,
        "boundary": boundary,
        "colour": facts.colour,
        "position": facts.position,
        **_territory_place(boundary),
    }
    territory = _write(Territory, facts.key, values)
    _write_texts(
        territory.texts,
        {
            text.language: {"name": text.title, "introduction": text.summary, "url": text.url}
            for text in facts.texts
        },
    )
    if before and before.path != path:
        _move_below(before.path, path)
    if boundary != (before.boundary if before else None) or (before and before.path != path):
        _relocate(territory)
    return territory


def _territory_place(boundary: dict | None) -> dict:
    if boundary is None:
        names = ("west", "south", "east", "north", "centre_lon", "centre_lat")
        return dict.fromkeys(names)
    box, middle = bounds(boundary), centre(boundary)
    return {
        "west": box.west,
        "south": box.south,
        "east": box.east,
        "north": box.north,
        "centre_lon": middle.lon,
        "centre_lat": middle.lat,
    }


def _move_below(old: str, new: str) -> None:
    for territory in Territory.objects.filter(path__startswith=old).exclude(path=old):
        territory.path = new + territory.path.removeprefix(old)
        territory.save(update_fields=["path"])


def _relocate(territory: Territory) -> None:
    """Listings with a point that now lie in another territory than before."""
    touched = models.Q(territory=territory)
    if territory.box:
        box = territory.box
        touched |= models.Q(lon__range=(box.west, box.east), lat__range=(box.south, box.north))
    locator = Locator()
    moved = []
    revision = CatalogueRevision.next()
    for listing in Listing.objects.filter(touched, lon__isnull=False).only(
        "lon", "lat", "territory_id"
    ):
        found = locator.at(listing.point)
        if found and found != listing.territory_id:
            listing.territory_id = found
            listing.revision = revision
            moved.append(listing)
    Listing.objects.bulk_update(moved, ["territory_id", "revision"], batch_size=500)


def withdraw_territory(key: UUID) -> None:
    """Take a territory out; what lies below it stays, below its parent."""
    with transaction.atomic():
        territory = Territory.objects.filter(key=key).select_related("parent").first()
        if territory is None or not _withdraw(Territory, key):
            return
        for child in territory.children.all():
            child.parent = territory.parent
            old = child.path
            child.path = f"{territory.parent.path if territory.parent else ''}{child.key.hex}/"
            child.save(update_fields=["parent", "path"])
            _move_below(old, child.path)
        territory.listings.update(territory=territory.parent, revision=CatalogueRevision.next())


@transaction.atomic
def publish_provider(facts: ProviderFacts) -> Provider:
    """Write a provider."""
    facts.check()
    provider = _write(
        Provider,
        facts.key,
        {"website": facts.website, "email": facts.email, "logo": facts.logo},
    )
    provider.territories.set(Territory.objects.filter(key__in=facts.territories))
    _write_texts(
        provider.texts,
        {
            text.language: {
                "name": text.title,
                "description": cleaned(text.description),
                "url": text.url,
            }
            for text in facts.texts
        },
    )
    return provider


def withdraw_provider(key: UUID) -> None:
    """Take a provider out. Its listings stay; they no longer name it."""
    _withdraw(Provider, key)


def publish_listing(facts: ListingFacts) -> Listing:
    """Write a listing with its texts, dates, interests and map point."""
    return publish_listings([facts])[0]


@transaction.atomic
def publish_listings(many: Iterable[ListingFacts]) -> list[Listing]:
    """Write many listings in one transaction; the first that cannot be true stops them all."""
    many = list(many)
    for facts in many:
        facts.check()
    write_listings(many)
    keys = list({facts.key for facts in many})
    listings = Listing.objects.in_bulk(keys, field_name="key")
    return [listings[facts.key] for facts in many]


def withdraw_listing(key: UUID) -> None:
    """Take a listing out of everything the public sees; the tombstone keeps its texts."""
    with transaction.atomic():
        if _withdraw(Listing, key):
            MapPoint.objects.filter(listing__key=key).delete()


def withdraw_listings(keys: Iterable[UUID]) -> int:
    """Take many listings out in one transaction; how many were there to be taken out."""
    keys = list(keys)
    with transaction.atomic():
        # By their keys alone: asked for the state too, SQLite reads all that have it.
        found = Listing.objects.filter(key__in=keys).values_list("pk", "state")
        gone = [pk for pk, state in found if state == State.PUBLISHED]
        if gone:
            MapPoint.objects.filter(listing__in=gone).delete()
            Listing.objects.filter(pk__in=gone).update(
                state=State.WITHDRAWN, revision=CatalogueRevision.next()
            )
    return len(gone)


def _write(model: type[Record], key: UUID, values: dict) -> Record:
    defaults = {**values, "state": State.PUBLISHED, "revision": CatalogueRevision.next()}
    record, _created = model.objects.update_or_create(key=key, defaults=defaults)
    return record


def _withdraw(model: type[Record], key: UUID) -> bool:
    with transaction.atomic():
        return bool(
            model.objects.published()
            .filter(key=key)
            .update(state=State.WITHDRAWN, revision=CatalogueRevision.next())
        )


def _write_texts(texts: models.Manager, by_language: dict[str, dict]) -> None:
    texts.exclude(language__in=by_language).delete()
    for language, values in by_language.items():
        texts.update_or_create(language=language, defaults=values)
