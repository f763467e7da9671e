"""What learners see of a course, and which courses an editor may choose."""

import uuid

import pytest

from tests.lti import build
from wagtail_col.lti.courses import choices, courses, is_offered, kept_choices, offered_tools
from wagtail_col.lti.models import ToolState

pytestmark = pytest.mark.django_db


def test_views_of_courses_in_one_query(django_assert_num_queries):
    tool = build.make_tool(opens_in="frame")
    made = [build.make_course(tool, minutes=20, picture="a/b.jpg", text="Why") for _ in range(5)]
    made.append(build.make_course(build.make_tool(state=ToolState.SUSPENDED), opens_in="window"))
    with django_assert_num_queries(1):
        found = courses([*(course.key for course in made), uuid.uuid4(), None])
    assert set(found) == {course.key for course in made}
    view = found[made[0].key]
    assert (view.title, view.text, view.minutes, view.provider) == (
        "First aid",
        "Why",
        20,
        "Course house",
    )
    assert view.picture == "/media/a/b.jpg"
    assert (view.is_active, view.opens_in, view.tool_key) == (True, "frame", tool.key)
    assert found[made[5].key].picture == ""
    assert (found[made[5].key].is_active, found[made[5].key].opens_in) == (False, "window")
    with django_assert_num_queries(0):
        assert courses([None]) == {}


def test_tools_are_offered_to_everybody_or_to_some():
    city, library = uuid.uuid4(), uuid.uuid4()
    everybody = build.make_tool(name="A")
    some = build.make_tool(name="B", offered_to=[str(library)])
    build.make_tool(name="C", state=ToolState.PENDING)
    build.make_tool(name="D", state=ToolState.SUSPENDED, offered_to=[str(library)])
    assert offered_tools([city]) == [everybody]
    assert offered_tools([city, library]) == [everybody, some]
    assert offered_tools([]) == [everybody]
    assert is_offered(some, [library])
    assert not is_offered(some, [city])


def test_editors_choose_among_courses_offered_there(django_assert_max_num_queries):
    library = uuid.uuid4()
    open_course = build.make_course(title="Open")
    closed = build.make_course(build.make_tool(offered_to=[str(library)]), title="Closed")
    with django_assert_max_num_queries(2):
        found = choices([uuid.uuid4()])
    assert [(choice.key, choice.label) for choice in found] == [
        (open_course.key, "Open — Course house")
    ]
    assert {choice.title for choice in choices([library])} == {"Open", "Closed"}
    gone = uuid.uuid4()
    kept = kept_choices([closed.key, gone, None])
    assert kept[closed.key].label == "Closed — Course house (not offered here)"
    assert kept[gone].label == "A course that is no longer here"
