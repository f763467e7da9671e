"""The rule while it is written: in plain words, whom a change touches, and what cannot be."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from tests import factories
from tests.learning.build import steps_of
from tests.pages import editing
from wagtail_col.learning import journey
from wagtail_col.learning.models import Evidence, Playlist
from wagtail_col.pages.standard.models import PlaylistPage

pytestmark = pytest.mark.django_db

STEPS = [
    {"link": "https://example.org/a", "title": "Write", "minutes": "40"},
    {"link": "https://example.org/b", "title": "Record", "minutes": "60", "choice": "1"},
    {"link": "https://example.org/c", "title": "Film", "minutes": "90", "choice": "1"},
    {"link": "https://example.org/d", "title": "Extra", "is_required": ""},
]


@pytest.fixture
def city():
    return factories.territory_page()


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


@pytest.fixture
def line(city):
    steps = [{"link": f"https://example.org/{n}", "title": n} for n in "ABC"]
    return factories.playlist_page(city, steps, title="Sound")


def words(response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", text)


def written(page, **values) -> dict:
    """The form of a page as it stands, with ``values`` in it."""
    rows = [
        {"id": str(step.pk), "link": step.link, "title": step.title, "ORDER": str(n + 1)}
        for n, step in enumerate(page.steps.all())
    ]
    return editing.playlist_form(
        rows, initial=len(rows), title=page.title, slug=page.slug, **values
    )


def on(page, *done: int):
    playlist = Playlist.objects.get(key=page.translation_key)
    learner = factories.UserFactory()
    journey.join(learner, playlist)
    for number in done:
        journey.complete(learner, steps_of(playlist)[number], Evidence.SELF)
    return learner


def add_address(city) -> str:
    return reverse("wagtailadmin_pages:add", args=["col_pages_standard", "playlistpage", city.pk])


def test_the_rule_of_a_new_page_as_it_is_typed(boss, city):
    page = boss.get(add_address(city)).content.decode()
    address = re.search(r'data-col-rule-url-value="([^"]+)"', page)[1]
    assert "There is no station yet." in page
    response = boss.post(address, editing.playlist_form(STEPS, title="", in_order="on"))
    said = words(response)
    assert "Do all 2 stations, one after another." in said
    assert "“Record” or “Film”: one of these is enough." in said
    assert "Optional: “Extra”." in said
    assert "About 1 h 40 min to 2 hours." in said
    assert not PlaylistPage.objects.exists()
    assert not Playlist.objects.exists()


def test_what_cannot_be_is_said_at_once(boss, city):
    address = reverse("col_admin_new_rule", args=[city.pk, "col_pages_standard", "playlistpage"])
    said = words(boss.post(address, editing.playlist_form(STEPS, needed="3")))
    assert "There are 2 stations that count" in said


def test_more_stations_than_there_are_is_an_error_at_the_field(boss, city):
    response = boss.post(
        add_address(city), editing.playlist_form(STEPS, needed="3") | {"action-publish": "1"}
    )
    assert response.status_code == 200
    assert "There are 2 stations that count" in " ".join(response.context["form"].errors["needed"])
    assert "There are 2 stations that count" in editing.errors(response)
    assert not PlaylistPage.objects.exists()
    # Where nothing is required, everything counts.
    optional = [step | {"is_required": ""} for step in STEPS]
    response = boss.post(
        add_address(city), editing.playlist_form(optional, needed="3") | {"action-publish": "1"}
    )
    assert response.status_code == 302


def test_a_circle_is_an_error_at_the_field(boss, city, line):
    other = factories.playlist_page(
        city, [{"link": "https://example.org/", "title": "Read"}], title="Other"
    )
    first = Playlist.objects.get(key=line.translation_key)
    other.before = [first]
    factories.publish(other)
    second = Playlist.objects.get(key=other.translation_key)
    data = written(line) | {"before": [str(second.pk)]}
    response = boss.post(
        reverse("wagtailadmin_pages:edit", args=[line.pk]), data | {"action-publish": "1"}
    )
    assert "they ask for each other" in " ".join(response.context["form"].errors["before"])
    said = words(boss.post(reverse("col_admin_rule", args=[line.pk]), data))
    assert "they ask for each other" in said


def test_whom_a_change_touches_is_shown_before_it_is_published(boss, line):
    for done in ([0], [0, 1], [2], []):
        on(line, *done)
    address = reverse("col_admin_rule", args=[line.pk])
    same = words(boss.post(address, written(line)))
    assert "4 people are under way. The rule stays as it is for them." in same
    said = words(boss.post(address, written(line, needed="2")))
    assert "Do 2 of these 3 stations, in any order." in said
    assert "1 has done everything by the new rule, and finishes when you publish." in said
    assert "3 go on by the new rule." in said
    assert Playlist.objects.get().needed is None
    # The same on the page itself, once the change is saved as a draft.
    edit = reverse("wagtailadmin_pages:edit", args=[line.pk])
    assert boss.post(edit, written(line, needed="2")).status_code == 302
    assert "1 has done everything by the new rule" in words(boss.get(edit))


def test_who_goes_on_by_the_earlier_rule(boss, line):
    on(line, 0)
    address = reverse("col_admin_rule", args=[line.pk])
    more = written(line)
    rows = int(more["steps-TOTAL_FORMS"])
    new = editing.playlist_form([{"link": "https://example.org/new", "title": "New"}])
    more |= {
        key.replace("steps-0-", f"steps-{rows}-"): value
        for key, value in new.items()
        if key.startswith("steps-0-")
    }
    more |= {"steps-TOTAL_FORMS": str(rows + 1), f"steps-{rows}-ORDER": str(rows + 1)}
    said = words(boss.post(address, more))
    assert "Do all 4 stations, in any order." in said
    assert "1 goes on by an earlier rule, which suits them better." in said


def test_nothing_is_told_to_who_may_not_edit(line, city):
    address = reverse("col_admin_rule", args=[line.pk])
    new = reverse("col_admin_new_rule", args=[city.pk, "col_pages_standard", "playlistpage"])
    stranger = Client()
    for one in (address, new):
        assert stranger.post(one, written(line)).status_code == 302
    provider = factories.provider_page(city)
    stranger.force_login(editing.member_of(provider))
    for one in (address, new):
        answer = stranger.post(one, written(line))
        assert answer.status_code in (302, 403)
        assert "station" not in answer.content.decode()


def test_refusals(boss, city, line):
    assert boss.get(reverse("col_admin_rule", args=[line.pk])).status_code == 405
    for pk in (city.pk, 999_999):
        assert boss.post(reverse("col_admin_rule", args=[pk]), follow=True).status_code == 404
    for model in ("opportunitypage", "nothing"):
        address = reverse("col_admin_new_rule", args=[city.pk, "col_pages_standard", model])
        assert boss.post(address, follow=True).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editing.superuser("other"))
    assert strict.post(reverse("col_admin_rule", args=[line.pk]), {}).status_code == 403


def test_what_an_editor_writes_never_becomes_markup(boss, city):
    evil = '<img src=x onerror="alert(1)">'
    address = reverse("col_admin_new_rule", args=[city.pk, "col_pages_standard", "playlistpage"])
    step = {"link": "https://example.org/", "title": evil, "is_required": ""}
    response = boss.post(address, editing.playlist_form([STEPS[0], step]))
    assert "<img" not in response.content.decode()
    assert evil in words(response)


def test_the_number_of_queries_does_not_grow_with_steps_or_learners(boss, city):
    counts = []
    for count in (2, 12):
        listings = [factories.opportunity_page(city, title=f"W{count}{n}") for n in range(count)]
        line = factories.playlist_page(city, [{"listing": one} for one in listings])
        for _number in range(count):
            learner = on(line)
            playlist = Playlist.objects.get(key=line.translation_key)
            journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER)
        rows = [
            {"id": str(step.pk), "listing": str(step.listing_id), "ORDER": str(n + 1)}
            for n, step in enumerate(line.steps.all())
        ]
        data = editing.playlist_form(rows, initial=count, slug=line.slug, needed="1")
        address = reverse("col_admin_rule", args=[line.pk])
        boss.post(address, data)
        with CaptureQueriesContext(connection) as caught:
            said = words(boss.post(address, data))
        assert f"{count} have done everything by the new rule" in said
        # Django's form of each step asks for the step, its opportunity, and whether it is unique.
        counts.append(len(caught) - 3 * count)
    assert counts[0] == counts[1]


def test_a_translation_says_where_its_steps_come_from(boss, city, line):
    locale = Locale.objects.get_or_create(language_code="sl")[0]
    factories.publish(city.get_parent().specific.copy_for_translation(locale))
    factories.publish(city.copy_for_translation(locale))
    translated = line.copy_for_translation(locale)
    said = words(boss.get(reverse("wagtailadmin_pages:edit", args=[translated.pk])))
    assert "The steps and the rule are those of “Sound” (English)." in said
