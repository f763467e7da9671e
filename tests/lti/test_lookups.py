"""Look-ups whose SQL is written once: they find what Django's own queries find, each time."""

import threading
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import Q
from django.db.models.sql.compiler import SQLCompiler

from tests.lti import build
from wagtail_col.lookups import LookUp
from wagtail_col.lti.models import (
    Course,
    LaunchTicket,
    LineItem,
    LogEntry,
    Message,
    Outcome,
    ResourceLink,
    Tool,
    ToolState,
)
from wagtail_col.lti.writing import insert

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def values_of(found):
    return {field.attname: getattr(found, field.attname) for field in found._meta.concrete_fields}


class TestWhatIsFound:
    def test_an_object_with_all_its_values(self):
        course = build.make_course(
            custom={"level": ["a", 1]}, minutes=None, available_from=MOMENT, score_maximum=12.5
        )
        found = LookUp(lambda key: Course.objects.filter(key=key)).first(key=course.key)
        assert found == course
        assert values_of(found) == values_of(Course.objects.get())

    def test_nothing_where_nothing_is(self):
        by_key = LookUp(lambda key: Course.objects.filter(key=key))
        assert by_key.first(key=build.make_tool().key) is None
        assert by_key.all(key=build.make_tool().key) == []

    def test_each_time_with_its_own_value(self):
        courses = [build.make_course() for _n in range(3)]
        by_key = LookUp(lambda key: Course.objects.filter(key=key))
        assert [by_key.first(key=course.key) for course in courses] == courses

    def test_what_it_is_related_to_in_the_same_query(self, django_assert_num_queries):
        link = build.make_link()
        look_up = LookUp(
            lambda key: ResourceLink.objects.filter(key=key), "course", "course__tool", "context"
        )
        with django_assert_num_queries(1):
            found = look_up.first(key=link.key)
            assert found.course.tool == link.course.tool
            assert values_of(found.context) == values_of(link.context)

    def test_what_it_is_not_related_to(self, django_assert_num_queries):
        item = build.make_line_item(build.make_link(), resource_link=None)
        look_up = LookUp(
            lambda key: LineItem.objects.filter(key=key), "resource_link", "resource_link__course"
        )
        with django_assert_num_queries(1):
            assert look_up.first(key=item.key).resource_link is None

    def test_what_is_seldom_wanted_is_read_when_it_is(self, django_assert_num_queries):
        tool = build.make_tool(description="Stars")
        look_up = LookUp(lambda key: Tool.objects.filter(key=key))
        with django_assert_num_queries(1):
            found = look_up.first(key=tool.key)
            assert found.may_grades
        with django_assert_num_queries(1):
            assert found.description == "Stars"
        found.state = ToolState.SUSPENDED
        found.save()
        tool.refresh_from_db()
        assert (tool.state, tool.description) == (ToolState.SUSPENDED, "Stars")

    def test_rows_in_the_order_of_the_query(self):
        tools = [build.make_tool(name=name) for name in ("b", "c", "a")]
        look_up = LookUp(
            lambda state: (
                Tool.objects.filter(state=state).order_by("name").values_list("name", "jwks")[:2]
            )
        )
        rows = [("a", tools[0].jwks), ("b", tools[0].jwks)]
        assert look_up.all(state=ToolState.ACTIVE) == rows

    def test_a_value_is_never_part_of_the_sql(self):
        build.make_tool(name="Course house")
        by_name = LookUp(lambda name: Tool.objects.filter(name=name))
        assert by_name.first(name="' OR '1'='1") is None
        assert by_name.first(name="%s") is None
        assert by_name.first(name="Course house") is not None

    def test_a_moment_is_compared_as_one(self):
        course = build.make_course(available_from=MOMENT)
        later = LookUp(lambda pk, at: Course.objects.filter(Q(pk=pk) & Q(available_from__gt=at)))
        assert later.first(pk=course.pk, at=MOMENT) is None
        assert later.first(pk=course.pk, at=MOMENT.replace(minute=29)) == course


class TestTheSql:
    def test_is_written_once(self, monkeypatch):
        written = []
        as_sql = SQLCompiler.as_sql
        monkeypatch.setattr(SQLCompiler, "as_sql", lambda self: written.append(1) or as_sql(self))
        by_key = LookUp(lambda key: Course.objects.filter(key=key))
        for _n in range(3):
            by_key.first(key=uuid.uuid4())
        assert len(written) == 1

    @pytest.mark.django_db(transaction=True)
    def test_serves_all_threads(self):
        course = build.make_course(available_from=MOMENT)
        by_key = LookUp(lambda key: Course.objects.filter(key=key), "tool")
        found = []

        def look() -> None:
            try:
                found.append(by_key.first(key=course.key).tool)
            finally:
                connection.close()

        for _n in range(2):
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
        assert found == [course.tool] * 2

    def test_nothing_that_was_read_is_kept(self):
        tool = build.make_tool()
        by_key = LookUp(lambda key: Tool.objects.filter(key=key))
        by_key.first(key=tool.key)
        Tool.objects.update(state=ToolState.SUSPENDED)
        assert by_key.first(key=tool.key).state == ToolState.SUSPENDED


class TestInsert:
    def test_writes_what_save_would(self):
        tool = build.make_tool()
        entry = LogEntry(tool=tool, message=Message.SCORE, outcome=Outcome.DONE, detail="50 %s")
        insert(entry)
        assert values_of(LogEntry.objects.get(pk=entry.pk)) == values_of(entry)
        assert entry.at is not None

    def test_the_new_row_can_be_used_further(self):
        tool = build.make_tool()
        person = build.make_tool_user(tool).user
        ticket = build.make_picking_ticket(tool, person, build.make_context().key)
        ticket.pk, ticket.key = None, build.make_tool().key
        insert(ticket)
        ticket.save()
        assert LaunchTicket.objects.count() == 2
