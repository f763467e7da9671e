"""The line item service: what tools find, make, change and delete, and what is refused."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.lti import build, calls
from wagtail_col.lti.models import Course, LineItem, Result
from wagtail_col.lti.platform import grades

pytestmark = pytest.mark.django_db

CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ITEM = "application/vnd.ims.lis.v2.lineitem+json"


@pytest.fixture
def tool():
    return build.make_tool()


@pytest.fixture
def own(tool):
    """The line item that came with the placed course."""
    return calls.placed(tool, resource_id="course-1", tag="grade")


@pytest.fixture
def caller(tool):
    return calls.Caller(tool)


def container(own):
    return calls.service_url("line_items", own.context.key)


def address(line_item):
    return calls.service_url("line_item", line_item.key)


def refused(answer, status, requirement):
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert (body["status"], body["requirement"]) == (status, requirement)
    assert body["error"]
    assert body["error_description"]


def make(own, **values):
    return LineItem.objects.create(
        **{"tool": own.tool, "context": own.context, "label": "Quiz", "score_maximum": 10.0}
        | values
    )


def labels(answer):
    assert answer.status_code == 200, answer.content
    return [item["label"] for item in answer.json()]


def test_the_container_holds_the_line_items_of_the_tool_in_this_place(caller, own, tool):
    make(own, label="Quiz 1")
    calls.placed(tool, title="Elsewhere")
    answer = caller.get(container(own))
    assert answer["Content-Type"] == CONTAINER
    assert labels(answer) == ["First aid", "Quiz 1"]
    assert "Link" not in answer
    assert answer.json()[0] == {
        "id": f"http://testserver/col/lti/lineitems/{own.key}",
        "label": "First aid",
        "scoreMaximum": 100,
        "resourceLinkId": str(own.resource_link.key),
        "startDateTime": None,
        "endDateTime": None,
    }


def test_a_place_without_a_course_of_the_tool_is_not_there(caller, own):
    nothing_there = build.make_context("Nothing of this provider")
    refused(caller.get(calls.service_url("line_items", nothing_there.key)), 404, "context-unknown")
    refused(caller.get(calls.service_url("line_items", uuid.uuid4())), 404, "context-unknown")
    answer = caller.post(
        calls.service_url("line_items", nothing_there.key), {"label": "x", "scoreMaximum": 1}
    )
    refused(answer, 404, "context-unknown")


def test_line_items_are_filtered_by_link_resource_and_tag_together(caller, own):
    link = str(own.resource_link.key)
    make(own, label="A", resource_id="r1", tag="grade")
    make(own, label="B", resource_id="r1", tag="originality")
    make(own, label="C", resource_id="R1", tag="grade", resource_link=own.resource_link)
    url = container(own)
    assert labels(caller.get(url, resource_id="r1")) == ["A", "B"]
    assert labels(caller.get(url, tag="grade")) == ["A", "C"]
    assert labels(caller.get(url, tag="grade", resource_id="r1")) == ["A"]
    assert labels(caller.get(url, resource_link_id=link)) == ["First aid", "C"]
    assert labels(caller.get(url, resource_link_id=link, resource_id="R1")) == ["C"]
    assert labels(caller.get(url, resource_link_id=str(uuid.uuid4()))) == []
    assert labels(caller.get(url, resource_link_id="no-key")) == []
    assert labels(caller.get(url, tag="")) == ["First aid", "A", "B", "C"]


def test_unknown_parameters_of_a_container_are_ignored(caller, own):
    assert labels(caller.get(container(own), include="launch_url", type_id="3")) == ["First aid"]


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "ten", "", " 5", "1e3", "٣", "9" * 30])
def test_a_limit_that_is_no_number_above_zero_is_refused(caller, own, limit):
    refused(caller.get(container(own), limit=limit), 400, "limit")


@pytest.mark.parametrize("page", ["2", "zz", "", "ff", "6c696d69743d31", "61667465723d2d31"])
def test_a_page_that_we_did_not_name_is_refused(caller, own, page):
    refused(caller.get(container(own), page=page), 400, "page")


def test_a_filter_that_is_there_twice_or_too_long_is_refused(caller, own):
    refused(caller.get(container(own), tag=["a", "b"]), 400, "filter")
    refused(caller.get(container(own), tag="x" * 256), 400, "filter")
    refused(caller.get(container(own), tag="a\0"), 400, "filter")


def following(answer):
    """The address of the next page as PyLTI1p3 finds it: in lower case."""
    import re

    header = answer.headers.get("Link", "").replace("\n", " ").lower().strip()
    found = re.search(r'<([^>]*)>;\s*rel="next"', header)
    return found.group(1) if found else None


def test_pages_follow_each_other_also_for_who_lower_cases_addresses(caller, own):
    for number in range(7):
        make(own, label=f"Quiz {number}", tag="Grade-A")
        make(own, label=f"Other {number}", tag="grade-a")
    answer = caller.get(container(own), tag="Grade-A", limit=3)
    pages = [labels(answer)]
    while url := following(answer):
        answer = caller.get(url)
        pages.append(labels(answer))
    assert pages == [
        ["Quiz 0", "Quiz 1", "Quiz 2"],
        ["Quiz 3", "Quiz 4", "Quiz 5"],
        ["Quiz 6"],
    ]


def test_nothing_is_there_twice_or_missing_when_items_come_and_go_between_pages(caller, own):
    items = [make(own, label=str(number)) for number in range(4)]
    answer = caller.get(container(own), limit=3)
    assert labels(answer) == ["First aid", "0", "1"]
    items[0].delete()
    make(own, label="new")
    assert labels(caller.get(following(answer))) == ["2", "3", "new"]


def test_a_page_has_a_hundred_line_items_at_most(caller, own):
    LineItem.objects.bulk_create(
        LineItem(tool=own.tool, context=own.context, label=str(n), score_maximum=1)
        for n in range(120)
    )
    answer = caller.get(container(own), limit=100000)
    assert len(answer.json()) == 100
    assert len(caller.get(following(answer)).json()) == 21


def test_the_queries_of_a_container_do_not_grow_with_its_line_items(caller, own):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert caller.get(container(own)).status_code == 200
        return len(captured)

    few = queries()
    for _ in range(20):
        make(own, resource_link=own.resource_link)
    assert queries() == few


def test_a_tool_makes_a_line_item(caller, own, tool):
    answer = caller.post(
        container(own),
        {
            "label": " Chapter 5 ",
            "scoreMaximum": 60.5,
            "resourceId": "quiz-231",
            "tag": "Grade",
            "startDateTime": "2026-03-06T20:05:02Z",
            "endDateTime": "2026-04-06T22:05:03+02:00",
            "gradesReleased": True,
            "https://example.org/extension": {"a": [1]},
        },
        ITEM,
    )
    assert (answer.status_code, answer["Content-Type"]) == (201, ITEM)
    made = LineItem.objects.get(by_tool=True)
    assert answer.json() == {
        "id": f"http://testserver/col/lti/lineitems/{made.key}",
        "label": "Chapter 5",
        "scoreMaximum": 60.5,
        "resourceId": "quiz-231",
        "tag": "Grade",
        "startDateTime": "2026-03-06T20:05:02Z",
        "endDateTime": "2026-04-06T20:05:03Z",
    }
    assert answer["Location"] == answer.json()["id"]
    assert (made.tool, made.context, made.resource_link) == (tool, own.context, None)
    assert caller.get(answer["Location"]).json() == answer.json()


def test_a_line_item_is_made_for_a_placed_course_of_the_tool(caller, own):
    link = str(own.resource_link.key)
    answer = caller.post(
        container(own), {"label": "Extra", "scoreMaximum": 1, "resourceLinkId": link}
    )
    assert answer.json()["resourceLinkId"] == link
    assert own.resource_link.line_items.count() == 2


def test_a_line_item_for_a_course_of_others_or_elsewhere_is_refused(caller, own, tool):
    other = calls.placed(build.make_tool(name="Other"), own.context)
    elsewhere = calls.placed(tool)
    for link in (other.resource_link.key, elsewhere.resource_link.key, uuid.uuid4(), "mine"):
        item = {"label": "x", "scoreMaximum": 1, "resourceLinkId": str(link)}
        refused(caller.post(container(own), item), 404, "line-item-link")
    assert not LineItem.objects.filter(by_tool=True).exists()


BAD_ITEMS = [
    ({}, "line-item-label"),
    ({"label": None}, "line-item-label"),
    ({"label": "  "}, "line-item-label"),
    ({"label": 5}, "line-item-label"),
    ({"scoreMaximum": None}, "line-item-maximum"),
    ({"scoreMaximum": 0}, "line-item-maximum"),
    ({"scoreMaximum": -1}, "line-item-maximum"),
    ({"scoreMaximum": 1e308}, "line-item-maximum"),
    ({"scoreMaximum": 1e-300}, "line-item-maximum"),
    ({"scoreMaximum": "100"}, "line-item-maximum"),
    ({"scoreMaximum": True}, "line-item-maximum"),
    ({"scoreMaximum": [1]}, "line-item-maximum"),
    ({"resourceId": 7}, "line-item-text"),
    ({"resourceId": "x" * 256}, "line-item-text"),
    ({"tag": ["a"]}, "line-item-text"),
    ({"resourceLinkId": {}}, "line-item-text"),
    ({"startDateTime": "2026-03-06T20:05:02"}, "line-item-time"),
    ({"startDateTime": "yesterday"}, "line-item-time"),
    ({"endDateTime": 1}, "line-item-time"),
    ({"endDateTime": "0001-01-01T00:00:00+14:00"}, "line-item-time"),
    ({"endDateTime": "9999-12-31T23:59:59-14:00"}, "line-item-time"),
    ({"submissionReview": "yes"}, "line-item-review"),
    ({"submissionReview": {"reviewableStatus": "Completed"}}, "line-item-review"),
    ({"submissionReview": {"url": "javascript:alert(1)"}}, "line-item-review"),
    ({"submissionReview": {"url": "http://tool.example.org/"}}, "line-item-review"),
    ({"submissionReview": {"custom": [1]}}, "line-item-review"),
]


@pytest.mark.parametrize(("changes", "requirement"), BAD_ITEMS)
def test_a_line_item_that_is_wrong_is_neither_made_nor_changed(caller, own, changes, requirement):
    item = {"label": "Quiz", "scoreMaximum": 10, **changes} if changes else {}
    mine = make(own, label="Before")
    refused(caller.post(container(own), item), 400, requirement)
    refused(caller.put(address(mine), item), 400, requirement)
    assert LineItem.objects.filter(by_tool=True).values_list("label", flat=True)[0] == "Before"
    assert LineItem.objects.count() == 2


BAD_BODIES = [
    (b"", 400, "body-json"),
    (b"   ", 400, "body-json"),
    (b"{", 400, "body-json"),
    (b"[]", 400, "body-json"),
    (b"null", 400, "body-json"),
    (b'"label"', 400, "body-json"),
    (b"\xff\xfe", 400, "body-json"),
    (b'{"label": "a", "label": "b", "scoreMaximum": 1}', 400, "body-json"),
    (b'{"label": "a", "scoreMaximum": NaN}', 400, "body-json"),
    (b'{"label": "a", "scoreMaximum": Infinity}', 400, "body-json"),
    (b'{"label": "a", "scoreMaximum": 1e400}', 400, "body-json"),
    (b'{"label": "a", "scoreMaximum": ' + b"9" * 5000 + b"}", 400, "body-json"),
    (b'{"label": "a\\u0000", "scoreMaximum": 1}', 400, "body-json"),
    (b'{"label": "\\ud800", "scoreMaximum": 1}', 400, "body-json"),
    (b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400, "body-json"),
    (b'{"a":' + b"[" * 17 + b"]" * 17 + b"}", 400, "body-json"),
    (b'{"label": "' + b"x" * 70_000 + b'"}', 413, "body-size"),
    (b"x" * 10_000_000, 413, "body-size"),
]


@pytest.mark.parametrize(("body", "status", "requirement"), BAD_BODIES)
def test_a_body_that_is_no_json_object_is_refused(caller, own, body, status, requirement):
    mine = make(own, label="Before")
    refused(caller.put(address(mine), body), status, requirement)
    refused(caller.post(container(own), body), status, requirement)
    refused(caller.post(calls.service_url("scores", mine.key), body), status, requirement)
    assert LineItem.objects.count() == 2


@pytest.mark.parametrize(
    "content_type", [ITEM, "application/json", "application/json; charset=utf-8", ITEM.upper()]
)
def test_json_may_be_called_by_any_of_its_names(caller, own, content_type):
    item = {"label": "Quiz", "scoreMaximum": 10}
    assert caller.post(container(own), item, content_type).status_code == 201


@pytest.mark.parametrize("content_type", ["text/html", "application/x-www-form-urlencoded", "json"])
def test_a_body_that_says_it_is_something_else_is_refused(caller, own, content_type):
    item = {"label": "Quiz", "scoreMaximum": 10}
    refused(caller.post(container(own), item, content_type), 415, "body-type")


def test_a_line_item_is_replaced_as_a_whole(caller, own):
    mine = make(
        own, resource_id="r", tag="t", starts_at=datetime(2026, 1, 1, tzinfo=UTC),
        submission_review={"reviewableStatus": ["Completed"]},
    )  # fmt: skip
    answer = caller.put(
        address(mine), {"id": "ignored", "label": "New", "scoreMaximum": 20, "tag": "u"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (200, ITEM)
    assert answer.json() == caller.get(address(mine)).json()
    mine.refresh_from_db()
    assert (mine.label, mine.score_maximum, mine.tag) == ("New", 20, "u")
    assert (mine.resource_id, mine.starts_at, mine.submission_review) == ("", None, None)


def test_results_are_scaled_when_the_maximum_changes(caller, own, tool):
    learner = build.make_tool_user(tool)
    Result.objects.create(
        line_item=own, tool_user=learner, timestamp=datetime(2026, 1, 1, tzinfo=UTC),
        activity_progress="Completed", grading_progress="FullyGraded",
        score_given=1, score_maximum=3,
    )  # fmt: skip
    caller.put(address(own), {"label": "First aid", "scoreMaximum": 6})
    (result,) = caller.get(calls.service_url("results", own.key)).json()
    assert (result["resultScore"], result["resultMaximum"]) == (2, 6)


def test_a_line_item_cannot_be_moved_to_another_course(caller, own, tool):
    course = build.make_course(tool, identity="second")
    second = build.make_link(course, own.context)
    for mine in (own, make(own)):
        item = {"label": "Quiz", "scoreMaximum": 10, "resourceLinkId": str(second.key)}
        refused(caller.put(address(mine), item), 400, "line-item-moved")
    item["resourceLinkId"] = str(own.resource_link.key)
    assert caller.put(address(own), item).status_code == 200
    del item["resourceLinkId"]
    caller.put(address(own), item)
    own.refresh_from_db()
    assert own.resource_link != second


def test_a_tool_deletes_its_own_line_item_and_not_the_one_of_the_course(caller, own):
    mine = make(own)
    answer = caller.delete(address(mine))
    assert (answer.status_code, answer.content) == (204, b"")
    refused(caller.get(address(mine)), 404, "line-item-unknown")
    refused(caller.delete(address(mine)), 404, "line-item-unknown")
    refused(caller.delete(address(own)), 403, "line-item-ours")
    assert LineItem.objects.get() == own
    assert Course.objects.exists()


def test_there_is_an_end_to_the_line_items_a_tool_makes(caller, own, monkeypatch):
    monkeypatch.setattr(grades, "MOST_ITEMS", 3)
    item = {"label": "Quiz", "scoreMaximum": 10}
    assert [caller.post(container(own), item).status_code for _ in range(3)] == [201, 201, 403]


def test_what_can_be_looked_at_is_kept_with_the_line_item(caller, own):
    review = {
        "reviewableStatus": ["Completed"],
        "label": "Open",
        "url": "https://tool.example.org/review",
        "custom": {"a": "b"},
    }
    item = {"label": "Quiz", "scoreMaximum": 10, "submissionReview": review}
    assert caller.post(container(own), item).json()["submissionReview"] == review
