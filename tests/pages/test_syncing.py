"""Every publishing operation of Wagtail and what it does to the record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction, Site

from tests import factories
from wagtail_col.catalogue.facts import Date
from wagtail_col.catalogue.models import (
    CatalogueRevision,
    Listing,
    MapPoint,
    Provider,
    Territory,
)
from wagtail_col.catalogue.publishing import publish_listing
from wagtail_col.learning.models import Playlist, Step
from wagtail_col.pages.standard.models import OpportunityPage
from wagtail_col.pages.syncing import sync_everything

pytestmark = pytest.mark.django_db


def listing_of(page) -> Listing:
    return Listing.objects.get(key=page.record_key)


def is_out(page) -> bool:
    """Whether the public finds the page's listing."""
    shown = listing_of(page).is_published
    assert MapPoint.objects.filter(listing__key=page.record_key).exists() == shown
    return shown


@pytest.fixture
def city(db):
    return factories.territory_page()


@pytest.fixture
def workshop(city):
    return factories.opportunity_page(factories.provider_page(city), title="Tell a story")


# Publishing


def test_publishing_writes_the_record(city, workshop):
    listing = listing_of(workshop)
    assert listing.is_published
    assert listing.text.title == "Tell a story"
    assert listing.text.url == workshop.url
    assert listing.provider.text.name == "Library"
    assert listing.territory == Territory.objects.get(key=city.translation_key)
    assert listing.occurrences.count() == 1
    assert MapPoint.objects.filter(listing=listing).exists()


def test_a_draft_has_no_record(city):
    page = factories.opportunity_page(city, live=False)
    page.save_revision()
    assert not Listing.objects.filter(key=page.translation_key).exists()


def test_a_draft_change_is_not_published(workshop):
    workshop.title = "Another title"
    workshop.save_revision()
    assert listing_of(workshop).text.title == "Tell a story"


def test_publishing_again_writes_what_changed_and_counts_up(workshop):
    before = listing_of(workshop)
    workshop.title = "Another title"
    factories.publish(workshop)
    after = listing_of(workshop)
    assert after.pk == before.pk
    assert after.text.title == "Another title"
    assert after.revision > before.revision
    assert CatalogueRevision.current() >= after.revision


def test_a_page_created_live_in_code_has_a_record(city, django_capture_on_commit_callbacks):
    page = OpportunityPage(title="In code", live=True)
    with django_capture_on_commit_callbacks(execute=True):
        city.add_child(instance=page)
    assert listing_of(page).is_published


def test_bad_facts_leave_the_record_as_it_was(workshop):
    date = workshop.dates.first()
    bad = workshop.get_listing()
    backwards = Date(starts_at=date.ends_at, ends_at=date.starts_at)
    with pytest.raises(ValidationError):
        publish_listing(replace(bad, dates=(backwards,), venue="Elsewhere"))
    assert listing_of(workshop).venue == ""
    assert listing_of(workshop).occurrences.get().starts_at == date.starts_at


# Schedule and expiry


def test_a_scheduled_page_appears_when_its_time_comes(city):
    page = factories.opportunity_page(city, live=False)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert not Listing.objects.published().exists()

    page.refresh_from_db()
    revision = page.scheduled_revision
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.object_id = str(page.pk)
    content = revision.content
    content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.content = content
    revision.save()
    call_command("publish_scheduled")
    assert is_out(page)


def test_an_expired_page_is_withdrawn(workshop):
    OpportunityPage.objects.filter(pk=workshop.pk).update(
        expire_at=timezone.now() - timedelta(minutes=1)
    )
    call_command("publish_scheduled")
    assert not is_out(workshop)


# Unpublish, delete


def test_unpublishing_withdraws_and_publishing_brings_it_back(workshop):
    workshop.unpublish()
    assert not is_out(workshop)
    assert listing_of(workshop).text.title == "Tell a story"
    factories.publish(workshop)
    assert is_out(workshop)


def test_unpublishing_a_whole_branch(city, workshop):
    for page in city.get_descendants(inclusive=True).specific():
        page.unpublish()
    assert not is_out(workshop)
    assert not Territory.objects.published().exists()
    assert not Provider.objects.published().exists()


def test_deleting_a_page(workshop):
    workshop.delete()
    assert not is_out(workshop)


def test_deleting_a_parent_withdraws_everything_below(city, workshop):
    line = factories.playlist_page(city, [{"listing": workshop}])
    city.delete()
    assert not is_out(workshop)
    assert not Territory.objects.published().exists()
    assert not Provider.objects.published().exists()
    assert not Playlist.objects.get(key=line.translation_key).is_published


def test_deleting_many_at_once(city, workshop):
    Page.objects.filter(pk=workshop.get_parent().pk).delete()
    assert not is_out(workshop)


# Move


def test_moving_changes_the_address_and_the_provider(city, workshop):
    museum = factories.provider_page(city, title="Museum")
    workshop.move(museum, pos="last-child")
    listing = listing_of(workshop)
    workshop.refresh_from_db()
    assert listing.provider.text.name == "Museum"
    assert listing.text.url == OpportunityPage.objects.get(pk=workshop.pk).url


def test_moving_a_parent_moves_everything_below(city, workshop):
    other = factories.territory_page(title="Elsewhere", boundary="")
    workshop.get_parent().move(other, pos="last-child")
    listing = listing_of(workshop)
    assert listing.text.url.startswith("/en/elsewhere/library/")
    assert listing.provider.territories.get().text.name == "Elsewhere"
    assert listing.territory.text.name == "Elsewhere"


def test_moving_a_page_out_of_every_site_withdraws_it(workshop):
    workshop.move(Page.objects.get(depth=1), pos="last-child")
    assert not is_out(workshop)


def test_moving_below_a_restricted_page_withdraws_it(city, workshop):
    closed = factories.provider_page(city, title="Closed")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    workshop.move(closed, pos="last-child")
    assert not is_out(workshop)


def test_a_new_slug_is_a_new_address(city, workshop, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        city.slug = "town"
        factories.publish(city)
    assert listing_of(workshop).text.url == "/en/town/library/tell-a-story/"


# Copy and alias


def test_a_copy_is_another_opportunity(city, workshop):
    copy = workshop.copy(to=city, update_attrs={"slug": "copy", "title": "Copy"})
    assert copy.record_key != workshop.record_key
    assert is_out(copy)
    assert is_out(workshop)


def test_a_copy_kept_as_a_draft_has_no_record(city, workshop):
    copy = workshop.copy(to=city, update_attrs={"slug": "copy"}, keep_live=False)
    assert not Listing.objects.filter(key=copy.translation_key).exists()


def test_a_copied_branch(city, workshop):
    workshop.get_parent().specific.copy(
        to=city, recursive=True, update_attrs={"slug": "copied", "title": "Copied"}
    )
    assert Listing.objects.published().count() == 2
    assert Provider.objects.published().count() == 2


def test_an_alias_shows_its_original(city, workshop):
    alias = workshop.create_alias(parent=city, update_slug="again")
    assert alias.record_key == workshop.record_key
    assert Listing.objects.count() == 1
    factories.publish(workshop)
    assert Listing.objects.count() == 1
    alias.delete()
    assert is_out(workshop)
    again = workshop.create_alias(parent=city, update_slug="once-more")
    workshop.unpublish()
    assert not is_out(again)


# Restriction


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
def test_a_restriction_withdraws_and_lifting_it_brings_it_back(workshop, kind):
    restriction = PageViewRestriction.objects.create(
        page=workshop, restriction_type=kind, password="x" if kind == "password" else ""
    )
    if kind == "groups":
        restriction.groups.add(Group.objects.create(name="Team"))
    assert not is_out(workshop)
    restriction.delete()
    assert is_out(workshop)


def test_restricting_an_ancestor_withdraws_everything_below(city, workshop):
    line = factories.playlist_page(city, [{"listing": workshop}])
    restriction = PageViewRestriction.objects.create(page=city, restriction_type="login")
    assert not is_out(workshop)
    assert not Territory.objects.published().exists()
    assert not Playlist.objects.published().exists()
    restriction.delete()
    assert is_out(workshop)
    assert Playlist.objects.get(key=line.translation_key).is_published
    assert listing_of(workshop).territory.key == city.translation_key


def test_publishing_below_a_restriction_stays_out(city):
    PageViewRestriction.objects.create(page=city, restriction_type="login")
    factories.opportunity_page(city)
    assert not Listing.objects.published().exists()


# Languages


@pytest.fixture
def slovene(city):
    """The tree's pages above, in Slovene."""
    locale = Locale.objects.get_or_create(language_code="sl")[0]
    home = city.get_parent().specific
    home.copy_for_translation(locale, copy_parents=True).save_revision().publish()
    factories.publish(city.copy_for_translation(locale))
    return locale


def test_a_translation_is_the_same_listing_in_another_language(city, slovene, workshop):
    factories.publish(workshop.get_parent().specific.copy_for_translation(slovene))
    translated = workshop.copy_for_translation(slovene)
    assert listing_of(workshop).texts.count() == 1
    translated.title = "Povej zgodbo"
    factories.publish(translated)
    listing = listing_of(workshop)
    assert Listing.objects.count() == 1
    assert dict(listing.texts.values_list("language", "title")) == {
        "en": "Tell a story",
        "sl": "Povej zgodbo",
    }
    assert listing.occurrences.count() == 1
    assert listing.provider.texts.count() == 2


def test_withdrawing_one_language_keeps_the_other(slovene, workshop):
    translated = factories.publish(workshop.copy_for_translation(slovene, copy_parents=True))
    translated.unpublish()
    assert is_out(workshop)
    assert listing_of(workshop).texts.get().language == "en"
    factories.publish(translated)
    workshop.unpublish()
    assert is_out(workshop)
    assert listing_of(workshop).texts.get().language == "sl"


def test_a_synced_translation_alias_has_its_own_address(slovene, workshop):
    alias = workshop.copy_for_translation(slovene, copy_parents=True, alias=True)
    texts = dict(listing_of(workshop).texts.values_list("language", "url"))
    assert texts == {"en": workshop.url, "sl": alias.url}


def test_steps_are_the_same_steps_in_another_language(city, slovene, workshop):
    line = factories.playlist_page(
        city,
        [{"listing": workshop}, {"link": "https://example.org/", "title": "Read"}],
    )
    translated = line.copy_for_translation(slovene)
    step = translated.steps.last()
    step.title = "Beri"
    step.save()
    translated = type(translated).objects.get(pk=translated.pk)
    factories.publish(translated)
    playlist = Playlist.objects.get(key=line.translation_key)
    assert Step.objects.count() == 2
    assert dict(playlist.steps.last().texts.values_list("language", "title")) == {
        "en": "Read",
        "sl": "Beri",
    }


# Playlists


def test_a_step_taken_out_is_withdrawn_not_removed(city, workshop):
    line = factories.playlist_page(
        city, [{"listing": workshop}, {"link": "https://example.org/", "title": "Read"}]
    )
    line.steps = [line.steps.first()]
    line.save()
    factories.publish(line)
    steps = Playlist.objects.get(key=line.translation_key).steps
    assert steps.count() == 2
    assert steps.published().get().listing == listing_of(workshop)


# Territories


def test_a_district_lies_in_its_city(city):
    district = factories.territory_page(city, title="Centre", kind="district")
    record = Territory.objects.get(key=district.translation_key)
    assert record.parent.key == city.translation_key
    assert record.path == f"{city.translation_key.hex}/{district.translation_key.hex}/"
    page = factories.opportunity_page(city)
    assert listing_of(page).territory == record


def test_a_territory_taken_out_leaves_its_districts_to_the_one_above():
    region = factories.territory_page(title="Region", kind="region")
    city = factories.territory_page(region)
    district = factories.territory_page(city, title="Centre", kind="district")
    city.unpublish()
    record = Territory.objects.get(key=district.translation_key)
    assert record.is_published
    assert record.parent.key == region.translation_key
    assert record.path.startswith(region.translation_key.hex)
    factories.publish(city)
    record.refresh_from_db()
    assert record.parent.key == city.translation_key
    assert record.path.count("/") == 3


def test_districts_take_the_colour_of_their_city():
    city = factories.territory_page(colour="violet")
    district = factories.territory_page(city, title="Centre", kind="district")
    assert Territory.objects.get(key=district.translation_key).colour == "violet"
    city.colour = "red"
    factories.publish(city)
    assert Territory.objects.get(key=district.translation_key).colour == "red"


# Repair


def test_everything_can_be_written_again(city, workshop):
    Listing.objects.all().delete()
    Territory.objects.all().delete()
    assert sync_everything() == 3
    assert is_out(workshop)
    assert listing_of(workshop).territory.key == city.translation_key


def test_a_new_site_root_changes_every_address(city, workshop, django_capture_on_commit_callbacks):
    site = Site.objects.get(is_default_site=True)
    with django_capture_on_commit_callbacks(execute=True):
        site.root_page = city
        site.save()
    assert listing_of(workshop).text.url == "/en/library/tell-a-story/"
