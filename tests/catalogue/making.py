"""Records for tests of the catalogue, published from facts as an import would."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid5

from django.utils import timezone

from wagtail_col.catalogue.facts import Date, ListingFacts, ProviderFacts, TerritoryFacts, Text
from wagtail_col.catalogue.models import Interest, InterestName, Listing, Provider, Territory
from wagtail_col.catalogue.publishing import publish_listing, publish_provider, publish_territory
from wagtail_col.geo import Point

NAMESPACE = UUID("6f0f6c1a-31f4-4a53-9e53-8f2f4a1c0d11")
_numbers = count(1)

#: What hostile texts try.
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\u2028'\"&"


def key(name: str) -> UUID:
    """The same name has the same key in every run."""
    return uuid5(NAMESPACE, name)


def square(west: float, south: float, side: float = 1.0) -> dict:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def territory(name: str = "City", parent: Territory | None = None, **facts) -> Territory:
    values = {
        "key": key(name),
        "texts": (Text(language="en", title=name, url=f"/en/{name.lower()}/"),),
        "kind": "district" if parent else "city",
        "parent": parent.key if parent else None,
        "boundary": square(-4, 40),
    }
    return publish_territory(TerritoryFacts(**(values | facts)))


def provider(name: str = "Library", **facts) -> Provider:
    values = {
        "key": key(name),
        "texts": (Text(language="en", title=name, url=f"/en/{name.lower()}/"),),
    }
    return publish_provider(ProviderFacts(**(values | facts)))


def interest(slug: str, **names: str) -> Interest:
    made = Interest(slug=slug)
    made.names = [
        InterestName(language=language, name=name)
        for language, name in (names or {"en": slug.title()}).items()
    ]
    made.save()
    return made


def on(
    days: float = 3, hours: float = 2, *, all_day: bool = False, now: datetime | None = None
) -> Date:
    """A date that starts in some days (less than none: it has begun) and lasts some hours."""
    start = (now or timezone.now()).replace(microsecond=0) + timedelta(days=days)
    return Date(starts_at=start, ends_at=start + timedelta(hours=hours), all_day=all_day)


def facts(title: str = "Workshop", **values) -> ListingFacts:
    given = {
        "key": key(f"{title} {next(_numbers)}"),
        "texts": (Text(language="en", title=title),),
        "kind": "workshop",
        "point": Point(-3.5, 40.5),
        "dates": (on(),),
    }
    given |= values
    if isinstance(given.get("territory"), Territory):
        given["territory"] = given["territory"].key
    if isinstance(given.get("provider"), Provider):
        given["provider"] = given["provider"].key
    return ListingFacts(**given)


def listing(title: str = "Workshop", **values) -> Listing:
    return publish_listing(facts(title, **values))


def online(title: str = "Lesson", **values) -> Listing:
    """What is online only, at any time."""
    given = {"is_online": True, "is_local": False, "point": None, "dates": (), "kind": "digital"}
    return listing(title, **(given | values))
