"""What a score means for a step."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.learning.scoring import Reported, completes, reaches

ACTIVITIES = ("Initialized", "Started", "InProgress", "Submitted", "Completed", "Nonsense", "")
GRADINGS = ("NotReady", "Failed", "Pending", "PendingManual", "FullyGraded", "")
points = st.floats(0, 1e6, allow_nan=False)
reports = st.builds(
    Reported,
    st.sampled_from(ACTIVITIES),
    st.sampled_from(GRADINGS),
    st.none() | points,
    st.none() | points,
)


@pytest.mark.parametrize("activity", ACTIVITIES)
@pytest.mark.parametrize("grading", GRADINGS)
def test_a_step_without_a_percentage_is_done_when_the_course_says_completed(activity, grading):
    expected = activity == "Completed" and grading != "Failed"
    assert completes(Reported(activity, grading), None) is expected


@pytest.mark.parametrize("activity", ACTIVITIES)
@pytest.mark.parametrize("grading", GRADINGS)
def test_a_score_counts_only_when_it_is_final(activity, grading):
    expected = activity in ("Completed", "Submitted") and grading == "FullyGraded"
    assert completes(Reported(activity, grading, 1.0, 1.0), 80) is expected


@pytest.mark.parametrize(
    ("got", "maximum", "percent", "enough"),
    [
        (0.8, 1, 80, True),
        (0.7, 1, 70, True),
        (0.57, 1, 57, True),
        (0.1 + 0.2, 1, 30, True),
        (0.7999999, 1, 80, False),
        (79, 100, 80, False),
        (4, 5, 80, True),
        (110, 100, 100, True),
        (1, 3, 33, True),
        (1, 3, 34, False),
        (0, 100, 1, False),
        (0, 0, 1, False),
        (5, 0, 1, False),
        (5, -5, 1, False),
        (None, 100, 1, False),
        (100, None, 1, False),
        (float("nan"), 100, 1, False),
        (float("inf"), 100, 1, False),
        (50, float("inf"), 1, False),
    ],
)
def test_which_score_is_enough(got, maximum, percent, enough):
    assert reaches(got, maximum, percent) is enough


@given(st.integers(1, 100), st.integers(1, 1000))
def test_exactly_the_percentage_is_always_enough(percent, maximum):
    exact = float(Decimal(percent) * maximum / 100)
    assert reaches(exact, maximum, percent)
    assert not reaches(exact - 0.001, maximum, percent)


@given(reports, st.integers(1, 100), st.integers(1, 100))
def test_who_reaches_more_reaches_less(report, one, other):
    if completes(report, max(one, other)):
        assert completes(report, min(one, other))


@given(reports, st.integers(1, 100))
def test_no_step_is_done_by_a_course_that_is_under_way(report, percent):
    if report.activity_progress not in ("Completed", "Submitted"):
        assert not completes(report, None)
        assert not completes(report, percent)
