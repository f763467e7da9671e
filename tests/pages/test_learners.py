"""Who edits a playlist sees who is on it and where they stop; names as far as learners allow."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.pages import editing
from wagtail_col.learning import journey
from wagtail_col.learning.models import Completion, Enrolment, Evidence, Playlist
from wagtail_col.learning.overview import Overview, Stand
from wagtail_col.people import bands

pytestmark = pytest.mark.django_db
AGES = {"KEYS": ["only-for-the-tests-" + "a" * 32], "CONSENT_AGE": 14}


@pytest.fixture
def provider():
    return factories.provider_page(factories.territory_page(), "Library")


@pytest.fixture
def page(provider):
    steps = [{"link": f"https://example.org/{n}", "title": f"Step {n}"} for n in (1, 2, 3)]
    return factories.playlist_page(provider, steps, title="Sound")


@pytest.fixture
def playlist(page):
    return Playlist.objects.get(key=page.translation_key)


@pytest.fixture
def me(client, provider):
    client.force_login(editing.member_of(provider, "host"))
    return client


def table(page):
    return reverse("col_admin_learners", args=[page.pk])


def file(page):
    return reverse("col_admin_learners_csv", args=[page.pk])


def on_it(playlist, name, done=0, **values):
    learner = factories.UserFactory(username=name, **values)
    journey.join(learner, playlist)
    for step in list(playlist.steps.published())[:done]:
        journey.complete(learner, step, Evidence.SELF)
    return learner


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_how_many_and_where_they_stop(me, page, playlist):
    for name, done in (("a", 0), ("b", 1), ("c", 1), ("d", 2), ("e", 3)):
        on_it(playlist, name, done)
    journey.pause(Enrolment.objects.get(learner__username="d").learner, playlist)
    overview = Overview(playlist)
    numbers = overview.numbers
    assert (numbers.joined, numbers.waiting, numbers.under_way) == (5, 1, 2)
    assert (numbers.paused, numbers.done) == (1, 1)
    assert [(one.done, one.percent, one.stopped) for one in overview.step_numbers] == [
        (4, 80, 2),
        (2, 40, 1),
        (1, 20, 0),
    ]
    said = me.get(table(page)).content.decode()
    assert "Step 2" in said
    assert "1 of 3" in said
    assert (
        table(page) in me.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    )


def test_who_has_left_does_not_count(me, page, playlist):
    on_it(playlist, "stays", 1)
    journey.leave(on_it(playlist, "leaves", 2), playlist)
    assert [one.done for one in Overview(playlist).step_numbers] == [1, 0, 0]
    assert "leaves" not in me.get(table(page)).content.decode()


def test_nothing_of_another_playlist(me, provider, page, playlist):
    other = factories.playlist_page(provider, [{"link": "https://x.example", "title": "X"}], "Ink")
    learner = on_it(playlist, "ana")
    on_it(Playlist.objects.get(key=other.translation_key), "elsewhere", 1)
    journey.join(learner, Playlist.objects.get(key=other.translation_key))
    said = me.get(table(page)).content.decode()
    assert "ana" in said
    assert "elsewhere" not in said
    assert "0 of 3" in said


@pytest.mark.parametrize("stand", Stand.values)
def test_each_learner_is_one_of_four(me, page, playlist, stand):
    on_it(playlist, "was-joined")
    on_it(playlist, "was-under-way", 1)
    journey.pause(on_it(playlist, "was-paused", 1), playlist)
    on_it(playlist, "was-done", 3)
    rows = me.get(table(page), {"stand": stand}).context["rows"]
    assert [(row.name, row.stand) for row in rows] == [(f"was-{stand}", stand)]


def test_a_hidden_name_is_hidden(me, page, playlist):
    learner = on_it(playlist, "ana-kovac", first_name="Ana", last_name="Kovač")
    assert "Ana Kovač" in me.get(table(page)).content.decode()
    journey.show_name(learner, playlist, shows=False)
    for said in (me.get(table(page)).content.decode(), str(rows_of(me.get(file(page))))):
        assert "Kova" not in said
        assert "ana-kovac" not in said
        assert f"Learner {Enrolment.objects.get().pk}" in said


def test_the_learner_hides_it_with_one_tap(client, page, playlist):
    learner = on_it(playlist, "ana")
    client.force_login(learner)
    assert "Hide my name" in client.get(page.url).content.decode()
    client.post(reverse("col_learning:line_name", args=[playlist.key]), {"show": "0"})
    assert Enrolment.objects.get().hides_name
    assert "Show my name" in client.get(page.url).content.decode()
    client.post(reverse("col_learning:line_name", args=[playlist.key]), {"show": "1"})
    assert not Enrolment.objects.get().hides_name


def test_hiding_is_for_who_is_on_it(client, page, playlist):
    address = reverse("col_learning:line_name", args=[playlist.key])
    assert client.post(address, {"show": "0"}).status_code == 302
    client.force_login(factories.UserFactory())
    client.post(address, {"show": "0"})
    assert not Enrolment.objects.exists()
    assert "name, and stations done" in client.get(page.url).content.decode()


def test_below_the_age_of_consent_it_is_a_pseudonym(me, page, playlist, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, **AGES}
    child = on_it(playlist, "the-child")
    on_it(playlist, "said-nothing")
    bands.say(on_it(playlist, "grown-up"), is_under=False)
    bands.say(child, is_under=True)
    said = me.get(table(page)).content.decode() + str(rows_of(me.get(file(page))))
    assert "grown-up" in said
    assert child.col_age_band.pseudonym in said
    assert "the-child" not in said
    assert "said-nothing" not in said


def test_the_file_has_every_learner_and_the_days(me, page, playlist):
    on_it(playlist, "ana", 1)
    on_it(playlist, "bor", 3)
    response = me.get(file(page))
    assert response.streaming
    assert "no-store" in response["Cache-Control"]
    assert 'filename="sound.csv"' in response["Content-Disposition"]
    head, ana, bor = rows_of(response)
    assert head[-3:] == ["Step 1", "Step 2", "Step 3"]
    today = timezone.localdate().isoformat()
    assert ana == ["ana", today, "under way", "1", "3", "", today, today, "", ""]
    assert bor[2:6] == ["done", "3", "3", today]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t"])
def test_no_formula_in_the_file(me, page, playlist, begins):
    on_it(playlist, "x", first_name=f'{begins}HYPERLINK("http://x")')
    for row in rows_of(me.get(file(page))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)


def test_the_file_goes_on_after_a_thousand(me, page, playlist, monkeypatch):
    monkeypatch.setattr("wagtail_col.learning.overview.AT_ONCE", 3)
    for n in range(7):
        on_it(playlist, f"n{n}")
    assert [row[0] for row in rows_of(me.get(file(page)))[1:]] == [f"n{n}" for n in range(7)]


def test_who_may_not_edit_it_sees_nothing(client, provider, page, playlist):
    on_it(playlist, "ana")
    other = factories.provider_page(provider.get_parent(), "Museum")
    for user in (editing.member_of(other, "guide"), factories.UserFactory(username="learner")):
        client.force_login(user)
        for address in (table(page), file(page)):
            response = client.get(address)
            assert response.status_code in (302, 403)
            assert b"ana" not in response.content
    client.logout()
    assert client.get(table(page)).status_code == 302


def test_who_gives_an_opportunity_to_a_playlist_does_not_see_its_learners(client, provider):
    workshop = factories.opportunity_page(provider)
    page = factories.playlist_page(provider.get_parent(), [{"listing": workshop}], title="City")
    client.force_login(editing.member_of(provider, "host"))
    assert client.get(table(page)).status_code in (302, 403)


def test_other_pages_have_no_such_table(me, provider):
    assert me.get(table(provider), follow=True).status_code == 404


def test_before_it_is_published(me, provider):
    page = factories.playlist_page(provider, [], title="Draft", live=False)
    assert "before it is published" in me.get(table(page)).content.decode()
    assert me.get(file(page), follow=True).status_code == 404


def test_who_joined_earlier_has_the_rule_that_suits_them(me, provider, page, playlist):
    on_it(playlist, "early", 1)
    page.steps.add(
        type(page.steps.first())(
            link="https://example.org/4", title="Step 4", sort_order=9, locale=page.locale
        )
    )
    page.save()
    factories.publish(page)
    on_it(Playlist.objects.get(), "late", 1)
    rows = me.get(table(page)).context["rows"]
    assert {row.name: (row.count, row.of) for row in rows} == {"late": (1, 4), "early": (1, 3)}


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_is_constant(me, page, playlist, count):
    for n in range(count):
        on_it(playlist, f"learner-{n}", n % 4)
    me.get(table(page))
    with CaptureQueriesContext(connection) as caught:
        me.get(table(page))
    assert len(caught) == 51
    with CaptureQueriesContext(connection) as caught:
        rows_of(me.get(file(page)))
    assert len(caught) == 18


def test_a_done_step_counts_once_however_late(playlist):
    learner = on_it(playlist, "ana", 1)
    Completion.objects.update(completed_at=timezone.now() - timedelta(days=3))
    journey.complete(learner, playlist.steps.first(), Evidence.SELF)
    assert Overview(playlist).step_numbers[0].done == 1
