"""From a catalogue's answer to courses: whose answer it is, once, and what becomes of it."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import UserFactory
from tests.lti import build
from wagtail_col.lti import cleaning, picking, pictures
from wagtail_col.lti.models import Course, DeepLinkReturn, LaunchTicket, TicketKind, ToolState
from wagtail_col.lti.platform.content import read_item
from wagtail_col.lti.platform.deep_linking import Response
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db

KEY = uuid.uuid4()


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """Pictures by address; none is fetched."""
    found: dict[str, str] = {}
    monkeypatch.setattr(
        pictures, "keep_all", lambda urls: {url: found[url] for url in urls if url in found}
    )
    return found


@pytest.fixture
def tool():
    return build.make_tool()


@pytest.fixture
def editor():
    return UserFactory()


@pytest.fixture
def ticket(tool, editor):
    return build.make_picking_ticket(tool, editor, KEY)


def response(*items, nonce="n-1", **values) -> Response:
    read = tuple(read_item(one, launch_url=f"{build.TOOL_HOST}/launch") for one in items)
    return Response(
        **{
            "items": read,
            "raw": items,
            "message": "",
            "error_message": "",
            "nonce": nonce,
            "expires_at": int(time.time()) + 600,
            "data": "",
        }
        | values
    )


def refusal(action, *args) -> str:
    with pytest.raises(Refused) as refused:
        action(*args)
    return refused.value.requirement.code


def test_the_data_leads_back_to_the_ticket_and_only_there(tool, ticket):
    data = picking.data_for(ticket)
    assert picking.data_for(LaunchTicket.objects.get()) == data
    assert picking.ticket_for(tool, data) == ticket
    parts = data.split(":")
    other = uuid.uuid4()
    for forged in (
        "",
        "x",
        str(ticket.key),
        data[:-1],
        data + "x",
        f"{other}:{data.partition(':')[2]}",
        ":".join([parts[0], "999", *parts[2:]]),
    ):
        assert refusal(picking.ticket_for, tool, forged) == "picked-data"


def test_the_data_of_another_editor_another_page_or_another_tool_is_refused(tool, editor, ticket):
    data = picking.data_for(ticket)
    assert refusal(picking.ticket_for, build.make_tool(), data) == "picked-data"
    somebody = build.make_tool_user(tool)
    LaunchTicket.objects.update(tool_user=somebody)
    assert refusal(picking.ticket_for, tool, data) == "picked-data"
    LaunchTicket.objects.update(tool_user=ticket.tool_user, context=build.make_context())
    assert refusal(picking.ticket_for, tool, data) == "picked-data"
    LaunchTicket.objects.update(context=ticket.context)
    assert picking.ticket_for(tool, data) == ticket


@pytest.mark.parametrize(
    "values",
    [
        {"used_at": None},
        {"used_at": timezone.now() - timedelta(days=1, minutes=1)},
        {"kind": TicketKind.RESOURCE_LINK},
    ],
)
def test_a_ticket_that_nobody_picks_with_is_refused(tool, ticket, values):
    LaunchTicket.objects.update(**values)
    assert refusal(picking.ticket_for, tool, picking.data_for(ticket)) == "picked-data"


def test_who_is_no_longer_active_has_picked_nothing(tool, editor, ticket):
    editor.is_active = False
    editor.save()
    assert refusal(picking.ticket_for, tool, picking.data_for(ticket)) == "picked-data"


def test_a_catalogue_answers_once(tool, editor, ticket):
    picking.accept(ticket, response(build.content_item()))
    assert refusal(picking.accept, ticket, response(nonce="n-1")) == "picked-once"
    assert refusal(picking.accept, ticket, response(nonce="n-2")) == "picked-once"
    again = build.make_picking_ticket(tool, editor, KEY)
    assert refusal(picking.accept, again, response(nonce="n-1")) == "picked-once"
    # What was refused has used nothing up.
    assert picking.accept(again, response(nonce="n-2")).items == []
    assert DeepLinkReturn.objects.count() == 2


def test_a_suspended_tool_has_no_answer(ticket):
    ticket.tool.state = ToolState.SUSPENDED
    assert refusal(picking.accept, ticket, response()) == "picked-not-in-use"
    assert not DeepLinkReturn.objects.exists()


def test_what_the_tool_says_is_kept_beside_what_was_picked(ticket):
    said = response(message="Two were picked.", error_message="One is closed.")
    assert picking.accept(ticket, said).message == "Two were picked.\nOne is closed."


def test_picks_become_courses_with_all_they_say(ticket, kept):
    kept["https://tool.example.org/p.png"] = "courses/p.jpg"
    item = build.content_item(
        text="What to do.",
        icon={"url": "https://tool.example.org/p.png"},
        custom={"unit": "1", "timeRequired": "PT40M"},
        iframe={"width": 10},
        available={"endDateTime": "2031-01-01T00:00:00Z"},
        lineItem={
            "scoreMaximum": 10,
            "label": "Exam",
            "resourceId": "first-aid",
            "tag": "exam",
            "submissionReview": {"reviewableStatus": ["Submitted"]},
        },
    )
    other = {"type": "ltiResourceLink", "url": f"{build.TOOL_HOST}/courses/2"}
    link = {"type": "link", "url": "https://film.example.org/", "title": "A film"}
    returned = picking.accept(ticket, response(item, other, link))
    first, second, third = picking.picks(returned)
    assert (first.title, first.item.score_maximum, first.item.minutes) == ("First aid", 10, 40)
    assert first.picture_url.endswith("courses/p.jpg")
    assert (second.title, second.picture) == ("Course of Course house", "")
    assert (third.title, third.item.is_course, third.is_elsewhere) == ("A film", False, False)
    saved = picking.save_courses(returned, [0, 2])
    course = saved[0]
    assert list(saved) == [0]
    assert Course.objects.get() == course
    assert (course.title, course.text, course.minutes) == ("First aid", "What to do.", 40)
    assert (course.picture, course.opens_in) == ("courses/p.jpg", "frame")
    assert (course.score_maximum, course.score_label, course.tag) == (10, "Exam", "exam")
    assert course.submission_review == {"reviewableStatus": ["Submitted"]}
    assert course.available_until.year == 2031
    assert course.picked_by == ticket.tool_user.user


def test_picked_again_a_course_is_updated_and_keeps_its_picture(tool, editor, ticket, kept):
    kept["https://tool.example.org/p.png"] = "courses/p.jpg"
    icon = {"icon": {"url": "https://tool.example.org/p.png"}}
    first = picking.accept(ticket, response(build.content_item(**icon)))
    before = picking.save_courses(first, [0])[0]
    kept.clear()
    ticket = build.make_picking_ticket(tool, editor, uuid.uuid4())
    changed = build.content_item(title="First aid II", url=f"{build.TOOL_HOST}/moved", **icon)
    second = picking.accept(ticket, response(changed, nonce="n-2"))
    assert picking.picks(second)[0].course == before
    after = picking.save_courses(second, [0])[0]
    assert (after.pk, after.key) == (before.pk, before.key)
    assert (after.title, after.url) == ("First aid II", f"{build.TOOL_HOST}/moved")
    assert after.picture == "courses/p.jpg"
    assert Course.objects.count() == 1


def test_the_same_thing_picked_twice_at_once_is_one(ticket):
    returned = picking.accept(
        ticket, response(build.content_item(), build.content_item(title="Again"))
    )
    assert [pick.title for pick in picking.picks(returned)] == ["First aid"]


def test_a_course_of_another_tool_is_never_touched(ticket):
    theirs = picking.picks(build.make_return(build.make_tool(), UserFactory(), KEY))
    other = build.make_tool()
    returned = build.make_return(other, UserFactory(), KEY)
    course = picking.save_courses(returned, [0])[0]
    assert theirs[0].course is None
    mine = picking.accept(ticket, response(build.content_item(title="Mine")))
    saved = picking.save_courses(mine, [0])[0]
    course.refresh_from_db()
    assert saved.pk != course.pk
    assert course.title == "First aid"


def test_a_course_that_starts_at_a_host_nobody_named_is_marked(ticket):
    returned = picking.accept(
        ticket,
        response(
            build.content_item(),
            {"type": "ltiResourceLink", "url": "https://elsewhere.example.org/c"},
        ),
    )
    assert [pick.is_elsewhere for pick in picking.picks(returned)] == [False, True]


def test_an_item_the_settings_no_longer_allow_is_left_out(tool, editor):
    returned = build.make_return(
        tool, editor, KEY, build.content_item(url="http://127.0.0.1:5000/"), build.content_item()
    )
    assert [pick.number for pick in picking.picks(returned)] == [1]


def test_looking_at_picks_takes_the_same_queries_for_many(
    tool, editor, django_assert_max_num_queries
):
    urls = [f"{build.TOOL_HOST}/{number}" for number in range(40)]
    items = [build.content_item(lineItem=None, url=url) for url in urls]
    returned = build.make_return(tool, editor, KEY, *items)
    with django_assert_max_num_queries(1):
        assert len(picking.picks(returned)) == 40


def test_picks_wait_for_who_picked_them(tool, editor):
    returned = build.make_return(tool, editor, KEY)
    empty = build.make_return(tool, editor, KEY)
    DeepLinkReturn.objects.filter(pk=empty.pk).update(items=[])
    build.make_return(tool, UserFactory(), KEY)
    build.make_return(tool, editor, uuid.uuid4())
    assert picking.waiting(editor, KEY) == [returned]
    picking.placed(returned)
    assert picking.waiting(editor, KEY) == []
    assert returned in picking.returns_of(editor, KEY)


def test_picks_outlive_their_ticket_for_a_month(tool, editor, monkeypatch):
    forgotten = []
    monkeypatch.setattr(pictures, "forget", forgotten.append)
    old, young = (build.make_return(tool, editor, KEY) for _ in range(2))
    used = build.make_course(tool, picture="used.jpg")
    rows = [{"item": build.content_item(), "picture": name} for name in ("used.jpg", "old.jpg")]
    month = timezone.now() - timedelta(days=31)
    DeepLinkReturn.objects.filter(pk=old.pk).update(items=rows, returned_at=month)
    LaunchTicket.objects.update(expires_at=timezone.now() - timedelta(days=2))
    gone = build.make_picking_ticket(
        tool, editor, KEY, expires_at=timezone.now() - timedelta(days=2)
    )
    cleaning.clean()
    assert list(DeepLinkReturn.objects.all()) == [young]
    assert list(LaunchTicket.objects.all()) == [young.ticket]
    assert not LaunchTicket.objects.filter(pk=gone.pk).exists()
    assert forgotten == ["old.jpg"]
    assert used.picture == "used.jpg"
