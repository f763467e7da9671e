"""What comes back from a course: what was handed in, and progress while the page is open."""

import json

import pytest
from django.urls import reverse

from tests import factories
from tests.learning import build as lines
from tests.learning.course_pages.visiting import url_of
from tests.learning.coursework import opened, report
from wagtail_col.learning import journey
from wagtail_col.lti import registering
from wagtail_col.lti.models import LaunchTicket
from wagtail_col.pages.admin.tools_changing import move
from wagtail_col.pages.views.playlist import PlaylistView

pytestmark = pytest.mark.django_db


# What was handed in


@pytest.fixture
def handed_in(learner, course, playlist, joined):
    course.submission_review = {"reviewableStatus": ["Submitted", "Completed"]}
    course.save()
    line_item = opened(course, learner, playlist)
    report(line_item, learner, 40, "Submitted", "PendingManual")
    return line_item


def test_one_can_look_at_what_one_handed_in(as_learner, step, handed_in):
    response = as_learner.get(url_of(step, "review_course"))
    assert response.status_code == 302
    ticket = LaunchTicket.objects.get()
    assert (ticket.kind, ticket.line_item) == ("LtiSubmissionReviewRequest", handed_in)


def test_nobody_looks_at_what_others_handed_in(client, step, handed_in):
    client.force_login(factories.UserFactory())
    assert client.get(url_of(step, "review_course"), follow=True).status_code == 404


# Progress that comes in


def progress_of(client, playlist) -> str:
    response = client.get(reverse("col_learning:progress", args=[playlist.key]))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    return json.loads(response.content)["state"]


def test_the_page_is_told_when_progress_comes_in(as_learner, learner, course, playlist, joined):
    before = progress_of(as_learner, playlist)
    line_item = opened(course, learner, playlist)
    assert progress_of(as_learner, playlist) == before
    report(line_item, learner, 40, "InProgress")
    under_way = progress_of(as_learner, playlist)
    report(line_item, learner, 100)
    done = progress_of(as_learner, playlist)
    assert len({before, under_way, done}) == 3
    assert progress_of(as_learner, playlist) == done


def test_progress_is_ones_own(as_learner, course, playlist, joined):
    before = progress_of(as_learner, playlist)
    other = factories.UserFactory()
    journey.join(other, playlist)
    report(opened(course, other, playlist), other, 100)
    assert progress_of(as_learner, playlist) == before


def test_asking_for_progress_is_cheap(as_learner, playlist, joined, django_assert_num_queries):
    # Two for the session and the account, two for the state.
    with django_assert_num_queries(4):
        progress_of(as_learner, playlist)


def test_progress_is_for_who_is_logged_in(client, playlist):
    response = client.get(reverse("col_learning:progress", args=[playlist.key]))
    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/json"


def test_what_a_coordinator_changes_is_shown_at_once_on_a_page_that_was_kept(learner, tool, course):
    playlist = lines.line(lines.course(course))

    def shown():
        return PlaylistView(playlist, learner).stations[0].stops[0].stop

    assert shown().can_be_opened
    assert shown().course.in_window
    tool.opens_in = "frame"
    tool.save(update_fields=["opens_in"])
    assert not shown().course.in_window
    move(tool, "suspended", ("active",))
    assert not shown().can_be_opened
    registering.approve(tool)
    assert shown().can_be_opened
    course.title = "Another title"
    course.save()
    assert shown().title == "Another title"
