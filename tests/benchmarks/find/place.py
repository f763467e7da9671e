"""The page of the territory that holds everything, and the interests it is filed under."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice

from tests.benchmarks.find import europe

#: Opportunities of one transaction.
PORTION = 2_000


def found() -> str:
    """Make the territory's page below the home page, and the interests. Returns its address."""
    from example_site.home.models import HomePage
    from wagtail_col.catalogue.models import Interest, InterestName
    from wagtail_col.pages.standard.models import TerritoryPage

    for slug in europe.INTERESTS:
        if not Interest.objects.filter(slug=slug).exists():
            made = Interest(slug=slug)
            made.names = [InterestName(language="en", name=slug.title())]
            made.save()
    west, south, east, north = europe.WEST, europe.SOUTH, europe.EAST, europe.NORTH
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    page = TerritoryPage(
        title="Europe",
        slug="bench-europe",
        kind="region",
        boundary=json.dumps({"type": "Polygon", "coordinates": [ring]}),
        translation_key=europe.TERRITORY,
    )
    HomePage.objects.filter(locale__language_code="en").first().add_child(instance=page)
    page.save_revision().publish()
    return page.url


def fill(n: int) -> None:
    """Write the first ``n`` opportunities, portion by portion."""
    from wagtail_col.catalogue.publishing import publish_listings

    for portion in portions(europe.facts(range(n))):
        publish_listings(portion)


def portions(facts: Iterable) -> Iterable[list]:
    facts = iter(facts)
    while portion := list(islice(facts, PORTION)):
        yield portion
