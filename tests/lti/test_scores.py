"""The score service: what is kept, what is refused and changes nothing, what others are told."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.lti import build, calls
from tests.lti.scoring import post, score
from wagtail_col.lti import grading
from wagtail_col.lti.models import LineItem, MembershipState, Result, Score, ToolUser
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.platform.scores import read_score
from wagtail_col.lti.signals import score_received

pytestmark = pytest.mark.django_db


@pytest.fixture
def tool():
    return build.make_tool()


@pytest.fixture
def line_item(tool):
    return calls.placed(tool)


@pytest.fixture
def learner(tool, line_item):
    learner = build.make_tool_user(tool)
    build.make_member(line_item.context, learner)
    return learner


@pytest.fixture
def caller(tool):
    return calls.Caller(tool)


@pytest.fixture
def heard():
    """What listeners were told; they answer with a code."""
    told = []

    def listen(sender, **kwargs):
        told.append(kwargs)
        return "progress"

    def say_nothing(sender, **kwargs):
        return None

    score_received.connect(listen)
    score_received.connect(say_nothing)
    yield told
    score_received.disconnect(listen)
    score_received.disconnect(say_nothing)


def refused(answer, status, requirement):
    assert answer.status_code == status, answer.content
    assert answer.json()["requirement"] == requirement


def test_a_score_is_kept_as_it_came_and_becomes_the_result(caller, line_item, learner, heard):
    body = score(learner, comment=" Well done ", submission={"startedAt": "now"}, **{"x:y": [1]})
    answer = post(caller, line_item, body)
    assert answer.status_code == 200, answer.content
    result, kept = Result.objects.get(), Score.objects.get()
    assert (result.line_item, result.tool_user) == (line_item, learner)
    assert (result.score_given, result.score_maximum) == (9, 10)
    assert (result.activity_progress, result.grading_progress) == ("Completed", "FullyGraded")
    assert result.comment == "Well done"
    assert result.timestamp == datetime(2026, 5, 4, 10, 20, 30, 123000, tzinfo=UTC)
    assert kept.payload == body
    assert kept.meaning.split(",")[-1] == "progress"
    assert len(heard) == 1
    assert heard[0]["score"] == kept
    assert heard[0]["result"] == result
    assert heard[0]["resource_link"] == line_item.resource_link
    assert heard[0]["user"] == learner.user


def test_the_answer_to_a_score_says_where_its_result_is(caller, line_item, learner):
    url = post(caller, line_item, score(learner)).json()["resultUrl"]
    (result,) = caller.get(url).json()
    assert result["id"] == url
    assert (result["resultScore"], result["resultMaximum"]) == (90, 100)


def test_a_newer_score_takes_the_place_of_the_result(caller, line_item, learner, heard):
    post(caller, line_item, score(learner, comment="First"))
    later = score(
        learner, timestamp="2026-05-04T12:20:31+02:00", scoreGiven=3, activityProgress="Started"
    )
    assert post(caller, line_item, later).status_code == 200
    result = Result.objects.get()
    assert (result.score_given, result.activity_progress, result.comment) == (3, "Started", "")
    assert [kept.payload["scoreGiven"] for kept in Score.objects.order_by("pk")] == [9, 3]
    assert len(heard) == 2


def test_a_score_can_be_taken_back(caller, line_item, learner):
    post(caller, line_item, score(learner))
    back = score(
        learner, timestamp="2026-05-04T10:21:00Z", scoreGiven=None, scoreMaximum=...,
        activityProgress="Initialized", gradingProgress="NotReady",
    )  # fmt: skip
    assert post(caller, line_item, back).status_code == 200
    assert Result.objects.get().score_given is None


def test_an_older_score_is_refused_and_changes_nothing(caller, line_item, learner, heard):
    post(caller, line_item, score(learner))
    older = score(learner, timestamp="2026-05-04T10:20:30.122Z", scoreGiven=10)
    refused(post(caller, line_item, older), 409, "score-older")
    assert Result.objects.get().score_given == 9
    assert Score.objects.count() == 1
    assert len(heard) == 1


def test_the_same_score_again_is_fine_and_changes_nothing(caller, line_item, learner, heard):
    first = post(caller, line_item, score(learner))
    for again in (score(learner), score(learner, timestamp="2026-05-04T12:20:30.123000+0200")):
        answer = post(caller, line_item, again)
        assert (answer.status_code, answer.json()) == (200, first.json())
    assert Score.objects.count() == 1
    assert len(heard) == 1


def test_another_score_of_the_same_moment_is_refused(caller, line_item, learner, heard):
    post(caller, line_item, score(learner))
    refused(post(caller, line_item, score(learner, scoreGiven=10)), 409, "score-same-time")
    refused(post(caller, line_item, score(learner, comment="x")), 409, "score-same-time")
    assert Result.objects.get().score_given == 9
    assert (Score.objects.count(), len(heard)) == (1, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-04T10:20:30Z",
        "2026-05-04T10:20:30+00:00",
        "2026-05-04T10:20:30+0000",
        "2026-05-04T10:20:30+00",
        "2026-05-04T12:20:30.000000000+02:00",
    ],
)
def test_a_timestamp_may_be_written_in_every_way_of_tools(caller, line_item, learner, written):
    assert post(caller, line_item, score(learner, timestamp=written)).status_code == 200
    assert Result.objects.get().timestamp == datetime(2026, 5, 4, 10, 20, 30, tzinfo=UTC)


def test_a_score_from_the_future_is_refused(caller, line_item, learner):
    ahead = (timezone.now() + timedelta(minutes=6)).isoformat()
    refused(post(caller, line_item, score(learner, timestamp=ahead)), 400, "score-future")
    little = (timezone.now() + timedelta(minutes=1)).isoformat()
    assert post(caller, line_item, score(learner, timestamp=little)).status_code == 200


def test_extra_credit_is_more_than_the_maximum(caller, line_item, learner):
    assert post(caller, line_item, score(learner, scoreGiven=12)).status_code == 200
    (result,) = caller.get(calls.service_url("results", line_item.key)).json()
    assert (result["resultScore"], result["resultMaximum"]) == (120, 100)


BAD = [
    ({"userId": ...}, "score-user"),
    ({"userId": None}, "score-user"),
    ({"userId": 5}, "score-user"),
    ({"userId": ""}, "score-user"),
    ({"userId": "ana"}, "score-user"),
    ({"userId": str(uuid.uuid4())}, "score-user"),
    ({"timestamp": ...}, "score-timestamp"),
    ({"timestamp": None}, "score-timestamp"),
    ({"timestamp": 1_700_000_000}, "score-timestamp"),
    ({"timestamp": "2026-05-04T10:20:30"}, "score-timestamp"),
    ({"timestamp": "2026-05-04"}, "score-timestamp"),
    ({"timestamp": "2026-02-30T10:20:30Z"}, "score-timestamp"),
    ({"timestamp": "0001-01-01T00:00:00+14:00"}, "score-timestamp"),
    ({"timestamp": "1970-01-01T00:00:00Z"}, "score-timestamp"),
    ({"timestamp": "9999-12-31T23:59:59Z"}, "score-future"),
    ({"activityProgress": ...}, "score-activity"),
    ({"activityProgress": "completed"}, "score-activity"),
    ({"activityProgress": "Done"}, "score-activity"),
    ({"activityProgress": ["Completed"]}, "score-activity"),
    ({"gradingProgress": ...}, "score-grading"),
    ({"gradingProgress": "Graded"}, "score-grading"),
    ({"gradingProgress": {}}, "score-grading"),
    ({"scoreGiven": -0.1}, "score-points"),
    ({"scoreGiven": "9"}, "score-points"),
    ({"scoreGiven": True}, "score-points"),
    ({"scoreGiven": 1e308}, "score-points"),
    ({"scoreMaximum": ...}, "score-points"),
    ({"scoreMaximum": None}, "score-points"),
    ({"scoreMaximum": 0}, "score-points"),
    ({"scoreMaximum": -10}, "score-points"),
    ({"scoreMaximum": 1e308}, "score-points"),
    ({"scoreMaximum": 5e-324}, "score-points"),
    ({"scoreGiven": None, "scoreMaximum": "ten"}, "score-points"),
    ({"comment": 5}, "score-comment"),
    ({"comment": "x" * 10_001}, "score-comment"),
]


@pytest.mark.parametrize(("changes", "requirement"), BAD)
def test_a_score_that_is_wrong_changes_nothing(
    caller, line_item, learner, heard, changes, requirement
):
    refused(post(caller, line_item, score(learner, **changes)), 400, requirement)
    assert not Result.objects.exists()
    assert not Score.objects.exists()
    assert not heard


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 400])
def test_a_number_that_is_none_changes_nothing(caller, line_item, learner, heard, number):
    body = calls.as_text(score(learner, scoreGiven=424242)).replace("424242", number)
    refused(post(caller, line_item, body), 400, "body-json")
    assert not Score.objects.exists()
    assert not heard


def test_a_score_of_ten_megabytes_changes_nothing(caller, line_item, learner, heard):
    refused(post(caller, line_item, score(learner, comment="x" * 10_000_000)), 413, "body-size")
    assert not Score.objects.exists()


def test_a_score_for_who_never_came_is_refused(caller, line_item, tool, heard):
    stranger = build.make_tool_user(tool)
    refused(post(caller, line_item, score(stranger)), 400, "score-member")
    elsewhere = build.make_tool_user(tool)
    build.make_member(build.make_context("Another"), elsewhere)
    refused(post(caller, line_item, score(elsewhere)), 400, "score-member")
    assert not Score.objects.exists()


def test_a_score_for_who_has_left_is_refused(caller, line_item, learner, heard):
    learner.memberships.update(state=MembershipState.LEFT)
    refused(post(caller, line_item, score(learner)), 400, "score-member")
    assert not Score.objects.exists()
    assert not heard


def test_a_score_for_an_account_that_is_switched_off_is_refused(caller, line_item, learner, heard):
    learner.user.is_active = False
    learner.user.save()
    refused(post(caller, line_item, score(learner)), 400, "score-suspended")
    assert not Score.objects.exists()
    assert not heard


def test_the_pseudonym_of_another_tool_is_nobody_here(caller, line_item, learner):
    other = build.make_tool(name="Other")
    theirs = build.make_tool_user(other, learner.user)
    build.make_member(line_item.context, theirs)
    refused(post(caller, line_item, score(theirs)), 400, "score-user")


def test_a_score_without_a_course_is_kept_and_nobody_is_told(caller, line_item, learner, heard):
    free = LineItem.objects.create(
        tool=line_item.tool, context=line_item.context, label="Attendance", score_maximum=1
    )
    assert post(caller, free, score(learner)).status_code == 200
    assert Score.objects.get().meaning == ""
    assert not heard


def test_a_score_beside_the_one_of_the_course_is_kept_and_nobody_is_told(
    caller, line_item, learner, heard
):
    quiz = build.make_line_item(line_item.resource_link, by_tool=True)
    assert post(caller, quiz, score(learner)).status_code == 200
    assert Score.objects.get().meaning == "beside-the-course"
    assert not heard


def test_the_only_line_item_a_tool_made_for_a_course_stands_for_it(caller, tool, heard):
    link = build.make_link(build.make_course(tool, score_maximum=None))
    learner = build.make_tool_user(tool)
    build.make_member(link.context, learner)
    only = build.make_line_item(link, by_tool=True)
    post(caller, only, score(learner))
    assert len(heard) == 1
    build.make_line_item(link, by_tool=True)
    post(caller, only, score(learner, timestamp="2026-05-04T10:21:00Z"))
    assert len(heard) == 1


def test_when_a_listener_fails_nothing_is_kept_and_the_score_can_be_sent_again(
    caller, line_item, learner
):
    def fail(sender, **kwargs):
        raise RuntimeError("broken")

    score_received.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            post(caller, line_item, score(learner))
    finally:
        score_received.disconnect(fail)
    assert not Result.objects.exists()
    assert not Score.objects.exists()
    assert post(caller, line_item, score(learner)).status_code == 200
    assert Score.objects.count() == 1


def test_listeners_are_told_within_the_transaction(caller, line_item, learner):
    seen = []

    def listen(sender, **kwargs):
        seen.append(connection.in_atomic_block)
        return "completed"

    score_received.connect(listen)
    try:
        post(caller, line_item, score(learner))
    finally:
        score_received.disconnect(listen)
    assert seen == [True]


def test_a_line_item_deleted_in_the_meantime_is_not_found(line_item, learner, monkeypatch):
    read = read_score(score(learner), timezone.now())

    def gone(*args):
        LineItem.objects.filter(pk=line_item.pk).delete()
        raise IntegrityError("foreign key")

    monkeypatch.setattr(grading, "_record", gone)
    with pytest.raises(IntegrityError):
        # Rolled back with the transaction: it is there, so the fault is another one.
        grading.record_score(line_item, read)
    monkeypatch.setattr(grading, "_record", lambda *args: (_ for _ in ()).throw(IntegrityError()))
    line_item.delete()
    line_item.pk = 0
    with pytest.raises(Refused) as refusal:
        grading.record_score(line_item, read)
    assert refusal.value.requirement.code == "line-item-unknown"


def test_a_score_costs_few_queries_however_many_there_are(caller, line_item, learner, tool):
    def queries(minute):
        body = score(learner, timestamp=f"2026-05-04T11:{minute:02}:00Z")
        with CaptureQueriesContext(connection) as captured:
            assert post(caller, line_item, body).status_code == 200
        return [q for q in captured if "SAVEPOINT" not in q["sql"] and q["sql"] != "BEGIN"]

    queries(0)
    few = queries(1)
    for _ in range(20):
        member = build.make_tool_user(tool)
        build.make_member(line_item.context, member)
        post(caller, line_item, score(member))
    many = queries(2)
    assert len(many) == len(few)
    # Key, tool, line item, member, result twice, score twice, the log; the rest are listeners'.
    assert len([q for q in few if "col_lti_" in q["sql"]]) <= 10, [q["sql"] for q in few]


def test_everything_of_a_learner_goes_with_them(caller, line_item, learner):
    post(caller, line_item, score(learner))
    learner.user.delete()
    assert not (Result.objects.exists() or Score.objects.exists() or ToolUser.objects.exists())


def test_one_token_serves_the_line_items_of_two_places():
    tool = build.make_tool()
    items = [calls.placed(tool, title=title) for title in ("Stars", "Planets")]
    learner = build.make_tool_user(tool)
    caller = calls.Caller(tool)
    for item in items:
        build.make_member(item.context, learner)
        assert post(caller, item, score(learner)).status_code == 200
        listed = caller.get(calls.service_url("line_items", item.context.key)).json()
        assert [found["label"] for found in listed] == [item.label]
        (result,) = caller.get(calls.service_url("results", item.key)).json()
        assert result["userId"] == str(learner.sub)
