from datetime import UTC, datetime, timedelta, timezone

from wagtail_col.lti.platform.custom import LONGEST, MOST, as_moment, substitute


def test_values_become_text():
    custom = {"a": 1, "b": True, "c": None, "d": 1.5, "e": " x ", "f": False}
    assert substitute(custom, {}) == {
        "a": "1",
        "b": "true",
        "c": "",
        "d": "1.5",
        "e": "x",
        "f": "false",
    }


def test_a_known_variable_is_filled_in_and_an_unknown_one_stays():
    custom = {"known": "$User.id", "empty": "$Person.name.full", "unknown": "$User.image"}
    variables = {"User.id": "p", "Person.name.full": ""}
    assert substitute(custom, variables) == {"known": "p", "empty": "", "unknown": "$User.image"}


def test_what_came_in_for_a_variable_is_not_filled_in_again():
    variables = {"Context.title": "$Person.email.primary", "Person.email.primary": "a@example.org"}
    assert substitute({"t": "$Context.title"}, variables) == {"t": "$Person.email.primary"}


def test_a_variable_in_the_middle_of_a_text_is_text():
    assert substitute({"t": "costs $User.id"}, {"User.id": "p"}) == {"t": "costs $User.id"}


def test_too_many_and_too_long_values_are_cut():
    filled = substitute({str(n): "x" * 9000 for n in range(500)}, {})
    assert len(filled) == MOST
    assert {len(value) for value in filled.values()} == {LONGEST}


def test_moments_are_told_in_utc():
    madrid = timezone(timedelta(hours=2))
    assert as_moment(datetime(2026, 10, 3, 10, 0, tzinfo=madrid)) == "2026-10-03T08:00:00Z"
    assert as_moment(datetime(2026, 10, 3, 10, 0, 5, 999, tzinfo=UTC)) == "2026-10-03T10:00:05Z"
    assert as_moment(None) == ""
