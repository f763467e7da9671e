"""What is not public is nowhere, and hostile words are text everywhere."""

import json
import re

import pytest

from tests import factories
from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import (
    publish_listing,
)

pytestmark = pytest.mark.django_db


# Nothing of what is private


PRIVATE = "Quite secret"


def everywhere(client, city, listing) -> str:
    urls = [
        city.url,
        f"{city.url}?q=secret",
        "/col/opportunities.json",
        "/col/opportunities.json?q=secret",
        "/col/map.json?bbox=-5,39,-3,41&zoom=9",
        "/sitemap-pages.xml",
        "/sitemap-opportunities.xml",
        f"/col/opportunities/{listing.key}/",
        f"/col/opportunities/{listing.key}/calendar.ics",
        f"/col/map/card/{listing.key}/",
    ]
    return "".join(client.get(url, follow=True).content.decode() for url in urls)


def restrict(page) -> None:
    page.view_restrictions.create(restriction_type="login")


def expire(page) -> None:
    page.expired = True
    page.save()
    page.unpublish(set_expired=True)


@pytest.mark.parametrize(
    "withdraw",
    [
        lambda page: page.unpublish(),
        lambda page: page.delete(),
        restrict,
        expire,
        lambda page: restrict(page.get_parent()),
    ],
    ids=["unpublished", "deleted", "restricted", "expired", "restricted above"],
)
def test_what_is_not_public_is_nowhere(client, city, withdraw):
    library = factories.provider_page(city)
    page = factories.opportunity_page(library, title=PRIVATE)
    factories.playlist_page(
        city, [{"listing": page}, {"link": "https://example.org/", "title": "X"}], title="Line"
    )
    listing = Listing.objects.get(key=page.translation_key)
    # The answers are in the cache, and still nothing of them is left.
    assert everywhere(client, city, listing).count(PRIVATE) >= 6
    withdraw(page)
    assert PRIVATE not in everywhere(client, city, listing)


def test_a_draft_is_nowhere(client, city):
    page = factories.opportunity_page(city, title=PRIVATE, live=False)
    page.save_revision()
    assert PRIVATE not in html(client, city.url)
    assert not Listing.objects.filter(key=page.translation_key).exists()


# Hostile words


def test_hostile_words_are_text_on_every_page(client, city):
    hostile = making.HOSTILE
    making.interest("music", en=hostile[:80])
    library = factories.provider_page(city, title=hostile)
    listing = making.listing(
        hostile,
        territory=inside(city),
        provider=making.Provider.objects.get(key=library.translation_key),
        interests=("music",),
        venue=hostile,
        address=hostile,
        attribution=hostile[:200],
        texts=(Text(language="en", title=hostile, summary=hostile, description=hostile),),
    )
    publish_listing(
        making.facts(
            hostile,
            territory=inside(city),
            dates=(making.on(-9),),
            venue=hostile,
            key=making.key("x"),
        )
    )
    own = f"/col/opportunities/{listing.key}/"
    for url in (city.url, f"{city.url}?q=alert", own, library.url):
        said = html(client, url)
        assert "<img src=x" not in said
        assert "<script>alert" not in said
        assert "&lt;img src=x onerror=alert(1)&gt;" in said or "alert" not in said
    said = html(client, own)
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', said, re.DOTALL)[1]
    assert "\u2028" not in script
    assert "<" not in script
    assert json.loads(script)["name"] == hostile
