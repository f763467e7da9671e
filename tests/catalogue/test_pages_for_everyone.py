"""Pages are the same for everyone, seen at once when they change, and cheap."""

import json

import pytest
from django.db import connection
from django.template import engines
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import (
    publish_listing,
    publish_listings,
)
from wagtail_col.catalogue.search.terms import short
from wagtail_col.geo import Point
from wagtail_col.records import State

pytestmark = pytest.mark.django_db


# The same for everyone, and cheap


def test_nothing_of_a_reader_is_kept():
    template = engines["django"].from_string(
        "{% load col_catalogue %}{% for_everyone shared %}"
        "{{ user }}{{ request.path }}{{ name }}{% end_for_everyone %}"
    )
    shared = {"key": ("a test",), "name": "Ana"}
    said = template.render({"shared": shared, "user": "somebody", "secret": "x"})
    assert said == "Ana"
    assert template.render({"shared": {**shared, "name": "Other"}}) == "Ana"


def test_a_change_is_seen_at_once(client, city):
    listing = making.listing("Before", territory=inside(city))
    assert "Before" in html(client, city.url)
    publish_listing(making.facts("After", key=listing.key, territory=inside(city)))
    said = html(client, city.url)
    assert "After" in said
    assert "Before" not in said
    assert Listing.objects.get().state == State.PUBLISHED


def counted(client, url: str) -> tuple[int, int]:
    """Queries of a page on a cold cache and on a warm one."""
    with CaptureQueriesContext(connection) as cold:
        html(client, url)
    with CaptureQueriesContext(connection) as warm:
        html(client, url)
    return len(cold), len(warm)


@override_settings(
    WAGTAIL_COL={
        "PAGE_SIZE": 60,
        "BASE_URL": "http://testserver",
        "BASE_TEMPLATE": "testapp/base.html",
        "KEYS": ["only-for-the-tests-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    }
)
def test_pages_take_the_same_queries_for_five_and_fifty(client, city):
    making.interest("music")
    district = factories.territory_page(
        city, title="Centro", kind="district", boundary=json.dumps(making.square(-4.2, 39.9, 0.4))
    )
    library = factories.provider_page(city)
    provider = making.Provider.objects.get(key=library.translation_key)
    pages = [factories.opportunity_page(library, title=f"Page {n}", dates=2) for n in range(5)]
    factories.playlist_page(city, [{"listing": page} for page in pages], title="Line")
    # So that the map always has something to name.
    making.listing("Alone", territory=inside(city), point=Point(-3.1, 40.9), is_free=True)
    urls = {
        "find": city.url,
        "filtered": f"{city.url}?interest=music&district={short(inside(district))}&free=1",
        "opportunity": pages[0].url,
        "provider": library.url,
    }
    for url in urls.values():
        # What Django and Wagtail keep for the site is the same from here on.
        html(client, url)
    counts = {}
    for more in (1, 45):
        publish_listings(
            [
                making.facts(
                    f"More {n}",
                    territory=inside(city),
                    provider=provider,
                    point=Point(-4 + n / 100, 40),
                    interests=("music",),
                    dates=tuple(making.on(day) for day in range(1, 5)),
                    attribution=f"Source {n}",
                )
                for n in range(more)
            ]
        )
        for name, url in urls.items():
            counts.setdefault(name, []).append(counted(client, url))
    # Cold: a transaction asks the database itself for the count beside each choice, where a site
    # asks its arrays; what searches have in common, the first one has read. On a warm cache all but
    # one are Wagtail's own; a filter reads its interests or districts.
    assert counts == {
        "find": [(64, 7)] * 2,
        "filtered": [(41, 9)] * 2,
        "opportunity": [(26, 9)] * 2,
        "provider": [(35, 9)] * 2,
    }


def test_a_page_speaks_its_own_language(client, city):
    """Whatever the browser asks for: the address of a page says its language."""
    making.listing(
        territory=inside(city),
        texts=(Text(language="en", title="Bees"), Text(language="sl", title="Čebele")),
    )
    said = client.get(city.url, headers={"accept-language": "sl"}).content.decode()
    assert "Bees" in said
    assert "Čebele" not in said
