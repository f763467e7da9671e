"""Every publishing operation of Wagtail and what it does to the record."""

import pytest

from tests import factories
from wagtail_col.catalogue.models import Listing, MapPoint, Territory
from wagtail_col.learning.models import Playlist

pytestmark = pytest.mark.django_db


def test_publishing_writes_the_record():
    city = factories.territory_page()
    library = factories.provider_page(city)
    page = factories.opportunity_page(library, title="Tell a story")
    listing = Listing.objects.get(key=page.translation_key)
    assert listing.is_published
    assert listing.text.title == "Tell a story"
    assert listing.text.url == page.url
    assert listing.provider.text.name == "Library"
    assert listing.territory == Territory.objects.get(key=city.translation_key)
    assert listing.occurrences.count() == 1
    assert MapPoint.objects.filter(listing=listing).exists()


def test_unpublishing_withdraws_the_record():
    page = factories.opportunity_page(factories.territory_page())
    page.unpublish()
    listing = Listing.objects.get(key=page.translation_key)
    assert not listing.is_published
    assert not MapPoint.objects.exists()


def test_deleting_a_parent_withdraws_everything_below():
    city = factories.territory_page()
    page = factories.opportunity_page(factories.provider_page(city))
    city.delete()
    assert not Listing.objects.get(key=page.translation_key).is_published
    assert not Territory.objects.published().exists()


def test_a_playlist_has_its_steps():
    city = factories.territory_page()
    page = factories.opportunity_page(city)
    line = factories.playlist_page(
        city, [{"listing": page}, {"link": "https://example.org/", "title": "Read"}]
    )
    playlist = Playlist.objects.get(key=line.translation_key)
    assert [step.kind for step in playlist.steps.all()] == ["listing", "link"]
