"""What was done before joining a line counts on it, once, and nothing else does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, listing, online, step, steps_of
from wagtail_col.badges.awarding import revoke
from wagtail_col.learning import claims, journey
from wagtail_col.learning.models import CodeUse, Completion, Enrolment, Evidence
from wagtail_col.learning.opportunity_badges import set_badge
from wagtail_col.learning.recognising import done_before, get_on

pytestmark = pytest.mark.django_db


def how(learner, playlist) -> dict:
    done = Completion.objects.filter(learner=learner, step__playlist=playlist)
    return dict(done.values_list("step__position", "how"))


def done(learner, playlist, *ways):
    journey.join(learner, playlist)
    for one, way in zip(steps_of(playlist), ways, strict=True):
        journey.complete(learner, one, way)


def test_the_same_opportunity_and_lesson_of_another_line(learner):
    workshop, course = listing(), online()
    done(
        learner,
        line(step(workshop), step(course), link("Read")),
        Evidence.ORGANISER,
        Evidence.SELF,
        Evidence.SELF,
    )
    other = line(step(listing()), step(workshop), step(course), link("Read"), link("Write"))
    assert [one.position for one, _outcome in get_on(learner, other).done_before] == [1, 2, 3]
    assert how(learner, other) == dict.fromkeys((1, 2, 3), "recognised")


def test_a_code_that_was_used_on_no_line(learner):
    workshop = listing()
    set_badge(workshop.key, AchievementFactory().key)
    claims.redeem(learner, claims.text_of(claims.make_code(workshop, by=None)))
    playlist = line(step(workshop))
    get_on(learner, playlist)
    assert how(learner, playlist) == {0: "recognised"}


def test_all_done_before_finishes_the_line_and_gives_its_badge_once(as_learner, learner):
    done(learner, line(link("Read")), Evidence.SELF)
    playlist = line(link("Read"), title="Second", achievement=AchievementFactory())
    address = reverse("col_learning:join", args=[playlist.key])
    as_learner.post(address)
    as_learner.post(address)
    assert learner.col_awards.count() == 1
    assert Enrolment.objects.get(playlist=playlist).completed_at
    award = learner.col_awards.get()
    assert award.because["steps"][0]["how"] == "recognised"


def test_nothing_of_anybody_elses(learner):
    workshop = listing()
    done(UserFactory(), line(step(workshop)), Evidence.ORGANISER)
    assert done_before(learner, line(step(workshop))) == []


def test_what_was_let_go_on_one_line_is_not_on_another(learner):
    workshop = listing()
    done(learner, line(step(workshop)), Evidence.WAIVED)
    assert done_before(learner, line(step(workshop))) == []


def test_a_badge_that_was_taken_back_shows_nothing(learner):
    workshop = listing()
    set_badge(workshop.key, AchievementFactory().key)
    other = line(step(workshop))
    claims.redeem(learner, claims.text_of(claims.make_code(workshop, by=None)))
    CodeUse.objects.all().delete()
    assert len(done_before(learner, other)) == 1
    revoke(learner.col_awards.get(), "A mistake")
    assert done_before(learner, other) == []


@pytest.mark.parametrize("count", [2, 20])
def test_asking_what_was_done_before_takes_a_constant_number_of_queries(learner, count):
    shared = [listing(f"W{n}") for n in range(count)]
    done(learner, line(*map(step, shared), link()), *[Evidence.ORGANISER] * count, Evidence.SELF)
    other = line(*map(step, shared), link())
    with CaptureQueriesContext(connection) as caught:
        assert len(done_before(learner, other)) == count + 1
    assert len(caught) == 8
