"""Opportunities without a page of their own are in the sitemap; nothing private is."""

import re

import pytest
from django.contrib.sitemaps import Sitemap
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.catalogue import making
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.catalogue.sitemap import ListingSitemap
from wagtail_col.pages.sitemap import sitemap_urls

pytestmark = pytest.mark.django_db


def addresses(client, path) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    # Pages name the host of their site.
    return re.findall(
        r"<loc>http://(?:testserver|localhost)(/[^<]*)</loc>", answer.content.decode()
    )


def everything(client) -> list[str]:
    return [one for part in addresses(client, "/sitemap.xml") for one in addresses(client, part)]


@override_settings(ROOT_URLCONF="tests.catalogue.urls")
def test_pages_and_opportunities_each_once(client):
    city = factories.territory_page()
    page = factories.opportunity_page(city, title="With a page")
    private = factories.opportunity_page(city, title="Private")
    private.view_restrictions.create(restriction_type="login")
    imported = making.listing("Imported")
    elsewhere = making.listing("Other", texts=(Text(language="en", title="O", url="/en/other/"),))
    over = making.listing("Over", dates=(making.on(-4),))
    withdrawn = making.listing("Withdrawn")
    withdraw_listing(withdrawn.key)
    found = everything(client)
    assert len(found) == len(set(found))
    assert f"/col/opportunities/{imported.key}/" in found
    assert len([one for one in found if one.endswith("/with-a-page/")]) == 1
    said = "".join(found)
    assert "private" not in said
    for listing in (elsewhere, over, withdrawn, Listing.objects.get(key=page.translation_key)):
        assert str(listing.key) not in said
    assert str(private.translation_key) not in said


@override_settings(ROOT_URLCONF="tests.catalogue.urls")
def test_more_than_one_file_may_hold_are_in_several_and_none_is_left_out(client, monkeypatch):
    monkeypatch.setattr(ListingSitemap, "limit", 4)
    made = [making.listing(f"Number {number}") for number in range(10)]
    index = addresses(client, "/sitemap.xml")
    assert index == [
        "/sitemap-pages.xml",
        "/sitemap-opportunities.xml",
        "/sitemap-opportunities.xml?p=2",
        "/sitemap-opportunities.xml?p=3",
    ]
    parts = [addresses(client, part) for part in index[1:]]
    assert [len(part) for part in parts] == [4, 4, 2]
    assert {one for part in parts for one in part} == {
        f"/col/opportunities/{one.key}/" for one in made
    }
    assert client.get("/sitemap-opportunities.xml?p=4").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


@override_settings(ROOT_URLCONF="tests.catalogue.urls")
def test_the_index_says_when_something_was_changed_last(client):
    listing = making.listing("Imported")
    said = client.get("/sitemap.xml").content.decode()
    assert f"<lastmod>{listing.modified_at:%Y-%m-%d}" in said


@override_settings(ROOT_URLCONF="tests.catalogue.urls")
@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-opportunities.xml"])
def test_queries_do_not_grow_with_what_is_published(client, path):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    city = factories.territory_page()
    making.listing("One")
    queries()
    few = queries()
    for number in range(5):
        making.listing(f"More {number}")
        factories.opportunity_page(city, title=f"Page {number}")
    assert queries() == few


class News(Sitemap):
    limit = 1

    def items(self):
        return ["/news/1/", "/news/2/"]

    def location(self, item):
        return item


urlpatterns = sitemap_urls(news=News)


@override_settings(ROOT_URLCONF=__name__)
def test_a_site_adds_sitemaps_of_its_own(client):
    assert addresses(client, "/sitemap.xml")[-2:] == ["/sitemap-news.xml", "/sitemap-news.xml?p=2"]
    assert addresses(client, "/sitemap-news.xml?p=2") == ["/news/2/"]
