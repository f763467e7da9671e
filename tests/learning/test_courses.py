"""What course providers report finishes steps: once, on every line, where it is enough."""

import pytest
from django.db import transaction
from django.utils import translation

from tests import factories
from tests.learning import build as lines
from tests.learning.coursework import opened, report
from tests.lti import build
from wagtail_col.badges.models import Award
from wagtail_col.learning import courses, journey
from wagtail_col.learning.models import Completion, Enrolment, Evidence
from wagtail_col.learning.publishing import withdraw_playlist
from wagtail_col.lti.models import Membership, MembershipState, Score
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return build.make_course()


@pytest.fixture
def playlist(course):
    return lines.line(lines.course(course), achievement=factories.AchievementFactory())


@pytest.fixture
def line_item(course, learner, playlist):
    journey.join(learner, playlist)
    return opened(course, learner, playlist)


def test_a_completing_score_finishes_the_step_and_gives_the_badge(learner, playlist, line_item):
    assert report(line_item, learner, 90, "InProgress") == "progress"
    assert not Completion.objects.exists()
    assert report(line_item, learner, 90) == "completed"
    completion = Completion.objects.get()
    assert (completion.learner, completion.how) == (learner, Evidence.SCORE)
    award = learner.col_awards.get()
    assert award.because["steps"][0]["title"] == "First aid"
    assert award.because["steps"][0]["how"] == "score"
    assert Enrolment.objects.get().completed_at


def test_a_score_that_comes_again_changes_nothing(learner, playlist, line_item):
    report(line_item, learner, 90)
    assert report(line_item, learner, 95) == "done-before"
    assert report(line_item, learner, 10, "InProgress") == "progress"
    assert Completion.objects.count() == Award.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "activity", "grading", "meaning"),
    [
        (80, "Completed", "FullyGraded", "completed"),
        (80, "Submitted", "FullyGraded", "completed"),
        (79.99, "Completed", "FullyGraded", "progress"),
        (80, "Completed", "PendingManual", "progress"),
        (80, "InProgress", "FullyGraded", "progress"),
        (None, "Completed", "FullyGraded", "progress"),
    ],
)
def test_a_step_with_a_score_to_reach(learner, course, given, activity, grading, meaning):
    playlist = lines.line(lines.course(course, pass_percent=80))
    journey.join(learner, playlist)
    line_item = opened(course, learner, playlist)
    assert report(line_item, learner, given, activity, grading) == meaning
    assert Completion.objects.exists() is (meaning == "completed")


def test_a_course_counts_on_every_line_one_is_on(learner, course, playlist, line_item):
    other = lines.line(lines.course(course, pass_percent=95), lines.link())
    third = lines.line(lines.course(course), lines.link())
    lines.line(lines.course(course))
    journey.join(learner, other)
    journey.join(learner, third)
    assert report(line_item, learner, 90) == "completed"
    done = set(Completion.objects.values_list("step__playlist", flat=True))
    assert done == {playlist.pk, third.pk}
    # The score to reach is each step's own.
    assert report(line_item, learner, 96) == "completed"
    assert Completion.objects.count() == 3


def test_a_course_counts_for_the_opportunity_that_has_it(learner, course):
    listing = lines.listing("First aid on Saturday", course=course.key)
    playlist = lines.line(lines.step(listing), lines.link())
    journey.join(learner, playlist)
    line_item = opened(course, learner, listing)
    assert report(line_item, learner, 100) == "completed"
    assert Completion.objects.get().step.listing == listing


def test_an_opportunity_with_a_course_can_still_be_done_with_a_code(learner, course):
    listing = lines.listing(course=course.key)
    playlist = lines.line(lines.step(listing))
    journey.join(learner, playlist)
    step = lines.steps_of(playlist)[0]
    with pytest.raises(journey.Refused, match="code"):
        journey.complete(learner, step, Evidence.SELF)
    journey.complete(learner, step, Evidence.ORGANISER)
    line_item = opened(course, learner, listing)
    assert report(line_item, learner, 100) == "done-before"


@pytest.mark.parametrize("how", [Evidence.SELF, Evidence.CODE])
def test_a_course_is_done_by_its_score_alone(learner, playlist, how):
    journey.join(learner, playlist)
    with pytest.raises(journey.Refused) as refused:
        journey.complete(learner, lines.steps_of(playlist)[0], how)
    assert refused.value.code == "needs-score"
    assert not Completion.objects.exists()


def test_a_score_of_who_is_on_no_line_is_kept_and_finishes_nothing(learner, course, playlist):
    listing = lines.online(course=course.key)
    line_item = opened(course, learner, listing)
    assert report(line_item, learner, 100) == "not-joined"
    assert not Completion.objects.exists()


def test_who_joins_after_finishing_the_course_has_done_the_step(learner, course, playlist):
    listing = lines.online(course=course.key)
    report(opened(course, learner, listing), learner, 100)
    journey.join(learner, playlist)
    ((step, outcome),) = courses.catch_up(learner, playlist)
    assert (step.playlist, outcome.is_new) == (playlist, True)
    assert learner.col_awards.exists()
    assert not courses.catch_up(factories.UserFactory(), playlist)


def test_a_course_that_is_under_way_is_not_caught_up_with(learner, course, playlist):
    report(opened(course, learner, lines.online(course=course.key)), learner, 50, "InProgress")
    journey.join(learner, playlist)
    assert courses.catch_up(learner, playlist) == []


def test_a_score_for_a_course_of_no_line(learner, course):
    listing = lines.online(course=course.key)
    assert report(opened(course, learner, listing), learner, 100) == "no-step"


def test_a_score_for_a_step_an_editor_took_out(learner, playlist, line_item):
    lines.line(lines.link(), key=playlist.key)
    assert report(line_item, learner, 100) == "withdrawn"
    assert not Completion.objects.exists()
    assert Score.objects.count() == 1


def test_a_score_for_a_line_that_is_withdrawn(learner, playlist, line_item):
    withdraw_playlist(playlist.key)
    assert report(line_item, learner, 100) == "withdrawn"
    assert not Completion.objects.exists()


def test_a_score_counts_when_the_provider_is_suspended_meanwhile(learner, course, line_item):
    course.tool.state = "suspended"
    course.tool.save()
    assert report(line_item, learner, 100) == "completed"


def test_score_step_and_badge_are_there_together_or_not_at_all(learner, line_item, monkeypatch):
    monkeypatch.setattr(journey, "_settle", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        report(line_item, learner, 100)
    assert not Completion.objects.exists()
    assert not Score.objects.exists()


def test_the_badge_is_in_the_learners_language(learner, course, line_item):
    Enrolment.objects.update(language="sl")
    with translation.override("es"):
        report(line_item, learner, 100)
    assert learner.col_awards.get().language == "sl"


def test_the_badge_of_who_has_no_known_language_is_in_the_sites(learner, course, line_item):
    Enrolment.objects.update(language="")
    with translation.override("es"):
        report(line_item, learner, 100)
    assert learner.col_awards.get().language == "en"


def test_joining_remembers_the_language(learner, playlist):
    with translation.override("sl"):
        journey.join(learner, playlist)
    assert Enrolment.objects.get().language == "sl"


def test_who_leaves_the_line_is_no_member_any_more(learner, playlist, line_item):
    Enrolment.objects.get().delete()
    assert Membership.objects.get().state == MembershipState.LEFT
    with pytest.raises(Refused):
        report(line_item, learner, 100)
    assert not Completion.objects.exists()
    # Back on the line, and in the course.
    journey.join(learner, playlist)
    line_item = opened(line_item.resource_link.course, learner, playlist)
    assert report(line_item, learner, 100) == "completed"


def test_an_account_with_courses_can_be_deleted(learner, line_item):
    report(line_item, learner, 100)
    learner.delete()
    assert not Enrolment.objects.exists()
    assert not Membership.objects.exists()
    assert not Score.objects.exists()
