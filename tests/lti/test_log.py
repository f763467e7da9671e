"""The launch log: what was said and refused, in words, and never too much of it."""

import pytest

from tests.lti.build import make_course, make_tool
from wagtail_col.lti import log
from wagtail_col.lti.models import LogEntry, Message, Outcome
from wagtail_col.lti.platform import jwt
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db


def test_a_refusal_names_the_field_and_how_to_mend_it():
    tool = make_tool()
    log.refused(tool, Message.TOKEN, Refused(jwt.UNKNOWN_KID, "k" * 400))
    (entry,) = log.entries(tool)
    assert (entry.outcome, entry.requirement, entry.field) == (
        Outcome.REFUSED,
        "unknown-kid",
        "kid",
    )
    assert entry.detail == "k" * 300
    assert "not among" in log.says(entry) and "key set URL" in log.mend(entry)


def test_a_message_that_was_right_says_nothing():
    course = make_course()
    log.done(course.tool, Message.LAUNCH, course=course)
    (entry,) = log.entries()
    assert (entry.outcome, entry.course, log.says(entry), log.mend(entry)) == (
        Outcome.DONE,
        course,
        "",
        "",
    )


def test_a_requirement_that_is_no_more_is_shown_by_its_code():
    entry = LogEntry(requirement="of-an-older-version")
    assert log.says(entry) == "of-an-older-version"


def test_each_tool_has_its_own_entries_the_newest_first():
    one, other = make_tool(), make_tool()
    for tool, message in ((one, Message.LOGIN), (other, Message.LOGIN), (one, Message.LAUNCH)):
        log.done(tool, message)
    assert [entry.message for entry in log.entries(one)] == [Message.LAUNCH, Message.LOGIN]
    assert log.entries().count() == 3


def test_whoever_floods_the_log_fills_neither_it_nor_what_others_look_for():
    noisy, other = make_tool(), make_tool()
    for _n in range(70):
        log.refused(noisy, Message.TOKEN, Refused(jwt.TOKEN_FORM))
    log.done(noisy, Message.LAUNCH)
    log.refused(noisy, Message.SCORE, Refused(jwt.TOKEN_FORM))
    log.refused(other, Message.TOKEN, Refused(jwt.TOKEN_FORM))
    log.refused(None, Message.TOKEN, Refused(jwt.TOKEN_FORM))
    refused = log.entries(noisy).filter(outcome=Outcome.REFUSED)
    assert refused.filter(message=Message.TOKEN).count() == log.MOST_REFUSALS_A_MINUTE
    assert refused.filter(message=Message.SCORE).count() == 1
    assert log.entries(noisy).filter(outcome=Outcome.DONE).count() == 1
    assert log.entries(other).count() == 1
    assert log.entries().filter(tool=None).count() == 1
