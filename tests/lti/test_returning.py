"""Coming back from a tool, with what it has to say."""

import time
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import UserFactory
from tests.lti.opening import Visitor
from wagtail_col.lti.messages import return_url
from wagtail_col.lti.models import LogEntry, Message, OpensIn, Outcome, ToolState

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Visitor()


def path_of(visitor, **values) -> str:
    return return_url(visitor.begin(**values).ticket).removeprefix("http://testserver")


def come_back(visitor, browser=None, path="", **says):
    url = f"{path or path_of(visitor)}?{urlencode(says)}"
    return (browser or visitor.browser).get(url)


def told(response) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


def test_people_come_back_to_where_they_came_from(visitor):
    response = come_back(visitor)
    assert (response.status_code, response["Location"]) == (302, "/en/podcast/")
    assert told(response) == []
    assert not LogEntry.objects.exists()


def test_what_the_tool_says_is_shown_as_its_words(visitor):
    response = come_back(visitor, lti_msg="Well done!", lti_errormsg="Page 3 is missing.")
    assert told(response) == [
        ("info", "Course house says: “Well done!”"),
        ("warning", "Course house says: “Page 3 is missing.”"),
    ]


def test_what_the_tool_says_is_one_line_of_text_and_not_endless(visitor):
    response = come_back(visitor, lti_msg="<b>a</b>\n\x00\u202e b" + "x" * 5000)
    ((_level, text),) = told(response)
    assert "<b>a</b> b" in text
    assert not {"\n", "\x00", "\u202e"} & set(text)
    assert len(text) < 400


def test_markup_of_a_tool_is_escaped_in_the_page(visitor):
    response = come_back(visitor, lti_msg="<script>alert(1)</script>")
    page = render_to_string(
        "wagtail_col/messages.html", {"messages": get_messages(response.wsgi_request)}
    )
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_error_of_the_tool_is_in_the_launch_log_without_names(visitor):
    come_back(
        visitor,
        lti_errormsg="Sorry",
        lti_errorlog=f"No seat for {visitor.user.email}, Ana NOVAK, eyJhbGciOiJSUzI1NiIsImtpZCI6",
    )
    entry = LogEntry.objects.get()
    assert (entry.message, entry.outcome) == (Message.RETURN, Outcome.REFUSED)
    assert entry.requirement == "return-error"
    assert entry.detail == "No seat for … … …, …"


def test_half_a_name_where_the_text_is_cut_is_not_in_the_launch_log(visitor):
    come_back(visitor, lti_errorlog=f"{'page ' * 59}Ana Novak was here")
    assert "Nov" not in LogEntry.objects.get().detail
    LogEntry.objects.all().delete()
    come_back(visitor, lti_errorlog=f"{'page ' * 58}{visitor.user.email}")
    assert LogEntry.objects.get().detail == f"{'page ' * 58}…"


@pytest.mark.parametrize("unit", ["x", "x@", "@", "a.", "é", "A", " @", "x @"])
def test_a_long_text_for_the_launch_log_takes_a_moment(visitor, unit):
    """A pattern that is tried from each letter on would need minutes for this."""
    path, started = path_of(visitor), time.monotonic()
    come_back(visitor, path=path, lti_errorlog=unit * (100_000 // len(unit)))
    assert time.monotonic() - started < 2
    assert len(LogEntry.objects.get().detail) <= 300


def test_a_good_message_is_in_the_launch_log_without_its_words(visitor):
    come_back(visitor, lti_log="Ana got 100 points")
    entry = LogEntry.objects.get()
    assert (entry.message, entry.outcome, entry.detail) == (Message.RETURN, Outcome.DONE, "")


@pytest.mark.parametrize("token", ["forged", "x:y:z", "%00", "WzEsIi8iLDBd:1:abc"])
def test_a_way_back_that_was_not_made_here_leads_nowhere(visitor, token):
    response = visitor.browser.get(f"/col/lti/return/{token}", {"lti_msg": "Hello"})
    assert response.status_code == 404
    assert "Hello" not in response.content.decode()


def test_a_way_back_of_a_week_ago_leads_nowhere(visitor, monkeypatch):
    path, now = path_of(visitor), time.time()
    monkeypatch.setattr("time.time", lambda: now + 7 * 24 * 3600)
    assert Client().get(path).status_code == 404


def test_a_tool_that_is_gone_or_suspended_says_nothing_any_more(visitor):
    path = path_of(visitor)
    visitor.tool.state = ToolState.SUSPENDED
    visitor.tool.save()
    assert told(come_back(visitor, path=path, lti_errormsg="Call 555")) == []
    visitor.tool.delete()
    response = come_back(visitor, path=path, lti_errormsg="Call 555")
    assert (response.status_code, told(response)) == (302, [])
    assert not LogEntry.objects.exists()


def test_a_way_back_that_was_handed_on_tells_nobody_else_anything(visitor):
    path, other = path_of(visitor), Client()
    other.force_login(UserFactory())
    response = come_back(visitor, browser=other, path=path, lti_errormsg="Your account is closed")
    assert (response.status_code, told(response)) == (302, [])
    come_back(visitor, browser=Client(), path=path, lti_log="Nothing")
    assert not LogEntry.objects.exists()


def test_out_of_a_frame_the_whole_window_goes_on(visitor):
    path = path_of(visitor, opens_in=OpensIn.FRAME)
    response = come_back(visitor, path=path, lti_msg="Done & dusted")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'target="_top"' in page
    assert f'href="{path}?lti_msg=Done+%26+dusted&amp;col_outside=1"' in page
    assert told(response) == []
    outside = come_back(visitor, path=path, lti_msg="Done", col_outside="1")
    assert outside["Location"] == "/en/podcast/"
    assert told(outside)


def test_without_our_cookie_no_session_begins(visitor):
    response = come_back(visitor, browser=Client(), lti_msg="Hello")
    assert response.status_code == 302
    assert not response.cookies
