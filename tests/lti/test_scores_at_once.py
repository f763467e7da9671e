"""Scores that are sent at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.lti import build, calls
from tests.lti.scoring import post, score
from wagtail_col.lti.models import Result, Score


def placed():
    """A tool that may send scores, one of its line items, and a learner who is on the course."""
    tool = build.make_tool()
    line_item = calls.placed(tool)
    learner = build.make_tool_user(tool)
    build.make_member(line_item.context, learner)
    caller = calls.Caller(tool)
    return caller, line_item, learner


@pytest.mark.django_db(transaction=True)
def test_a_score_sent_twenty_times_at_once_is_kept_once():
    caller, line_item, learner = placed()
    body = score(learner)

    def send(_number):
        try:
            return post(caller, line_item, body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(send, range(20))) == {200}
    assert Result.objects.count() == Score.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_scores_sent_at_once_the_newest_is_the_result():
    caller, line_item, learner = placed()

    def send(second):
        body = score(learner, timestamp=f"2026-05-04T10:20:{second:02}Z", scoreGiven=second)
        try:
            return post(caller, line_item, body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(send, range(20)))
    assert set(statuses) <= {200, 409}
    assert statuses[19] == 200
    assert Result.objects.get().score_given == 19
    assert Score.objects.count() == statuses.count(200)
