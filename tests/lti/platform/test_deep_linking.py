"""What a catalogue sends back: who says it, when, and how much."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.lti.platform.deep_linking import DL, LTI, Response, read_response
from wagtail_col.lti.platform.requirements import Refused

ISSUER = "https://city.example.org"
CLIENT = "client-1"
LAUNCH = "https://tool.example.org/launch"
NOW = 1_800_000_000.5

COURSE = {"type": "ltiResourceLink", "url": "https://tool.example.org/c/1", "title": "First aid"}


def claims(*items, **changes) -> dict:
    """A response as it has to be; a change to ``...`` leaves a claim out."""
    said = {
        "iss": CLIENT,
        "aud": [ISSUER],
        "exp": int(NOW) + 600,
        "iat": int(NOW),
        "nonce": "n-1",
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "deployment-1",
        DL + "content_items": list(items),
        DL + "data": "data-1",
    } | changes
    return {name: value for name, value in said.items() if value is not ...}


def read(said: dict, **more) -> Response:
    values = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "deployment_id": "deployment-1",
        "launch_url": LAUNCH,
        "now": NOW,
    } | more
    return read_response(said, **values)


def refusal(said: dict, **more) -> str:
    with pytest.raises(Refused) as refused:
        read(said, **more)
    return refused.value.requirement.code


def test_a_response_with_everything_a_course_may_say():
    said = {
        **COURSE,
        "text": "What to do until help comes.",
        "icon": {"url": "https://tool.example.org/icon.png", "width": 64, "height": 64},
        "thumbnail": {"url": "https://tool.example.org/large.png"},
        "custom": {"unit": "7", "from": "$ResourceLink.available.startDateTime"},
        "iframe": {"width": 800, "height": 600},
        "available": {"startDateTime": "2027-01-01T08:00:00Z", "endDateTime": None},
        "submission": {"endDateTime": "2027-06-01T08:00:00+02:00"},
        "lineItem": {
            "label": "Test",
            "scoreMaximum": 12.5,
            "resourceId": "r-1",
            "tag": "grade",
            "submissionReview": {
                "reviewableStatus": ["Submitted"],
                "label": "Open",
                "url": "https://tool.example.org/review",
                "custom": {"a": "b"},
            },
        },
        "https://example.org/timeRequired": "PT1H30M",
    }
    response = read(claims(said, **{DL + "msg": " Done. ", DL + "errormsg": "One was left out."}))
    found = response.items[0]
    assert response.raw == (said,)
    assert (response.message, response.error_message) == ("Done.", "One was left out.")
    assert (response.nonce, response.data) == ("n-1", "data-1")
    assert (found.title, found.text) == ("First aid", "What to do until help comes.")
    assert found.picture == "https://tool.example.org/large.png"
    assert found.minutes == 90
    assert found.custom["unit"] == "7"
    assert found.opens_in == "frame"
    assert found.available_from == datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert found.available_until is None
    assert found.submission_until == datetime(2027, 6, 1, 6, tzinfo=UTC)
    assert (found.score_maximum, found.score_label) == (12.5, "Test")
    assert (found.resource_id, found.tag) == ("r-1", "grade")
    assert found.submission_review == said["lineItem"]["submissionReview"]


def test_nothing_picked_is_an_answer():
    assert read(claims()).items == ()
    assert read(claims(**{DL + "content_items": ...})).items == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ISSUER},
        {"aud": [ISSUER, "https://other.example"], "azp": CLIENT},
        {"azp": CLIENT},
        {"azp": ISSUER},
        {"iat": NOW - 30.25},
        {"exp": int(NOW) - 30},
        {"iat": int(NOW) + 30},
    ],
)
def test_audience_and_times_as_real_tools_write_them(changes):
    assert read(claims(**changes)).data == "data-1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "another"}, "picked-iss"),
        ({"iss": ...}, "picked-iss"),
        ({"iss": [CLIENT]}, "picked-iss"),
        ({"aud": "https://other.example"}, "picked-aud"),
        ({"aud": f"{ISSUER}/"}, "picked-aud"),
        ({"aud": ["https://other.example"]}, "picked-aud"),
        ({"aud": [ISSUER, 3]}, "picked-aud"),
        ({"aud": {ISSUER: 1}}, "picked-aud"),
        ({"aud": []}, "picked-aud"),
        ({"aud": ...}, "picked-aud"),
        ({"aud": [ISSUER, "https://other.example"]}, "picked-azp"),
        ({"azp": "another"}, "picked-azp"),
        ({"azp": [CLIENT]}, "picked-azp"),
        ({"exp": ...}, "picked-exp"),
        ({"exp": int(NOW) - 61}, "picked-exp"),
        ({"exp": "later"}, "picked-exp"),
        ({"exp": True}, "picked-exp"),
        ({"exp": float("nan")}, "picked-exp"),
        ({"exp": float("inf")}, "picked-exp"),
        ({"exp": 10**400}, "picked-exp"),
        ({"iat": ...}, "picked-iat"),
        ({"iat": int(NOW) + 120}, "picked-iat"),
        ({"iat": int(NOW) - 3700}, "picked-iat"),
        ({"iat": "now"}, "picked-iat"),
        ({"nonce": ...}, "picked-nonce"),
        ({"nonce": ""}, "picked-nonce"),
        ({"nonce": 7}, "picked-nonce"),
        ({"nonce": "x" * 501}, "picked-nonce"),
        ({LTI + "message_type": "LtiResourceLinkRequest"}, "picked-message-type"),
        ({LTI + "message_type": ...}, "picked-message-type"),
        ({LTI + "version": "1.1"}, "picked-version"),
        ({LTI + "version": ...}, "picked-version"),
        ({LTI + "deployment_id": "another"}, "picked-deployment"),
        ({LTI + "deployment_id": ...}, "picked-deployment"),
        ({DL + "data": ...}, "picked-data"),
        ({DL + "data": None}, "picked-data"),
        ({DL + "data": {"a": 1}}, "picked-data"),
        ({DL + "content_items": COURSE}, "picked-items"),
        ({DL + "content_items": "[]"}, "picked-items"),
        ({DL + "content_items": [{**COURSE, "title": "a\0b"}]}, "picked-items"),
        ({DL + "content_items": [{**COURSE, "title": "\ud800"}]}, "picked-items"),
    ],
)
def test_a_response_that_is_not_for_us_or_not_right(changes, code):
    assert refusal(claims(**changes)) == code


def test_a_refusal_names_the_item():
    with pytest.raises(Refused) as refused:
        read(claims(COURSE, COURSE | {"url": "javascript:alert(1)"}))
    assert refused.value.requirement.code == "picked-item-url"
    assert refused.value.detail == "item 2: url: javascript:"


def test_a_hundred_courses_at_once_and_no_more():
    assert len(read(claims(*[COURSE] * 100)).items) == 100
    assert refusal(claims(*[COURSE] * 101)) == "picked-too-many"
    assert refusal(claims(COURSE | {"text": "x" * 262_145})) == "picked-too-many"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(list(claims())), json_values), st.lists(json_values))
def test_any_response_is_read_or_refused(changes, items):
    try:
        read(claims(*items) | changes)
    except Refused as refused:
        assert refused.requirement.code.startswith("picked-")


def test_a_number_beyond_all_numbers_is_refused():
    assert refusal(claims(COURSE | {"height": float("inf")})) == "picked-items"
