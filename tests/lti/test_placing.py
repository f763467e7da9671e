import uuid
from datetime import UTC, datetime

import pytest

from tests.lti import build
from wagtail_col.lti import placing
from wagtail_col.lti.models import Context, LineItem, ResourceLink

pytestmark = pytest.mark.django_db
KEY = uuid.UUID("0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f")


def test_a_course_is_placed_once_in_a_context():
    course = build.make_course()
    link = placing.place(course, KEY, "Podcast")
    assert placing.place(course, KEY, "Podcast") == link
    assert ResourceLink.objects.count() == 1
    assert link.context.key == KEY
    assert placing.place(course, uuid.uuid4(), "Other") != link


def test_the_place_takes_the_name_it_has_now():
    course = build.make_course()
    placing.place(course, KEY, "Podcast")
    placing.place(course, KEY, "Podcast from zero")
    assert Context.objects.get().title == "Podcast from zero"
    placing.place(course, KEY, "")
    assert Context.objects.get().title == "Podcast from zero"
    placing.place(course, KEY, "x" * 400)
    assert Context.objects.get().title == "x" * 255


def test_a_course_with_a_maximum_has_a_line_item_of_its_own():
    course = build.make_course(
        score_maximum=20.0,
        resource_id="r1",
        tag="exam",
        submission_from=datetime(2026, 10, 3, 8, tzinfo=UTC),
        submission_review={"url": "https://tool.example.org/review"},
    )
    link = placing.place(course, KEY, "Podcast")
    item = LineItem.objects.get()
    assert (item.tool, item.context, item.resource_link) == (course.tool, link.context, link)
    assert (item.label, item.score_maximum) == ("First aid", 20.0)
    assert (item.resource_id, item.tag) == ("r1", "exam")
    assert item.starts_at == course.submission_from
    assert item.submission_review == course.submission_review
    assert not item.by_tool


def test_the_line_item_has_the_label_of_the_course_if_it_came_with_one():
    placing.place(build.make_course(score_label="Points"), KEY, "Podcast")
    assert LineItem.objects.get().label == "Points"


@pytest.mark.parametrize(
    ("course", "tool"), [({"score_maximum": None}, {}), ({}, {"may_grades": False})]
)
def test_without_a_maximum_or_permission_there_is_none(course, tool):
    placing.place(build.make_course(build.make_tool(**tool), **course), KEY, "Podcast")
    assert not LineItem.objects.exists()


def test_picked_again_the_line_item_follows_the_course():
    course = build.make_course()
    placing.place(course, KEY, "Podcast")
    item = LineItem.objects.get()
    course.title, course.score_maximum = "First aid, new", 50.0
    course.save()
    placing.place(course, KEY, "Podcast")
    item.refresh_from_db()
    assert (item.label, item.score_maximum) == ("First aid, new", 50.0)
    assert LineItem.objects.count() == 1


def test_line_items_of_the_tools_own_making_are_left_alone():
    course = build.make_course()
    link = placing.place(course, KEY, "Podcast")
    own = build.make_line_item(link, by_tool=True, label="Mine")
    course.title = "Other"
    placing.place(course, KEY, "Podcast")
    own.refresh_from_db()
    assert own.label == "Mine"


def test_placing_again_writes_nothing(django_assert_num_queries):
    course = build.make_course()
    placing.place(course, KEY, "Podcast")
    with django_assert_num_queries(2):
        placing.place(course, KEY, "Podcast")
