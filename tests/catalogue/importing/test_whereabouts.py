"""What an import looks at for twins: all that is near at the same time, and little else."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.catalogue.importing.whereabouts import KM, MOST_TIMELESS, Whereabouts
from wagtail_col.geo import Point, distance_km

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)

times = st.sampled_from([None, NOON, NOON + timedelta(microseconds=1), NOON + timedelta(hours=1)])
latitudes = st.one_of(st.floats(-90, 90), st.floats(40, 40.01), st.floats(74.99, 75.01))
longitudes = st.one_of(st.floats(-180, 180), st.floats(-3.71, -3.7), st.floats(178.99, 179.01))
points = st.one_of(st.none(), st.builds(Point, longitudes, latitudes))


def rows_of(there) -> SimpleNamespace:
    """As the table gives them: number, time, latitude, longitude."""
    rows = [
        (number, start, point and point.lat, point and point.lon)
        for number, (start, point) in enumerate(there)
    ]
    table = SimpleNamespace(iterator=lambda chunk_size: iter(rows))
    for name in ("filter", "order_by", "values_list"):
        setattr(table, name, lambda *args, **kwargs: table)
    return table


def near(there, asked) -> list[int]:
    places = {}
    for start, point in asked:
        places.setdefault(start, []).append(point)
    return Whereabouts(rows_of(there)).near(places)


@given(
    there=st.lists(st.tuples(times, points), max_size=12),
    asked=st.lists(st.tuples(times, points), max_size=4),
)
def test_whatever_may_be_the_same_is_looked_at(there, asked):
    found = near(there, asked)
    assert len(found) == len(set(found))
    for number, (start, point) in enumerate(there):
        at_once = [other for when, other in asked if when == start]
        if any(
            point is None or other is None or distance_km(point, other) <= KM for other in at_once
        ):
            assert number in found
        if not at_once:
            assert number not in found


def test_what_is_a_village_away_is_not_looked_at():
    here, there = Point(-3.7, 40.4), Point(-3.7, 40.45)
    assert near([(NOON, here), (NOON, there), (None, here)], [(NOON, here)]) == [0]


def test_of_what_is_there_at_any_time_so_many_are_looked_at():
    here = Point(-3.7, 40.4)
    assert len(near([(None, here)] * (MOST_TIMELESS + 5), [(None, here)])) == MOST_TIMELESS
