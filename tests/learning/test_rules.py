"""Steps, choices and what makes a playlist complete."""

from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.learning.rules import StepRule, StepState, progress

LINE = [
    StepRule("read"),
    StepRule("record"),
    StepRule("visit", required=False),
    StepRule("interview", choice=1),
    StepRule("market", choice=1),
    StepRule("cut"),
]


@st.composite
def lines(draw):
    steps = draw(
        st.lists(st.tuples(st.booleans(), st.one_of(st.none(), st.integers(0, 2))), max_size=8)
    )
    return [StepRule(n, required, choice) for n, (required, choice) in enumerate(steps)]


@st.composite
def lines_and_done(draw):
    line = draw(lines())
    keys = [rule.key for rule in line]
    return line, draw(st.permutations(keys)), draw(st.integers(0, len(keys)))


def test_who_has_done_nothing_starts_at_the_first_step():
    found = progress(LINE, set())
    assert (found.done_count, found.needed_count) == (0, 4)
    assert found.next == "read"
    assert found.state("read") is StepState.NOW
    assert found.state("record") is StepState.OPEN
    assert not found.is_complete


def test_steps_may_be_done_in_any_order():
    found = progress(LINE, {"cut"})
    assert found.done_count == 1
    assert found.next == "read"
    assert found.state("cut") is StepState.DONE


def test_any_one_of_a_choice_is_enough_and_counts_once():
    one = progress(LINE, {"market"})
    both = progress(LINE, {"market", "interview"})
    assert one.done_count == both.done_count == 1
    assert "interview" not in [key for station in one.missing for key in station.keys]


def test_optional_steps_do_not_stand_in_the_way():
    found = progress(LINE, {"read", "record", "interview", "cut"})
    assert found.is_complete
    assert found.next is None
    assert found.missing == ()
    assert found.state("visit") is StepState.OPEN


def test_an_optional_step_does_not_count():
    assert progress(LINE, {"visit"}).done_count == 0


def test_a_choice_with_one_required_step_is_required():
    line = [StepRule("a", required=False, choice=3), StepRule("b", required=True, choice=3)]
    assert not progress(line, set()).is_complete
    assert progress(line, {"a"}).is_complete


def test_a_line_of_optional_steps_alone_is_complete_with_any_of_them():
    line = [StepRule("a", required=False), StepRule("b", required=False)]
    nothing = progress(line, set())
    assert (nothing.done_count, nothing.needed_count, nothing.next) == (0, 1, "a")
    assert not nothing.is_complete
    assert progress(line, {"b"}).is_complete


def test_an_empty_line_is_never_complete():
    found = progress([], {"something else"})
    assert not found.is_complete
    assert (found.done_count, found.needed_count, found.next) == (0, 0, None)


def test_steps_that_are_no_longer_there_do_not_count():
    assert progress(LINE, {"gone", "read"}).done_count == 1


def test_what_cannot_be_done_now_is_passed_over_but_still_needed():
    found = progress(LINE, set(), closed={"read"})
    assert found.next == "record"
    assert found.needed_count == 4
    everything = {rule.key for rule in LINE}
    assert progress(LINE, set(), closed=everything).next == "read"


@given(lines_and_done())
def test_doing_more_never_loses_anything(given_line):
    line, order, some = given_line
    before, after = progress(line, order[:some]), progress(line, order)
    assert before.done <= after.done
    assert before.done_count <= after.done_count
    assert before.needed_count == after.needed_count
    assert after.is_complete or not before.is_complete
    assert set(after.missing) <= set(before.missing)


@given(lines_and_done())
def test_the_order_does_not_matter(given_line):
    line, order, some = given_line
    assert progress(line, order[:some]) == progress(line, list(reversed(order[:some])))


@given(lines_and_done(), st.sets(st.integers(0, 8)))
def test_there_is_always_a_way_on_until_it_is_complete(given_line, closed):
    line, order, some = given_line
    done = set(order[:some])
    for _step in line:
        found = progress(line, done, closed)
        if found.is_complete:
            break
        assert found.next is not None
        assert found.next not in done
        done.add(found.next)
    found = progress(line, done, closed)
    assert found.is_complete == bool(line)
    assert found.next is None


@given(lines_and_done())
def test_the_counts_agree(given_line):
    line, order, some = given_line
    found = progress(line, order[:some])
    assert 0 <= found.done_count <= found.needed_count <= len(line)
    assert found.is_complete == (bool(line) and not found.missing)
    assert sorted(key for station in found.stations for key in station.keys) == [
        rule.key for rule in line
    ]
