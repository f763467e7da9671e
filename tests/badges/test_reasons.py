"""Why a badge was given: what is kept, and what is said."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.badges import reasons

from .build import BECAUSE

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def test_a_line_of_before_there_were_other_ways():
    kept = reasons.clean(BECAUSE)
    assert kept["by"] == "playlist"
    assert kept["assessed"] == "" and kept["badges"] == []
    assert reasons.in_words(BECAUSE)[0] == "Finished the line “Podcast from zero”."


def test_only_what_belongs_there_is_kept():
    kept = reasons.clean(
        {"by": "magic", "learner": "Zofka", "url": "javascript:alert(1)", "assessed": "Zofka"}
    )
    assert kept == {
        "by": "",
        "title": "",
        "url": "",
        "playlist": "",
        "rule": "",
        "version": None,
        "steps": [],
        "assessed": "",
        "badges": [],
    }


def test_cleaning_twice_changes_nothing():
    assert reasons.clean(reasons.clean(BECAUSE)) == reasons.clean(BECAUSE)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "by": JSON,
            "title": JSON,
            "url": JSON,
            "playlist": JSON,
            "assessed": JSON,
            "steps": st.lists(st.dictionaries(st.sampled_from(["title", "how", "at"]), JSON)),
            "badges": st.lists(st.dictionaries(st.sampled_from(["name", "url"]), JSON)),
        },
    )
)
def test_whatever_comes_is_said_in_lines(because):
    kept = reasons.clean(because)
    lines = reasons.in_words(kept)
    assert lines and all(line and "\n" not in line for line in lines)
    assert kept["by"] in ("", *reasons.BY)


@pytest.mark.parametrize(
    ("because", "said"),
    [
        ({"by": "opportunity", "title": "Walk"}, ["Took part in “Walk”."]),
        ({"by": "code", "title": "Fair"}, ["Was at “Fair” and entered the organiser’s code."]),
        ({"by": "code"}, ["Entered the organiser’s code."]),
        (
            {"by": "evidence", "assessed": "peer"},
            ["Sent in what shows it.", "Somebody who has this badge looked at it."],
        ),
        (
            {"by": "list", "title": "Camp", "assessed": "organiser"},
            ["The organiser gave this badge for “Camp”."],
        ),
        ({"by": "hand"}, ["The organiser gave this badge."]),
        (
            {"by": "badges", "badges": [{"name": "A", "url": "https://a.example/"}, {}]},
            ["Has the badges that this one asks for:", "- A – https://a.example/", "- A badge"],
        ),
        (
            {"by": "system", "title": "T"},
            ["The organiser’s own system reported it, for “T”."],
        ),
        ({"title": "T"}, ["For “T”."]),
        ({}, ["Earned as the criteria say."]),
    ],
    ids=lambda value: value.get("by", "none") if isinstance(value, dict) else "",
)
def test_each_way_has_its_words(because, said):
    with translation.override("en"):
        assert reasons.in_words(because) == said


def test_every_way_has_words():
    for by in reasons.BY:
        assert reasons.in_words({"by": by, "title": "T"}) != reasons.in_words({})


def test_what_is_too_long_is_said_shorter():
    because = {
        "by": "badges",
        "badges": [{"name": "B"}] * 103,
        "steps": [{"title": "S", "how": "code"}] * 101,
    }
    lines = reasons.in_words(because)
    assert "And 1 more step." in lines and "And 3 more badges." in lines


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-40T99:00", None])
def test_a_moment_that_is_not_one(at):
    assert reasons.moment_of({"at": at}) is None


def test_the_rule_that_earned_a_badge_is_told():
    because = reasons.clean(
        {"by": "playlist", "title": "Data", "rule": "Do 2 of these 3 stations.", "version": 4}
    )
    assert because["version"] == 4
    assert "What the line asked for: Do 2 of these 3 stations." in reasons.in_words(because)
    assert reasons.clean({"version": "4"})["version"] is None
