"""Pausing and leaving a line, coming back to it, and going on from any page."""

import re

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, steps_of
from wagtail_col.learning import journey
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Completion, Enrolment, Evidence
from wagtail_col.learning.publishing import withdraw_playlist

pytestmark = pytest.mark.django_db


def words(response) -> str:
    content = response.content.decode() if hasattr(response, "content") else str(response)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def post(client, name, playlist):
    return client.post(reverse(f"col_learning:{name}", args=[playlist.key]) + "?lang=en")


def test_leaving_keeps_what_was_done_and_joining_again_goes_on(as_learner, learner):
    playlist = line(link("Write"), link("Record"))
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    asked = words(as_learner.get(reverse("col_learning:leave", args=[playlist.key])))
    assert "stay done" in asked
    assert Enrolment.objects.filter(learner=learner).exists(), "looking changes nothing"
    post(as_learner, "leave", playlist)
    post(as_learner, "leave", playlist)
    assert not Enrolment.objects.filter(learner=learner).exists()
    assert Completion.objects.filter(learner=learner).count() == 1
    post(as_learner, "join", playlist)
    assert journey.progress_of(learner, playlist).done_count == 1
    assert "Next: Record" in words(as_learner.get("/col/mine/"))


def test_who_comes_back_to_a_line_that_was_done_has_finished_it(learner):
    playlist = line(link(), achievement=AchievementFactory())
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    journey.leave(learner, playlist)
    assert learner.col_awards.count() == 1
    assert journey.join(learner, playlist).completed_at
    assert learner.col_awards.count() == 1


def test_who_left_cannot_finish_a_step(learner):
    playlist = line(link(), link("More"))
    journey.join(learner, playlist)
    journey.leave(learner, playlist)
    with pytest.raises(Refused) as refusal:
        journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    assert refusal.value.code == "not-joined"


def test_pausing_puts_aside_and_joining_goes_on(as_learner, learner):
    playlist = line(link("Write"), title="Podcast")
    journey.join(learner, playlist)
    joined_at = Enrolment.objects.get().joined_at
    post(as_learner, "pause", playlist)
    first = Enrolment.objects.get().paused_at
    post(as_learner, "pause", playlist)
    assert first
    assert Enrolment.objects.get().paused_at == first
    said = words(as_learner.get("/col/mine/"))
    assert said.index("Lines you have paused") < said.index("Podcast")
    post(as_learner, "join", playlist)
    enrolment = Enrolment.objects.get()
    assert enrolment.paused_at is None
    assert enrolment.joined_at == joined_at
    assert "Lines you have paused" not in words(as_learner.get("/col/mine/"))


def test_a_step_of_a_paused_line_counts(learner):
    playlist = line(link())
    journey.join(learner, playlist)
    journey.pause(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    assert Enrolment.objects.get().completed_at


def test_nobody_pauses_a_line_they_are_not_on(as_learner, learner):
    playlist = line(link())
    with pytest.raises(Refused) as refusal:
        journey.pause(learner, playlist)
    assert refusal.value.code == "not-joined"
    assert post(as_learner, "pause", playlist).status_code == 302


@pytest.mark.parametrize("name", ["pause", "leave"])
def test_it_needs_logging_in(client, name):
    playlist = line(link())
    response = post(client, name, playlist)
    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


@pytest.mark.parametrize("name", ["join", "pause", "leave"])
def test_another_site_cannot_do_it(learner, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    assert post(client, name, line(link())).status_code == 403


def test_a_line_that_is_withdrawn_can_be_left(as_learner, learner):
    playlist = line(link())
    journey.join(learner, playlist)
    withdraw_playlist(playlist.key)
    post(as_learner, "leave", playlist)
    assert not Enrolment.objects.exists()


# Going on from any page


def go_on(user) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load col_learning %}{% go_on %}").render(Context({"request": request}))


def test_what_one_did_something_on_last_comes_first(learner):
    lines = [line(link("A"), link("B"), title=title) for title in ("First", "Second", "Third")]
    for playlist in lines:
        journey.join(learner, playlist)
    journey.complete(learner, steps_of(lines[0])[0], Evidence.SELF)
    said = words(go_on(learner))
    assert said.index("First") < said.index("Third")
    assert "Next: B" in said
    assert "Second" not in said
    assert "All my lines" in said


def test_what_is_paused_finished_left_or_withdrawn_is_not_offered(learner):
    paused, finished, left, gone = (line(link(), title=f"Line {n}") for n in range(4))
    for playlist in (paused, finished, left, gone):
        journey.join(learner, playlist)
    journey.pause(learner, paused)
    journey.complete(learner, steps_of(finished)[0], Evidence.SELF)
    journey.leave(learner, left)
    withdraw_playlist(gone.key)
    assert go_on(learner).strip() == ""


def test_nothing_of_anybody_elses(learner):
    journey.join(UserFactory(), line(link(), title="Theirs"))
    assert go_on(learner).strip() == ""


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_of_going_on_is_constant(learner, count):
    for n in range(count):
        playlist = line(link(f"A{n}"), link(f"B{n}"), title=f"Line {n}")
        journey.join(learner, playlist)
        journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    with CaptureQueriesContext(connection) as caught:
        go_on(learner)
    assert len(caught) == 7
