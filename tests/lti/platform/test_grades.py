"""Line items, scores and results as values: whatever is sent is read or refused, and adds up."""

import json
import math
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_col.lti.platform import grades, scores
from wagtail_col.lti.platform.moments import write_moment
from wagtail_col.lti.platform.requirements import Refused

NOW = datetime(2026, 6, 1, tzinfo=UTC)
USER = uuid.UUID("0ae836b9-7fc9-4060-806f-27b2066ac545")
SCORE = {
    "userId": str(USER),
    "timestamp": "2026-05-04T10:20:30Z",
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
    "scoreGiven": 1,
    "scoreMaximum": 2,
}
ITEM = {
    "label": "Quiz",
    "scoreMaximum": 10,
    "resourceId": "r",
    "tag": "t",
    "resourceLinkId": "l",
    "startDateTime": "2026-05-04T10:20:30Z",
    "endDateTime": None,
    "submissionReview": {"reviewableStatus": ["Completed"]},
}

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["Completed", str(USER), "2026-05-04T10:20:30+00", 1e308, 5e-324]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*SCORE, "comment"]), anything))
def test_a_score_of_anything_is_read_or_refused(changes):
    try:
        score = scores.read_score({**SCORE, **changes}, NOW)
    except Refused as refused:
        assert refused.requirement.code.startswith("score-")
        return
    assert score.activity_progress in scores.ACTIVITY
    assert score.grading_progress in scores.GRADING
    assert score.user_id == USER
    assert score.timestamp.tzinfo is UTC
    if score.given is not None:
        assert math.isfinite(score.given / score.maximum)
        assert score.given >= 0


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ITEM)), anything))
def test_a_line_item_of_anything_is_read_or_refused(changes):
    try:
        item = grades.read_line_item({**ITEM, **changes})
    except Refused as refused:
        assert refused.requirement.code.startswith("line-item-")
        return
    assert item.label.strip()
    assert item.score_maximum > 0
    json.dumps(grades.line_item_json(item, "https://a"), allow_nan=False)


@settings(deadline=None)
@given(anything)
def test_a_body_without_what_is_needed_is_refused(value):
    for body in ({}, {"scoreGiven": value}, {"comment": value}):
        with pytest.raises(Refused):
            scores.read_score(body, NOW)
        with pytest.raises(Refused):
            grades.read_line_item(body)


def test_a_line_item_is_answered_as_it_was_read():
    item = grades.read_line_item(ITEM)
    assert grades.line_item_json(item, "https://a/1") == {"id": "https://a/1", **ITEM}
    assert grades.read_line_item(grades.line_item_json(item, "https://a/1")) == item


def test_a_long_label_is_cut_and_a_long_identifier_refused():
    assert len(grades.read_line_item({**ITEM, "label": "x" * 300}).label) == 255
    for name in ("resourceId", "tag"):
        with pytest.raises(Refused):
            grades.read_line_item({**ITEM, name: "x" * 256})


@settings(deadline=None)
@given(
    st.floats(0, 1e9),
    st.floats(1e-6, 1e9),
    st.floats(5e-324, 1.7e308, exclude_min=True),
)
def test_a_result_is_always_a_number(given_points, maximum, line_item_maximum):
    result = scores.Result("u", given_points, maximum, "")
    said = scores.result_json(
        result, line_item_url="l", url="r", line_item_maximum=line_item_maximum
    )
    json.dumps(said, allow_nan=False)
    assert said["resultScore"] >= 0
    assert said["resultMaximum"] > 0


@pytest.mark.parametrize(
    ("when", "newer"),
    [("10:20:29", None), ("10:20:30", False), ("10:20:30.000001", True), ("10:20:31", True)],
)
def test_scores_are_in_the_order_of_their_timestamps(when, newer):
    last = datetime(2026, 5, 4, 10, 20, 30, tzinfo=UTC)
    score = scores.read_score({**SCORE, "timestamp": f"2026-05-04T{when}Z"}, NOW)
    if newer is None:
        with pytest.raises(Refused) as refusal:
            scores.check_order(score, last)
        assert refusal.value.requirement.status == 409
    else:
        assert scores.check_order(score, last) is newer
    assert scores.check_order(score, None) is True


def test_a_repetition_says_the_same_in_another_notation_of_time():
    kept = {**SCORE, "timestamp": "2026-05-04T12:20:30+02:00"}
    scores.check_same(scores.read_score(SCORE, NOW), kept)
    for other in (None, {}, {**SCORE, "scoreGiven": 2}, {**SCORE, "comment": ""}):
        with pytest.raises(Refused):
            scores.check_same(scores.read_score(SCORE, NOW), other)


def test_the_same_person_is_written_in_one_way():
    assert scores.read_user_id(str(USER).upper()) == USER
    for other in (USER.hex, f"{{{USER}}}", USER.urn, f" {USER}", 5, None, b"x"):
        with pytest.raises(Refused):
            scores.read_user_id(other)


def test_moments_are_written_in_utc():
    assert write_moment(NOW) == "2026-06-01T00:00:00Z"
