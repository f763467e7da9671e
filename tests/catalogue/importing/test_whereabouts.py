"""What an import looks at for twins: all that is near at the same time, and little else."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_col.catalogue.importing import whereabouts
from wagtail_col.catalogue.importing.twins import is_similar
from wagtail_col.catalogue.importing.whereabouts import (
    KM,
    MOST_TIMELESS,
    Whereabout,
    Whereabouts,
)
from wagtail_col.catalogue.words import fold
from wagtail_col.geo import Point, distance_km

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)

times = st.sampled_from([None, NOON, NOON + timedelta(microseconds=1), NOON + timedelta(hours=1)])
latitudes = st.one_of(st.floats(-90, 90), st.floats(40, 40.01), st.floats(74.99, 75.01))
longitudes = st.one_of(st.floats(-180, 180), st.floats(-3.71, -3.7), st.floats(178.99, 179.01))
points = st.one_of(st.none(), st.builds(Point, longitudes, latitudes))
titles = st.one_of(
    st.text("abcж𐐀 ", max_size=14),
    st.text("abc", min_size=2).map(lambda text: (text * 200)[:258]),
    st.just("ab" * 130),
).map(fold)
rows = st.builds(Whereabout, times, points, titles)
names = st.just("the same")
places = st.builds(Whereabout, times, points, names)


def rows_of(there) -> SimpleNamespace:
    """As the table gives them: number, time as text, latitude, longitude, title."""
    said = [
        (number, start and str(start), point and point.lat, point and point.lon, title)
        for number, (start, point, title) in enumerate(there)
    ]
    table = SimpleNamespace(iterator=lambda chunk_size: iter(said))
    for name in ("filter", "order_by", "annotate", "values_list"):
        setattr(table, name, lambda *args, **kwargs: table)
    return table


def near(there, asked) -> list[tuple[int, int]]:
    return list(Whereabouts(rows_of(there)).near(asked))


@given(there=st.lists(places, max_size=12), asked=st.lists(places, max_size=4))
def test_whatever_may_be_the_same_is_looked_at(there, asked):
    found = near(there, asked)
    assert len(found) == len(set(found))
    for number, one in enumerate(asked):
        for pk, other in enumerate(there):
            if one.start != other.start:
                assert (number, pk) not in found
            elif None in (one.point, other.point) or distance_km(one.point, other.point) <= KM:
                assert (number, pk) in found


@settings(deadline=None)
@given(there=st.lists(titles, max_size=6), asked=st.lists(titles, max_size=4))
def test_every_title_that_is_alike_is_looked_at(there, asked):
    found = near(*([Whereabout(NOON, None, title) for title in some] for some in (there, asked)))
    for number, one in enumerate(asked):
        for pk, other in enumerate(there):
            if is_similar(one, other):
                assert (number, pk) in found


@settings(deadline=None)
@given(there=st.lists(rows, max_size=12), asked=st.lists(rows, max_size=4))
def test_how_many_are_looked_at_at_once_makes_no_difference(there, asked):
    found = near(there, asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whereabouts, "_PAIRS", 3)
        patch.setattr(whereabouts, "_PORTION", 2)
        assert near(there, asked) == found


def test_what_is_a_village_away_is_not_looked_at():
    here, there = Point(-3.7, 40.4), Point(-3.7, 40.45)
    rows = [Whereabout(*one, "A") for one in ((NOON, here), (NOON, there), (None, here))]
    assert near(rows, rows[:1]) == [(0, 0)]


def test_what_is_called_otherwise_is_not_looked_at():
    rows = [Whereabout(NOON, None, title) for title in ("pottery", "pottory", "chess")]
    assert near(rows, rows[:1]) == [(0, 0), (0, 1)]


def test_of_what_is_there_at_any_time_so_many_are_looked_at():
    row = Whereabout(None, Point(-3.7, 40.4), "A")
    assert len(near([row] * (MOST_TIMELESS + 5), [row])) == MOST_TIMELESS
