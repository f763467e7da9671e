"""What a playlist asks for and what a learner's completions make of it: the table of cases, and
what holds of every rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.learning import rule_cases
from wagtail_col.learning.rules import (
    Obstacle,
    Rule,
    StepRule,
    StepState,
    WayKind,
    Why,
    progress,
    suiting,
    with_extras,
)

CASES = rule_cases.cases()
LINE = Rule(
    (
        StepRule("read"),
        StepRule("record"),
        StepRule("visit", required=False),
        StepRule("interview", choice=1),
        StepRule("market", choice=1),
        StepRule("cut"),
    )
)
PLAYLISTS = ("M1", "M2")


@st.composite
def rules(draw, before=True, free=False):
    steps = draw(
        st.lists(st.tuples(st.booleans(), st.one_of(st.none(), st.integers(0, 2))), max_size=8)
    )
    return Rule(
        steps=tuple(StepRule(n, required, choice) for n, (required, choice) in enumerate(steps)),
        needed=draw(st.one_of(st.none(), st.integers(1, 5))),
        in_order=not free and draw(st.booleans()),
        before=tuple(draw(st.sets(st.sampled_from(PLAYLISTS)))) if before else (),
    )


obstacles = st.builds(
    Obstacle,
    why=st.sampled_from([Why.PAST, Why.WITHDRAWN, Why.NOT_NOW]),
    next_at=st.one_of(st.none(), st.just(rule_cases.LATER)),
    equal=st.sampled_from([(), ("other",)]),
)
closed_steps = st.dictionaries(st.integers(0, 7), obstacles)
done_steps = st.sets(st.integers(0, 9))
finished_lines = st.sets(st.sampled_from(PLAYLISTS))


def test_there_are_enough_cases_and_each_is_another_one():
    assert len(CASES) >= 40
    assert len({case.says for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_case(case):
    found = case.progress
    assert found.is_complete == case.is_complete
    assert found.missing_count == case.missing
    assert found.next == case.next
    assert rule_cases.blocked_in_words(found) == case.blocked
    assert rule_cases.ways_in_words(found) == case.ways
    assert found.rule.version == case.holds
    assert rule_cases.states_agree(found)


def test_the_documentation_shows_the_cases():
    page = rule_cases.PAGE.read_text()
    assert rule_cases.page_with(rule_cases.table(), page) == page


def test_the_states_of_steps():
    found = progress(LINE, {"cut"})
    assert (found.done_count, found.needed_count) == (1, 4)
    assert found.state("read") is StepState.NOW
    assert found.state("record") is StepState.OPEN
    assert found.state("cut") is StepState.DONE
    ordered = progress(Rule(LINE.steps, in_order=True), {"read"})
    assert ordered.state("cut") is StepState.BLOCKED
    assert ordered.blocks["cut"].by == ("record",)


def test_a_block_names_what_to_do_first():
    found = progress(Rule(LINE.steps, before=("M1", "M2")), finished={"M1"})
    assert found.blocks["read"].why is Why.PLAYLIST
    assert found.blocks["read"].by == ("M2",)


def test_a_way_carries_what_it_needs():
    rule = Rule((StepRule("a"),))
    closed = {"a": Obstacle(Why.PAST, next_at=rule_cases.LATER, equal=("here", "there"))}
    later, equal, _waiver = progress(rule, closed=closed).ways
    assert later.at == rule_cases.LATER
    assert equal.equal == ("here", "there")


@given(rules(), done_steps, done_steps, closed_steps, finished_lines)
def test_completing_more_never_loses_anything(rule, some, more, closed, finished):
    before = progress(rule, some, closed, finished)
    after = progress(rule, some | more, closed, finished)
    assert before.done <= after.done
    assert before.done_count <= after.done_count
    assert before.needed_count == after.needed_count
    assert after.is_complete or not before.is_complete
    assert set(after.missing) <= set(before.missing)
    # What was open is open, or done.
    assert set(after.blocks) <= set(before.blocks)


@given(rules(), done_steps, closed_steps, finished_lines)
def test_finishing_a_line_that_comes_first_never_loses_anything(rule, done, closed, finished):
    before = progress(rule, done, closed, finished)
    after = progress(rule, done, closed, PLAYLISTS)
    assert after.is_complete or not before.is_complete
    assert set(after.blocks) <= set(before.blocks)


@given(st.lists(rules(), min_size=1, max_size=4), done_steps, done_steps, closed_steps)
def test_completing_more_never_loses_anything_of_several_rules(several, some, more, closed):
    before = suiting(several, some, closed)
    after = suiting(several, some | more, closed)
    assert after.is_complete or not before.is_complete
    if len(before.waits_for) == len(after.waits_for):
        assert after.missing_count <= before.missing_count or after.rule != before.rule
    assert suiting(several, some, closed).is_complete == any(
        progress(rule, some, closed).is_complete for rule in several
    )


@given(rules(), rules(), done_steps, closed_steps)
def test_a_change_never_takes_away_what_was_complete(joined, changed, done, closed):
    if progress(joined, done, closed).is_complete:
        assert suiting([changed, with_extras(joined, changed)], done, closed).is_complete


@given(rules(free=True), st.permutations(range(8)), closed_steps, finished_lines)
def test_where_the_order_is_free_the_order_of_completion_does_not_matter(
    rule, order, closed, finished
):
    """Whoever does what is open to them, one by one, ends alike."""
    outcomes = set()
    for one_way in (order, order[::-1], sorted(order)):
        done: set[int] = set()
        for key in one_way:
            now = progress(rule, done, closed, finished)
            if key < len(rule.steps) and key not in now.blocks:
                done.add(key)
        end = progress(rule, done, closed, finished)
        outcomes.add((frozenset(done), end.is_complete, end.done_count, end.waits_for))
    assert len(outcomes) == 1


@given(rules(), done_steps, closed_steps, finished_lines)
def test_no_state_is_without_a_way_on(rule, done, closed, finished):
    """Whatever is closed: by going the ways there are, everybody gets to the end."""
    done, finished = set(done), set(finished)
    for _turn in range(2 * len(rule.steps) + len(PLAYLISTS) + 1):
        found = progress(rule, done, closed, finished)
        if found.is_complete or not rule.steps:
            break
        assert found.ways
        way = found.ways[0]
        if way.kind is WayKind.PLAYLIST:
            finished.add(way.key)
        else:
            assert way.key not in found.done
            if way.kind is WayKind.DO:
                assert way.key not in found.blocks
                assert found.next is not None
            # Done, done at the next date, something equal that was recognised, or let go.
            done.add(way.key)
    found = progress(rule, done, closed, finished)
    assert found.is_complete == bool(rule.steps)
    assert not rule.steps or found.ways == ()


@given(rules(), done_steps, closed_steps, finished_lines)
def test_a_waiver_is_there_for_whatever_cannot_be_done_and_is_needed(rule, done, closed, finished):
    found = progress(rule, done, closed, finished)
    can = [
        station for station in found.missing if not all(key in found.closed for key in station.keys)
    ]
    waivers = [way for way in found.ways if way.kind is WayKind.WAIVER]
    if not found.waits_for and len(can) < found.missing_count:
        assert len(can) + len(waivers) >= found.missing_count
    else:
        assert waivers == []


@given(rules(), done_steps, closed_steps, finished_lines)
def test_the_counts_and_states_agree(rule, done, closed, finished):
    found = progress(rule, done, closed, finished)
    assert 0 <= found.done_count <= found.needed_count <= len(rule.steps)
    assert found.missing_count <= len(found.missing)
    assert bool(found.missing) == bool(found.missing_count)
    assert sorted(key for station in found.stations for key in station.keys) == [
        step.key for step in rule.steps
    ]
    assert rule_cases.states_agree(found)
    assert all(way.kind in WayKind for way in found.ways)
