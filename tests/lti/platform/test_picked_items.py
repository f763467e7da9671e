"""One course or link that a catalogue sends back: what it may say."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.lti.platform.content import LONGEST_TITLE, identity, read_duration, read_item
from wagtail_col.lti.platform.requirements import Refused

LAUNCH = "https://tool.example.org/launch"
COURSE = {"type": "ltiResourceLink", "url": "https://tool.example.org/c/1", "title": "First aid"}


def item(**changes):
    return read_item(COURSE | changes, launch_url=LAUNCH)


def item_refusal(value) -> str:
    with pytest.raises(Refused) as refused:
        read_item(value, launch_url=LAUNCH)
    return refused.value.requirement.code


@pytest.mark.parametrize("kind", ["html", "image", "file", "", None, 3, ["link"]])
def test_only_courses_and_links_are_taken(kind):
    assert item_refusal({**COURSE, "type": kind}) == "picked-item-type"


@pytest.mark.parametrize("value", [None, "link", 3, [COURSE]])
def test_an_item_is_an_object(value):
    assert item_refusal(value) == "picked-item-form"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//tool.example.org",
        "data:text/html,x",
        "http://tool.example.org/c/1",
        "//tool.example.org/c/1",
        "/c/1",
        "https://",
        "https:///c",
        "https://user:word@tool.example.org/",
        "https://tool.example.org\\@elsewhere.example/",
        " https://tool.example.org/",
        "https://tool.example.org/\n",
        "https://tool.example.org:port/",
        "https://[::1/",
        "https://tool.example.org/" + "a" * 2000,
        7,
        ["https://tool.example.org/"],
    ],
)
def test_addresses_a_course_cannot_have(url):
    assert item_refusal({**COURSE, "url": url}) == "picked-item-url"
    assert item_refusal({"type": "link", "url": url}) == "picked-item-url"


def test_a_link_has_an_address_a_course_need_not():
    assert item_refusal({"type": "link", "url": None}) == "picked-item-url"
    assert item(url=None).url == item(url="").url == LAUNCH
    assert read_item({"type": "ltiResourceLink"}, launch_url=LAUNCH).url == LAUNCH


def test_without_tls_only_where_the_site_says_so():
    said = COURSE | {"url": "http://127.0.0.1:5000/c"}
    assert item_refusal(said) == "picked-item-url"
    for hosts in ({"127.0.0.1"}, {"127.0.0.1:5000"}):
        assert read_item(said, launch_url=LAUNCH, http_hosts=hosts).url == said["url"]
    with pytest.raises(Refused):
        read_item(said, launch_url=LAUNCH, http_hosts={"127.0.0.1:6000"})


def test_a_link_without_a_title_is_called_by_its_host():
    found = read_item({"type": "link", "url": "https://film.example.org/7"}, launch_url=LAUNCH)
    assert (found.title, found.is_course) == ("film.example.org", False)


@pytest.mark.parametrize(
    "maximum",
    [
        0, -1, -0.5, float("nan"), float("inf"), float("-inf"), 10**400, "10", True, None, [10],
    ],
)  # fmt: skip
def test_a_maximum_that_is_no_positive_number(maximum):
    assert item_refusal(COURSE | {"lineItem": {"scoreMaximum": maximum}}) == "picked-item-maximum"


@pytest.mark.parametrize(
    ("line_item", "code"),
    [
        ("10", "picked-item-line-item"),
        ({}, "picked-item-maximum"),
        ({"scoreMaximum": 1, "label": 5}, "picked-item-line-item"),
        ({"scoreMaximum": 1, "resourceId": 5}, "picked-item-line-item"),
        ({"scoreMaximum": 1, "tag": "x" * 256}, "picked-item-line-item"),
        ({"scoreMaximum": 1, "submissionReview": True}, "picked-item-line-item"),
        (
            {"scoreMaximum": 1, "submissionReview": {"reviewableStatus": "All"}},
            "picked-item-line-item",
        ),
        (
            {"scoreMaximum": 1, "submissionReview": {"url": "javascript:alert(1)"}},
            "picked-item-url",
        ),
        (
            {"scoreMaximum": 1, "submissionReview": {"custom": {"a": []}}},
            "picked-item-custom",
        ),
    ],
)
def test_a_line_item_that_cannot_be_read(line_item, code):
    assert item_refusal(COURSE | {"lineItem": line_item}) == code


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("available", {"startDateTime": "soon"}),
        ("available", {"startDateTime": 5}),
        ("available", "2027-01-01"),
        ("submission", {"endDateTime": "0001-01-01T00:00:00+14:00"}),
        (
            "available",
            {"startDateTime": "2027-02-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"},
        ),
    ],
)
def test_times_that_cannot_be(name, said):
    assert item_refusal(COURSE | {name: said}) == "picked-item-times"


@pytest.mark.parametrize("custom", [[], "a=b", {"a": {"b": "c"}}, {"a": ["b"]}])
def test_custom_parameters_that_are_no_texts(custom):
    assert item_refusal(COURSE | {"custom": custom}) == "picked-item-custom"


def test_custom_parameters_that_real_tools_send():
    found = item(custom={"id": 12, "final": True, "none": None, "word": "x"}).custom
    assert found == {"id": "12", "final": "true", "none": "", "word": "x"}


@pytest.mark.parametrize(
    "picture", ["javascript:alert(1)", "http://tool.example.org/p.png", 5, {"url": None}, [], None]
)
def test_a_picture_that_cannot_be_used_does_not_lose_the_course(picture):
    assert item(icon=picture, thumbnail=picture).picture == ""


def test_texts_are_cut_and_cleaned():
    found = item(title="A\x07\x1b B" + "x" * 400, text=None)
    assert found.title.startswith("A Bx")
    assert len(found.title) == LONGEST_TITLE
    assert item_refusal(COURSE | {"title": 3}) == "picked-item-form"


@pytest.mark.parametrize(
    ("said", "opens_in"),
    [
        ({"iframe": {}}, "frame"),
        ({"window": {"targetName": "w"}}, "window"),
        ({"iframe": {}, "window": {}}, ""),
        ({}, ""),
        ({"iframe": True}, ""),
    ],
)
def test_how_it_wants_to_open(said, opens_in):
    assert item(**said).opens_in == opens_in


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("PT45M", 45), ("PT1H30M", 90), ("P1D", 1440), ("P2W", 20160), ("PT90S", 2),
        ("PT0.5S", None), ("PT1,5S", 1), ("P1DT2H", 1560), ("45", None), ("PT", None), ("P", None),
        ("P1Y", None), ("PT-5M", None), ("P9999W", None), (45, None), (None, None),
        ("PT0M", None), ("P1DT", None),
    ],
)  # fmt: skip
def test_durations(text, minutes):
    assert read_duration(text) == minutes
    assert item(custom={"timeRequired": text}).minutes == minutes


def test_picked_again_it_is_the_same_course():
    assert identity(item()) == identity(item(title="New title", text="New", icon=None))
    assert identity(item(custom={"a": "1", "b": "2"})) == identity(
        item(custom={"b": "2", "a": "1"})
    )
    others = [
        item(),
        item(url="https://tool.example.org/c/2"),
        item(custom={"a": "1"}),
        item(lineItem={"scoreMaximum": 1, "resourceId": "r"}),
        item(lineItem={"scoreMaximum": 1, "resourceId": "s"}),
    ]
    assert len({identity(one) for one in others}) == len(others)
    moved = item(url=LAUNCH, lineItem={"scoreMaximum": 5, "resourceId": "r"})
    assert identity(moved) == identity(others[3])
    assert len(identity(moved)) == 64


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=12,
)
MEMBERS = ["type", "url", "title", "text", "icon", "custom", "lineItem", "available", "iframe"]


@given(st.dictionaries(st.sampled_from(MEMBERS), json_values))
def test_any_item_is_read_or_refused(changes):
    try:
        found = read_item(COURSE | changes, launch_url=LAUNCH)
    except Refused as refused:
        assert refused.requirement.code.startswith("picked-item-")
    else:
        assert found.url.startswith("https://")
        json.dumps([*found.custom.items()])


@pytest.mark.parametrize("name", ["available", "submission"])
def test_a_moment_at_the_end_of_the_calendar_is_none(name):
    # In another time zone it lies outside, and nobody could open the page any more.
    assert item_refusal(COURSE | {name: {"startDateTime": "9999-12-31T23:59:59Z"}}) == (
        "picked-item-times"
    )
    assert item_refusal(COURSE | {name: {"endDateTime": "0001-01-01T00:00:00Z"}}) == (
        "picked-item-times"
    )
    never = item(**{name: {"endDateTime": "9999-12-31T23:59:59Z"}})
    assert getattr(never, f"{name}_until") is None
