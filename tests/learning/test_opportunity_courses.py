"""A badge of an opportunity whose online course is done, with and without a line."""

import pytest

from tests import factories
from tests.learning import build as lines
from tests.learning.coursework import opened, report
from tests.lti import build
from wagtail_col.badges.models import Award
from wagtail_col.learning import journey
from wagtail_col.learning.models import Completion
from wagtail_col.learning.opportunity_badges import set_badge

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return build.make_course()


@pytest.fixture
def listing(course):
    listing = lines.listing("First aid on Saturday", course=course.key)
    set_badge(listing.key, factories.AchievementFactory().key)
    return listing


def test_without_any_line_a_completing_score_gives_it(learner, course, listing):
    line_item = opened(course, learner, listing)
    assert report(line_item, learner, 50, "InProgress") != "completed"
    assert not Award.objects.exists()
    assert report(line_item, learner, 90) == "completed"
    given = Award.objects.get()
    assert given.because["by"] == "opportunity"
    assert given.because["assessed"] == "rule"
    assert given.because["steps"][0]["how"] == "score"
    assert report(line_item, learner, 95) != "completed"
    assert Award.objects.count() == 1


def test_on_a_line_it_is_given_with_the_step_once(learner, course, listing):
    playlist = lines.line(lines.step(listing), lines.link())
    journey.join(learner, playlist)
    assert report(opened(course, learner, listing), learner, 90) == "completed"
    assert Award.objects.count() == Completion.objects.count() == 1


def test_a_badge_that_cannot_be_given_loses_no_score(learner, course, listing):
    listing.opportunity_badge.achievement.texts.update(criteria="")
    line_item = opened(course, learner, listing)
    report(line_item, learner, 90)
    assert line_item.results.get().score_given == 90
    assert not Award.objects.exists()
