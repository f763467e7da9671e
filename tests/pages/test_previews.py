"""Previews show what would be published, and leave nothing behind."""

import pytest
from django.apps import apps
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests import factories
from tests.pages import editing
from wagtail_col.badges.models import Achievement
from wagtail_col.catalogue.models import CatalogueRevision, Listing
from wagtail_col.pages.standard.models import (
    OpportunityPage,
    PlaylistPage,
    ProviderPage,
    TerritoryPage,
)

pytestmark = pytest.mark.django_db

RECORDS = ("col_catalogue", "col_learning", "col_badges", "col_pages")
DATES = (("2031-03-01 10:00", "2031-03-01 12:00"),)


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


@pytest.fixture
def city():
    return factories.territory_page(title="City")


def rows() -> dict:
    """Every row of our records, to compare."""
    return {
        model._meta.label: sorted(map(repr, model.objects.values()))
        for label in RECORDS
        for model in apps.get_app_config(label).get_models()
    }


def preview(client, url, data, mode=""):
    """Post the form to the preview and look at it, as the panel beside the editor does."""
    answer = client.post(url, data)
    assert answer.status_code == 200
    assert answer.json() == {"is_valid": True, "is_available": True}
    return client.get(url, {"mode": mode, "in_preview_panel": "true"})


def on_edit(page):
    return reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])


def on_add(model, parent):
    name = model._meta.model_name
    return reverse(
        "wagtailadmin_pages:preview_on_add", args=["col_pages_standard", name, parent.pk]
    )


def forms(city):
    listing = Listing.objects.get(
        key=factories.opportunity_page(city, title="Known").translation_key
    )
    steps = [
        {"listing": str(listing.pk)},
        {"link": "https://example.org/", "title": "An unsaved step"},
    ]
    return [
        (OpportunityPage, editing.opportunity_form(DATES, title="Unsaved thing")),
        (PlaylistPage, editing.playlist_form(steps, title="Unsaved thing")),
        (ProviderPage, editing.provider_form(title="Unsaved thing")),
        (TerritoryPage, editing.territory_form(title="Unsaved thing", boundary=factories.SQUARE)),
    ]


@pytest.mark.parametrize("number", range(4))
def test_a_new_page_and_nothing_left_behind(boss, city, number):
    model, data = forms(city)[number]
    before, revision = rows(), CatalogueRevision.current()
    response = preview(boss, on_add(model, city), data)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Unsaved thing" in html
    if model is PlaylistPage:
        assert "Known" in html
        assert "An unsaved step" in html
    if model is OpportunityPage:
        assert "2031" in html
    assert rows() == before
    assert CatalogueRevision.current() == revision
    assert not model.objects.filter(title="Unsaved thing").exists()


def test_unsaved_changes_of_a_live_page(boss, city):
    page = factories.playlist_page(
        city, [{"link": "https://example.org/1", "title": "The old step"}], title="Old name"
    )
    step = page.steps.get()
    data = editing.playlist_form(
        [
            {"id": str(step.pk), "link": step.link, "title": "The old step, renamed"},
            {"link": "https://example.org/2", "title": "The new step"},
        ],
        initial=1,
        title="New name",
        slug=page.slug,
    )
    # The new one is moved up.
    data |= {"steps-0-ORDER": "2", "steps-1-ORDER": "1"}
    before = rows()
    html = preview(boss, on_edit(page), data).content.decode()
    assert "New name" in html
    assert "The new step" in html
    assert html.index("The new step") < html.index("The old step, renamed")
    assert rows() == before
    visitor = type(boss)()
    assert "New name" not in visitor.get(page.url).content.decode()


def test_a_draft_without_a_title_is_no_error(boss, city):
    data = editing.opportunity_form(DATES, title="", slug="")
    response = preview(boss, on_add(OpportunityPage, city), data)
    assert response.status_code == 200


def test_a_draft_that_cannot_be_a_record_says_what_is_missing(boss, city):
    page = factories.opportunity_page(city)
    before = rows()
    page.title = "  "
    page.save_revision(clean=False)
    response = boss.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.status_code == 200
    assert "A title is needed in each language." in response.content.decode()
    assert rows() == before


def test_a_playlist_whose_step_is_empty_says_so(boss, city):
    line = factories.playlist_page(city, [{"link": "https://example.org/", "title": "Read"}])
    draft = line.get_latest_revision_as_object()
    steps = list(draft.steps.all())
    steps[0].link = ""
    draft.steps = steps
    draft.save_revision(clean=False)
    response = boss.get(reverse("wagtailadmin_pages:view_draft", args=[line.pk]))
    assert response.status_code == 200
    assert "an opportunity, a web link or an online course" in response.content.decode()


def badge_form(**values) -> dict:
    texts = [
        {
            "language": "en",
            "name": "Podcast maker",
            "description": "Makes podcasts.",
            "criteria": "Did <b>it</b>.",
        }
    ]
    return nested_form_data(
        {
            "shape": "round",
            "colour": "coral",
            "icon": "music",
            "place": "Madrid",
            "issuer": "",
            "texts": inline_formset(texts),
            "skills": inline_formset([]),
            "requirements": inline_formset([]),
        }
        | values
    )


def test_a_badge_that_is_not_saved_yet(boss):
    namespace = Achievement.snippet_viewset.get_url_name("preview_on_add")
    before = rows()
    html = preview(boss, reverse(namespace), badge_form()).content.decode()
    assert "<svg" in html
    assert "Podcast maker" in html
    assert "&lt;b&gt;it" in html
    assert rows() == before


def test_a_badge_without_words_yet(boss):
    url = reverse(Achievement.snippet_viewset.get_url_name("preview_on_add"))
    data = nested_form_data(
        {"colour": "teal", "icon": "star", "place": "", "issuer": "", "texts": inline_formset([])}
    )
    boss.post(url, data)
    assert boss.get(url).status_code == 200
