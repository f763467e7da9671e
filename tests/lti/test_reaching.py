"""Whether a provider's server is there: asked seldom, before somebody is sent to it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.lti import build
from tests.lti.opening import Visitor, claims_of
from tests.serving import http, serve
from wagtail_col.lti import cleaning, launching, reaching
from wagtail_col.lti.models import LaunchTicket, LogEntry, Message, TicketKind, Tool
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    """The provider's server, and a site that looks whether it is there."""
    with serve(http()) as running:
        settings.WAGTAIL_COL = {
            **settings.WAGTAIL_COL,
            "FETCH_PRIVATE_HOSTS": ["127.0.0.1"],
            "COURSE_ANSWER_SECONDS": 2,
        }
        yield running


@pytest.fixture
def tool(server):
    return build.make_tool(login_url=f"http://{server.host}/login")


@pytest.fixture
def away(server):
    """A tool at a port where nobody listens."""
    return build.make_tool(login_url="http://127.0.0.1:1/login")


def found(tool) -> str:
    """What was wrong; empty when it is there."""
    try:
        reaching.check(tool)
    except Refused as refused:
        return refused.detail
    return ""


def test_a_provider_that_answers_is_asked_once(server, tool):
    assert [found(tool) for _n in range(3)] == ["", "", ""]
    assert len(server.requests) == 1


def test_a_provider_that_has_just_opened_a_course_is_not_asked(server, tool):
    visitor = Visitor(tool=tool)
    opening = visitor.begin()
    cache.clear()
    assert claims_of(visitor.answer(opening))
    assert found(tool) == ""
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 405, 500])
def test_any_answer_of_its_own_will_do(server, tool, status):
    server.answer = http(status=f"{status} No")
    assert found(tool) == ""


@pytest.mark.parametrize("status", [502, 503, 504])
def test_what_stands_before_a_server_that_is_down_says_so(server, tool, status):
    server.answer = http(status=f"{status} No")
    assert [found(tool), found(tool)] == [f"status {status}"] * 2
    assert len(server.requests) == 1, "a moment later nobody waits for it once more"


def test_nobody_answers(away):
    assert found(away) == "unreachable"


def test_another_address_is_asked_anew(server, tool):
    server.answer = http(status="503 No")
    assert found(tool)
    server.answer = http()
    tool.login_url += "/corrected"
    assert found(tool) == ""


def test_while_one_asks_nobody_else_waits(server, tool):
    meanwhile = []

    def answer(connection):
        meanwhile.append(found(tool))
        connection.sendall(http(status="503 No"))

    server.answer = answer
    assert found(tool) == "status 503"
    assert meanwhile == [""]
    assert len(server.requests) == 1


def test_a_server_this_site_may_not_ask_counts_as_there(server, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": []}
    assert found(build.make_tool(login_url=f"https://{server.host}/login")) == ""
    assert server.requests == []


def test_a_site_that_does_not_want_to_looks_at_nobody(away, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "COURSE_ANSWER_SECONDS": 0}
    assert found(away) == ""


@pytest.mark.parametrize("kind", [TicketKind.RESOURCE_LINK, TicketKind.DEEP_LINKING])
def test_nobody_is_sent_to_a_provider_that_is_down(away, kind):
    visitor = Visitor(tool=away)
    with pytest.raises(launching.Unavailable) as caught:
        visitor.begin(kind)
    assert caught.value.code == "tool-away"
    assert not LaunchTicket.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.tool, entry.requirement, entry.detail) == (away, "tool-away", "unreachable")
    assert visitor.begin(kind, unasked=True).url.startswith(away.login_url)


# What never came back


@pytest.fixture
def sent():
    """Somebody was sent to a provider, hours ago."""
    visitor = Visitor()
    for _n in range(3):
        visitor.begin()
    LaunchTicket.objects.update(expires_at=timezone.now() - timedelta(hours=2))
    return visitor


def silent() -> list[tuple[Tool, str]]:
    entries = LogEntry.objects.filter(requirement="login-unanswered")
    return [(entry.tool, entry.detail) for entry in entries]


def test_a_provider_that_never_came_back_is_in_the_launch_log(sent):
    assert cleaning.clean()["unused"] == 3
    assert silent() == [(sent.tool, "3 ×")]
    assert not LaunchTicket.objects.exists()
    assert cleaning.clean()["unanswered"] == 0


def test_who_only_closed_the_window_is_not(sent):
    assert claims_of(sent.answer())
    cleaning.clean()
    assert silent() == []


def test_nor_is_a_provider_whose_answer_was_refused(sent):
    sent.answer(nonce=None)
    cleaning.clean()
    assert silent() == []


def test_what_this_site_wrote_itself_is_no_answer(sent):
    launching.log.refused(sent.tool, Message.LAUNCH, Refused(reaching.TOOL_AWAY, "unreachable"))
    cleaning.clean()
    assert silent() == [(sent.tool, "3 ×")]


def test_a_late_answer_is_told_that_it_is_late(sent):
    LaunchTicket.objects.update(expires_at=timezone.now() - timedelta(minutes=30))
    assert cleaning.clean()["unused"] == 0
    assert silent() == []
