"""My learning: one's own lines and badges, nobody else's."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, steps_of
from wagtail_col.learning import journey
from wagtail_col.learning.models import Evidence
from wagtail_col.learning.publishing import withdraw_playlist

pytestmark = pytest.mark.django_db
URL = "/col/mine/"


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def finish(learner, playlist) -> None:
    journey.join(learner, playlist)
    for step in steps_of(playlist):
        journey.complete(learner, step, Evidence.SELF)


def test_it_needs_logging_in(client):
    response = client.get(URL)
    assert response.status_code == 302
    assert response.url == f"{reverse('login')}?next={URL}"


def test_who_is_on_no_line_is_told_what_to_do(as_learner):
    response = as_learner.get(URL)
    assert "You are on no line at present" in words(response)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_lines_under_way_and_badges(as_learner, learner):
    under_way = line(link("Write"), link("Record"), title="Podcast")
    journey.join(learner, under_way)
    journey.complete(learner, steps_of(under_way)[0], Evidence.SELF)
    finished = line(link(), title="Radio", achievement=AchievementFactory())
    finish(learner, finished)
    response = as_learner.get(URL)
    said = words(response)
    for expected in (
        "Podcast",
        "Next: Record",
        "1 of 2 stations",
        "Continue",
        "Explorer",
        "Lines you have finished",
        "Radio",
    ):
        assert expected in said
    content = response.content.decode()
    assert learner.col_awards.get().get_absolute_url() in content
    assert content.count("Continue") == 1


def test_only_ones_own(as_learner, learner):
    other = UserFactory()
    theirs = line(link(), title="Theirs", achievement=AchievementFactory())
    finish(other, theirs)
    both = line(link(), link("More"), title="Both")
    for person in (other, learner):
        journey.join(person, both)
    journey.complete(other, steps_of(both)[0], Evidence.SELF)
    said = words(as_learner.get(URL))
    assert "Theirs" not in said
    assert "Explorer" not in said
    assert "0 of 2 stations" in said
    assert said.count("Continue") == 1


def test_the_line_joined_last_comes_first(as_learner, learner):
    first, second = line(link(), title="First"), line(link(), title="Second")
    other = UserFactory()
    for person, playlist in ((learner, first), (learner, second), (other, first)):
        journey.join(person, playlist)
    said = words(as_learner.get(URL))
    assert said.index("Second") < said.index("First")


def test_a_withdrawn_line_is_counted_without_its_name(as_learner, learner):
    playlist = line(link(), title="Secret line")
    journey.join(learner, playlist)
    withdraw_playlist(playlist.key)
    said = words(as_learner.get(URL))
    assert "Secret line" not in said
    assert "1 line you were on is no longer offered." in said


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_is_constant(as_learner, learner, count):
    for n in range(count):
        playlist = line(
            link(f"A{n}"), link(f"B{n}"), title=f"Line {n}", achievement=AchievementFactory()
        )
        journey.join(learner, playlist)
        steps = steps_of(playlist) if n % 3 == 0 else steps_of(playlist)[:1]
        for step in steps:
            journey.complete(learner, step, Evidence.SELF)
    as_learner.get(URL)
    with CaptureQueriesContext(connection) as caught:
        assert as_learner.get(URL).status_code == 200
    assert len(caught) == 15
