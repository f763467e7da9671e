"""Points, boxes and boundaries: what is read, what is refused, and what comes out."""

import math

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col import geo
from wagtail_col.geo import WORLD, Box, Point

lons = st.floats(-180, 180)
lats = st.floats(-85, 85)
SQUARE = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
HOLE = [[0.5, 0.5], [1.5, 0.5], [1.5, 1.5], [0.5, 1.5], [0.5, 0.5]]


@given(lons, lats)
def test_a_point_is_written_and_read_again(lon, lat):
    read = geo.parse_point(geo.format_point(Point(lon, lat)))
    assert read == pytest.approx((lon, lat), abs=1e-6)


@given(lons, lats)
def test_map_coordinates_go_there_and_back(lon, lat):
    x, y = geo.to_map(Point(lon, lat))
    assert 0 <= x < WORLD
    assert 0 <= y < WORLD
    back = geo.from_map(x + 0.5, y + 0.5)
    assert back == pytest.approx((lon, lat), abs=1e-6)


def test_the_map_is_web_mercator():
    assert geo.to_map(Point(0, 0)) == (WORLD // 2, WORLD // 2)
    # EPSG:3857 puts 51.5 degrees north at 6710219.08 m, the half world at 20037508.34 m.
    _x, y = geo.to_map(Point(0, 51.5))
    assert y / WORLD == pytest.approx(0.5 - 6710219.08 / 20037508.34 / 2, abs=1e-9)
    assert geo.to_map(Point(-180, 90)) == (0, 0)
    assert geo.to_map(Point(180, -90)) == (WORLD - 1, WORLD - 1)


def test_an_empty_point_is_none():
    assert geo.parse_point("") is None
    assert geo.parse_point("SRID=4326;POINT(-3.7 40.4)") == Point(-3.7, 40.4)
    assert geo.parse_point(" SRID=4326;POINT (1e1 -2) ") == Point(10, -2)


@pytest.mark.parametrize(
    "text",
    [
        "POINT(1 2)",
        "SRID=3857;POINT(1 2)",
        "SRID=4326;POINT(1)",
        "SRID=4326;POINT(nan 2)",
        "SRID=4326;POINT(181 2)",
        "SRID=4326;POINT(1 91)",
        "SRID=4326;POINT(1 2)<script>",
        "SRID=4326;POINT(1e999 2)",
    ],
)
def test_what_is_no_point_is_refused(text):
    with pytest.raises(ValidationError):
        geo.parse_point(text)


@pytest.mark.parametrize("place", [(math.nan, 0), (math.inf, 0), (0, -91), (180.1, 0)])
def test_places_outside_the_world_are_refused(place):
    with pytest.raises(ValidationError):
        geo.check_point(*place)


def test_distance():
    madrid, barcelona = Point(-3.7038, 40.4168), Point(2.1734, 41.3851)
    assert geo.distance_km(madrid, barcelona) == pytest.approx(505, abs=2)
    assert geo.distance_km(madrid, madrid) == 0


def test_boundaries_of_every_shape_become_one():
    polygon = {"type": "Polygon", "coordinates": [SQUARE[:-1]]}
    feature = {"type": "Feature", "properties": {}, "geometry": polygon}
    collection = {"type": "FeatureCollection", "features": [feature, feature]}
    clean = geo.check_boundary(polygon)
    assert clean == {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
    assert geo.check_boundary(clean) == clean
    assert geo.check_boundary(feature) == clean
    assert len(geo.check_boundary(collection)["coordinates"]) == 2
    assert geo.check_boundary(None) is geo.check_boundary({}) is None


@pytest.mark.parametrize(
    "bad",
    [
        "text",
        [],
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[["0", 0], [1, 1], [1, 0]]]},
        {"type": "Polygon", "coordinates": [[[True, 0], [1, 1], [1, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [200, 1], [1, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 95], [1, 0]]]},
        {"type": "Polygon", "coordinates": [5]},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection", "features": [None]},
        {"type": "Feature", "geometry": None},
        {"type": "Polygon", "coordinates": [[[n / 1000, n % 2] for n in range(50_001)]]},
    ],
)
def test_what_is_no_boundary_is_refused(bad):
    with pytest.raises(ValidationError) as refusal:
        geo.check_boundary(bad)
    assert refusal.value.messages[0]


def test_bounds_centre_and_cover_with_a_hole():
    boundary = {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE]]}
    assert geo.bounds(boundary) == Box(0, 0, 2, 2)
    assert geo.centre(boundary) == pytest.approx((1, 1))
    assert geo.covers(boundary, Point(0.2, 0.2))
    assert not geo.covers(boundary, Point(1, 1))
    assert not geo.covers(boundary, Point(3, 1))
    assert Box(0, 0, 2, 2).contains(Point(2, 2))
    assert Box(0, 0, 1, 1).joined(Box(-1, 0.5, 0, 3)) == Box(-1, 0, 1, 3)


def test_the_centre_of_a_line_is_the_middle_of_its_box():
    flat = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [2, 0], [0, 0]]]]}
    assert geo.centre(flat) == Point(1, 0)


@given(st.floats(-0.9, 2.9), st.floats(-0.9, 2.9))
def test_two_halves_cover_what_the_whole_covers(lon, lat):
    def covered(west, east):
        ring = [[west, 0], [east, 0], [east, 2], [west, 2], [west, 0]]
        return geo.covers({"type": "MultiPolygon", "coordinates": [[ring]]}, Point(lon, lat))

    assert covered(0, 2) == covered(0, 1) + covered(1, 2)
