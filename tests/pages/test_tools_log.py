"""The launch log as an editor reads it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.lti import build
from tests.pages.tools import coordinator, to
from wagtail_col.lti import log
from wagtail_col.lti.models import LogEntry, Message, Outcome
from wagtail_col.lti.platform import jwt, keyset
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    client.force_login(coordinator("view"))
    return client


@pytest.fixture
def tool():
    return build.make_tool()


def rows(response) -> list[LogEntry]:
    return list(response.context["object_list"])


def test_a_refusal_says_the_field_and_how_to_mend_it(me, tool):
    course = build.make_course(tool, title="First aid")
    log.refused(tool, Message.LAUNCH, Refused(jwt.TOKEN_KID, "nothing there"), course=course)
    for page in (to("log"), to("tool", tool.key)):
        html = me.get(page).content.decode()
        assert "The token does not say which key signed it." in html
        assert "Ask the course provider to send the name of its key" in html
        assert "<code>kid</code>" in html
        assert "<code>nothing there</code>" in html
        assert "Refused" in html
        assert "Course opened" in html
        assert "First aid" in html


def test_why_keys_were_not_fetched_is_said_in_words(me, tool):
    log.refused(tool, Message.KEYS, Refused(keyset.KEYS_FETCHED, "status 503"))
    assert "The server answers with an error. (503)" in me.get(to("log")).content.decode()


def test_what_went_well_is_there_too(me, tool):
    log.done(tool, Message.SCORE)
    html = me.get(to("log")).content.decode()
    assert "Course house" in html
    assert "Score" in html
    assert "Done" in html


def test_the_log_leads_to_the_provider(me, tool):
    log.done(tool, Message.SCORE)
    assert f'href="{to("tool", tool.key)}"' in me.get(to("log")).content.decode()


def test_a_message_of_nobody_known(me):
    log.refused(None, Message.LOGIN, Refused(jwt.TOKEN_FORM))
    assert "unknown" in me.get(to("log")).content.decode()


def test_a_requirement_of_an_older_version_is_shown_by_its_code(me, tool):
    LogEntry.objects.create(
        tool=tool, message=Message.LAUNCH, outcome=Outcome.REFUSED, requirement="gone-since"
    )
    assert "gone-since" in me.get(to("log")).content.decode()


def test_the_log_is_filtered(me, tool):
    other = build.make_tool(name="Other house")
    log.done(tool, Message.LAUNCH)
    log.done(other, Message.SCORE)
    log.refused(other, Message.TOKEN, Refused(jwt.TOKEN_KID))
    assert len(rows(me.get(to("log")))) == 3
    cases = [
        ({"tool": other.pk}, {"score", "token"}),
        ({"outcome": "refused"}, {"token"}),
        ({"outcome": "done"}, {"launch", "score"}),
        ({"message": ["launch", "token"]}, {"launch", "token"}),
        ({"tool": tool.pk, "outcome": "refused"}, set()),
        ({"outcome": "nonsense"}, {"launch", "score", "token"}),
    ]
    for query, found in cases:
        assert {entry.message for entry in rows(me.get(to("log"), query))} == found
        assert {entry.message for entry in rows(me.get(to("log_results"), query))} == found


def test_the_newest_comes_first_page_by_page(me, tool):
    for _ in range(51):
        log.done(tool, Message.LAUNCH)
    newest = log.entries(tool).order_by("pk").first()
    LogEntry.objects.filter(pk=newest.pk).update(at=newest.at + timedelta(hours=1))
    first = rows(me.get(to("log")))
    assert (len(first), first[0].pk) == (50, newest.pk)
    assert len(rows(me.get(to("log"), {"p": 2}))) == 1
    assert "p=2" in me.get(to("log")).content.decode()


def test_an_empty_log(me):
    assert me.get(to("log")).status_code == 200


def test_queries_of_the_log_do_not_grow(me, tool):
    log.done(tool, Message.LAUNCH)
    counts = []
    for more in (0, 20):
        for number in range(more):
            other = build.make_tool(name=f"House {number}")
            course = build.make_course(other)
            log.refused(other, Message.LAUNCH, Refused(jwt.TOKEN_KID), course=course)
        me.get(to("log"))
        with CaptureQueriesContext(connection) as captured:
            me.get(to("log"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
