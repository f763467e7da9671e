from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.badges.requirements import find_loop, how_many, is_met

BADGES = st.integers(0, 7)
NEEDS = st.dictionaries(BADGES, st.frozensets(BADGES, max_size=4), max_size=8)


class TestHowMany:
    def test_all_unless_a_number_is_said(self):
        assert how_many(None, 3) == 3
        assert how_many(2, 3) == 2
        assert how_many(5, 3) == 3


class TestIsMet:
    def test_two_of_three(self):
        assert not is_met(2, {"a", "b", "c"}, {"a"})
        assert is_met(2, {"a", "b", "c"}, {"a", "c"})
        assert is_met(2, {"a", "b", "c"}, {"a", "b", "c", "d"})

    def test_all_of_them(self):
        assert not is_met(None, {"a", "b"}, {"a"})
        assert is_met(None, {"a", "b"}, {"a", "b"})

    def test_others_do_not_count(self):
        assert not is_met(1, {"a"}, {"b", "c"})

    def test_nothing_required_is_nothing_earned(self):
        assert not is_met(None, (), {"a"})
        assert not is_met(1, (), {"a"})


class TestFindLoop:
    def test_names_the_way_round(self):
        assert find_loop("a", {"a": ["b"], "b": ["c"], "c": ["a"]}) == ["a", "b", "c"]

    def test_a_badge_that_asks_for_itself(self):
        assert find_loop("a", {"a": ["a"]}) == ["a"]

    def test_the_shortest_one(self):
        needs = {"a": ["b", "c"], "b": ["d"], "d": ["a"], "c": ["a"]}
        assert find_loop("a", needs) == ["a", "c"]

    def test_a_loop_of_others_is_not_this_ones(self):
        assert find_loop("a", {"a": ["b"], "b": ["c"], "c": ["b"]}) == []

    def test_two_ways_to_one_badge_are_no_loop(self):
        assert find_loop("a", {"a": ["b", "c"], "b": ["d"], "c": ["d"]}) == []

    @given(BADGES, NEEDS)
    def test_what_is_named_is_a_loop_and_none_is_missed(self, start, needs):
        loop = find_loop(start, needs)
        if loop:
            assert loop[0] == start
            assert len(set(loop)) == len(loop)
            for one, following in zip(loop, [*loop[1:], start], strict=True):
                assert following in needs[one]
        else:
            assert start not in reached(start, needs)


def reached(start, needs):
    found, waiting = set(), [start]
    while waiting:
        for needed in needs.get(waiting.pop(), ()):
            if needed not in found:
                found.add(needed)
                waiting.append(needed)
    return found
