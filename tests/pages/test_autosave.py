"""What Wagtail saves by itself while somebody writes: drafts, never records."""

import pytest
from django.urls import reverse

from tests import factories
from tests.pages import editing
from tests.pages.test_badges_admin import badge_form, badges, text
from wagtail_col.badges.models import Achievement
from wagtail_col.catalogue.models import Listing
from wagtail_col.learning.models import Playlist
from wagtail_col.pages.standard.models import (
    OpportunityPage,
    PlaylistPage,
    ProviderPage,
    TerritoryPage,
)

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}
STEPS = [{"link": "https://example.org/", "title": "Read"}]
FORMS = [
    (OpportunityPage, editing.opportunity_form(title="Half")),
    (PlaylistPage, editing.playlist_form(STEPS, title="Half")),
    (ProviderPage, editing.provider_form(title="Half")),
    (TerritoryPage, editing.territory_form(title="Half")),
]


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


@pytest.fixture
def city():
    return factories.territory_page(title="City")


@pytest.mark.parametrize(("model", "form"), FORMS, ids=[model.__name__ for model, _ in FORMS])
def test_a_page_that_is_being_written(boss, city, model, form):
    add = reverse(
        "wagtailadmin_pages:add", args=["col_pages_standard", model._meta.model_name, city.pk]
    )
    answer = boss.post(add, form, headers=JSON)
    assert answer.status_code == 200, answer.content
    assert answer.json()["success"]
    page = model.objects.get(title="Half")
    assert not page.live
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    # Its children have a number now, as the answer says to the browser.
    again = dict(form) | {"title": "Half and half"}
    if model is PlaylistPage:
        again |= {"steps-INITIAL_FORMS": "1", "steps-0-id": str(page.steps.get().pk)}
    answer = boss.post(edit, again, headers=JSON)
    assert answer.json()["success"], answer.content
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().title == "Half and half"
    assert not Listing.objects.exists()
    assert not Playlist.objects.exists()


def test_what_cannot_be_is_not_saved(boss, city):
    page = factories.opportunity_page(city)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    count = page.revisions.count()
    form = editing.opportunity_form(slug=page.slug, point="everywhere")
    answer = boss.post(edit, form, headers=JSON)
    assert answer.status_code == 400
    assert not answer.json()["success"]
    assert page.revisions.count() == count


def test_a_live_page_stays_as_it_is(boss, city):
    page = factories.opportunity_page(city, title="Published")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = editing.opportunity_form(title="Being changed", slug=page.slug, point="41, -3")
    assert boss.post(edit, form, headers=JSON).json()["success"]
    listing = Listing.objects.get()
    assert listing.text.title == "Published"
    assert listing.lat == 40.0


def test_a_badge_that_is_being_written(boss):
    answer = boss.post(badges("add"), badge_form(text()), headers=JSON)
    assert answer.json()["success"]
    badge = Achievement.objects.get()
    assert not badge.live
    form = badge_form(text(name="Changed")) | {
        "texts-INITIAL_FORMS": "1",
        "texts-0-id": str(badge.texts.get().pk),
    }
    assert boss.post(badges("edit", badge.pk), form, headers=JSON).json()["success"]
    badge.refresh_from_db()
    assert badge.get_latest_revision_as_object().texts.get().name == "Changed"
