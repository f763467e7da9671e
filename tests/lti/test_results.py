"""The result service, and what learners read of their own results."""

import re
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import UserFactory
from tests.lti import build, calls
from wagtail_col.lti.grading import OwnResult, own_results
from wagtail_col.lti.models import Result

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def tool():
    return build.make_tool()


@pytest.fixture
def line_item(tool):
    return calls.placed(tool)


@pytest.fixture
def caller(tool):
    return calls.Caller(tool)


def result(line_item, tool_user=None, **values):
    return Result.objects.create(
        **{
            "line_item": line_item,
            "tool_user": tool_user or build.make_tool_user(line_item.tool),
            "timestamp": NOW,
            "activity_progress": "Completed",
            "grading_progress": "FullyGraded",
            "score_given": 7.0,
            "score_maximum": 10.0,
        }
        | values
    )


def container(line_item):
    return calls.service_url("results", line_item.key)


def test_results_are_scaled_to_the_line_item_and_say_whose_they_are(caller, line_item):
    kept = result(line_item, comment="Good")
    result(calls.placed(line_item.tool))
    answer = caller.get(container(line_item))
    assert answer["Content-Type"] == "application/vnd.ims.lis.v2.resultcontainer+json"
    url = f"http://testserver/col/lti/lineitems/{line_item.key}"
    assert answer.json() == [
        {
            "id": f"{url}/results?user_id={kept.tool_user.sub}",
            "scoreOf": url,
            "userId": str(kept.tool_user.sub),
            "resultScore": 70,
            "resultMaximum": 100,
            "comment": "Good",
        }
    ]


def test_a_result_without_a_score_has_none(caller, line_item):
    result(line_item, score_given=None, score_maximum=None)
    (said,) = caller.get(container(line_item)).json()
    assert set(said) == {"id", "scoreOf", "userId"}


def test_the_result_of_one_person_can_be_asked_for(caller, line_item):
    kept, _other = result(line_item), result(line_item)
    (said,) = caller.get(container(line_item), user_id=str(kept.tool_user.sub)).json()
    assert said["userId"] == str(kept.tool_user.sub)
    for nobody in (str(uuid.uuid4()), "ana", "x" * 200):
        assert caller.get(container(line_item), user_id=nobody).json() == []


def test_results_come_in_pages(caller, line_item):
    subs = [str(result(line_item).tool_user.sub) for _ in range(5)]
    answer = caller.get(container(line_item), limit=2)
    found = [said["userId"] for said in answer.json()]
    while "Link" in answer:
        url = re.fullmatch('<([^>]*)>; rel="next"', answer["Link"]).group(1).lower()
        answer = caller.get(url)
        found += [said["userId"] for said in answer.json()]
    assert found == subs


@pytest.mark.parametrize("limit", ["0", "-5", "many"])
def test_results_with_a_limit_that_is_none_are_refused(caller, line_item, limit):
    answer = caller.get(container(line_item), limit=limit)
    assert (answer.status_code, answer.json()["requirement"]) == (400, "limit")


def test_the_queries_of_results_do_not_grow_with_them(caller, line_item):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert caller.get(container(line_item)).status_code == 200
        return len(captured)

    result(line_item)
    few = queries()
    for _ in range(10):
        result(line_item)
    assert queries() == few


@pytest.mark.parametrize(
    ("given", "maximum", "of", "score"),
    [(1, 3, 6, 2), (0.7, 1, 10, 7), (1e9, 1e-6, 1.7e308, 1e9), (0, 5, 100, 0)],
)
def test_scaling_stays_within_the_numbers(caller, tool, given, maximum, of, score):
    line_item = calls.placed(tool, score_maximum=of)
    result(line_item, score_given=given, score_maximum=maximum)
    (said,) = caller.get(container(line_item)).json()
    assert said["resultScore"] == score


def own(kept):
    link = kept.line_item.resource_link
    return (link.course.key, link.context.key)


def test_a_learner_reads_their_own_results_by_course_and_place(tool, line_item):
    mine = build.make_tool_user(tool)
    kept = result(line_item, mine, comment="Good")
    result(line_item)
    elsewhere = calls.placed(tool)
    not_asked = result(elsewhere, mine)
    places = [own(kept), (uuid.uuid4(), uuid.uuid4()), (own(kept)[0], own(not_asked)[1])]
    assert own_results(mine.user, places) == {
        own(kept): OwnResult("Completed", "FullyGraded", 7, 10, "Good", reviewable=False)
    }
    assert own_results(mine.user, []) == {}
    assert own_results(UserFactory(), places) == {}


def test_the_line_item_of_the_course_stands_before_others(tool, line_item):
    mine = build.make_tool_user(tool)
    kept = result(line_item, mine)
    quiz = build.make_line_item(line_item.resource_link, by_tool=True)
    result(quiz, mine, score_given=1.0, timestamp=datetime(2026, 6, 1, tzinfo=UTC))
    assert own_results(mine.user, [own(kept)])[own(kept)].score_given == 7
    kept.delete()
    assert own_results(mine.user, [own(kept)])[own(kept)].score_given == 1


@pytest.mark.parametrize(
    ("review", "reviewable"),
    [
        (None, False),
        ({}, True),
        ({"reviewableStatus": []}, True),
        ({"reviewableStatus": ["Completed", "Submitted"]}, True),
        ({"reviewableStatus": ["InProgress"]}, False),
    ],
)
def test_a_submission_can_be_looked_at_in_the_states_the_tool_names(tool, review, reviewable):
    line_item = calls.placed(tool)
    line_item.submission_review = review
    line_item.save()
    kept = result(line_item)
    (found,) = own_results(kept.tool_user.user, [own(kept)]).values()
    assert found.reviewable is reviewable


def test_own_results_are_one_query(tool, django_assert_num_queries):
    mine = build.make_tool_user(tool)
    kept = [result(calls.placed(tool), mine) for _ in range(5)]
    places = [own(one) for one in kept]
    with django_assert_num_queries(1):
        assert len(own_results(mine.user, places)) == 5
