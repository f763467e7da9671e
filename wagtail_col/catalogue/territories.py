"""Where one is in the tree of territories: the way down to a territory, and what lies below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from wagtail_col.catalogue.models import Provider, Territory
from wagtail_col.catalogue.words import fold
from wagtail_col.records import best_text


@dataclass(frozen=True)
class Place:
    """A territory to go to; ``url`` is empty where it has no page."""

    territory: Territory
    name: str
    language: str
    url: str


def place_of(territory: Territory) -> Place:
    """A territory with its name in the reader's language. Its texts should be there already."""
    text = best_text(territory.texts.all())
    if text is None:
        return Place(territory, str(territory.key), "", "")
    return Place(territory, text.name, text.language, text.url)


def trail(territory: Territory | None, *, itself: bool = False) -> list[Place]:
    """The published territories above one, the highest first; ``itself``: and the one."""
    if territory is None:
        return []
    keys = [UUID(hex=part) for part in territory.path.split("/") if part]
    if not itself:
        keys = keys[:-1]
    above = _light().filter(key__in=keys)
    return [place_of(one) for one in sorted(above, key=lambda one: len(one.path))]


def below(territory: Territory) -> list[Place]:
    """The published territories right below one, in their order, then by name."""
    return _sorted(_light().filter(parent=territory))


def beside(territory: Territory) -> list[Place]:
    """The published territories with the same parent, itself among them."""
    if territory.parent_id is None:
        return [place_of(territory)]
    return _sorted(_light().filter(parent=territory.parent_id))


def published_territory(key: UUID) -> Territory | None:
    """A published territory with its texts, without its boundary."""
    return _light().filter(key=key).first()


def published_provider(key: UUID) -> Provider | None:
    """A published provider with its texts."""
    return Provider.objects.published().filter(key=key).prefetch_related("texts").first()


def _light():
    # Boundaries are large and nobody needs them for a name.
    return Territory.objects.published().defer("boundary").prefetch_related("texts")


def _sorted(territories: Iterable[Territory]) -> list[Place]:
    places = [place_of(territory) for territory in territories]
    return sorted(places, key=lambda place: (place.territory.position, fold(place.name)))
