"""Run by ``tests/test_swapped_base_page.py`` in a process of its own, with its own settings."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Collection, Locale, PageViewRestriction, Site

from tests.swapped.site.models import (
    BasePage,
    OpportunityDate,
    OpportunityPage,
    PlaylistPage,
    PlaylistStep,
    ProviderPage,
    TerritoryPage,
)
from wagtail_col.catalogue.models import Listing, Territory
from wagtail_col.learning.models import Playlist

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    Locale.objects.get_or_create(language_code="en")
    # What Wagtail's own migrations would have made.
    Collection.add_root(name="Root")
    root = BasePage.add_root(instance=BasePage(title="Root", slug="root"))
    home = root.add_child(instance=BasePage(title="Home", slug="home"))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return published(home, TerritoryPage(title="City", boundary=""))


def published(parent, page):
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def test_the_checks_are_clean():
    call_command("check", fail_level="WARNING")


def test_pages_become_records_and_are_served(city, client):
    library = published(city, ProviderPage(title="Library"))
    starts = timezone.now() + timedelta(days=3)
    workshop = OpportunityPage(title="Tell a story")
    workshop.dates = [OpportunityDate(starts_at=starts, ends_at=starts + timedelta(hours=1))]
    workshop = published(library, workshop)
    listing = Listing.objects.published().get(key=workshop.translation_key)
    line = PlaylistPage(title="Line")
    line.steps = [PlaylistStep(listing=listing, locale=city.locale)]
    line = published(city, line)

    assert listing.provider.text.name == "Library"
    assert listing.territory == Territory.objects.get(key=city.translation_key)
    assert Playlist.objects.get(key=line.translation_key).steps.get().listing == listing
    for page in (city, library, workshop, line):
        response = client.get(page.url)
        assert response.status_code == 200
        assert page.title in response.content.decode()


def test_restricting_an_ancestor_withdraws(city):
    workshop = published(city, OpportunityPage(title="Tell a story"))
    PageViewRestriction.objects.create(page=city, restriction_type="login")
    assert not Listing.objects.get(key=workshop.translation_key).is_published
