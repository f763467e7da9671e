import json
import math
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.outline import box_of, frame, outline, project, simplify

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-3.8, 40.3], [-3.6, 40.3], [-3.6, 40.5], [-3.8, 40.5], [-3.8, 40.3]]],
}
DISTRICTS = (
    Path(__file__).parents[2] / "shared/data/territories-city-districts/madrid-districts.geojson"
)


def corners(path):
    """The absolute points of each ring of an outline's path."""
    rings = []
    for part in path.split("z"):
        if part:
            x, y, *steps = (int(n) for n in re.findall(r"-?\d+", part))
            ring = [(x, y)]
            for dx, dy in zip(steps[::2], steps[1::2], strict=True):
                x, y = x + dx, y + dy
                ring.append((x, y))
            rings.append(ring)
    return rings


def blob(lon, lat, radius, points, seed=1):
    """A wobbly boundary with many points."""
    rnd = random.Random(seed)
    ring = []
    for i in range(points):
        angle, r = math.tau * i / points, radius * rnd.uniform(0.97, 1.03)
        ring.append([lon + r * math.cos(angle), lat + r * math.sin(angle)])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_a_square_in_degrees_is_taller_than_wide_at_madrid():
    drawn = outline(SQUARE)
    # One degree of latitude is 1/cos(40.4) as long as one of longitude.
    assert drawn.height == 1000
    assert drawn.width == pytest.approx(1000 * math.cos(math.radians(40.4)), abs=2)
    [ring] = corners(drawn.path)
    assert len(ring) == 4
    assert {y for _, y in ring} == {0, 1000}
    assert {x for x, _ in ring} <= {0, drawn.width - 1, drawn.width}
    assert drawn.viewbox == f"0 0 {drawn.width} 1000"


def test_points_land_on_the_same_picture():
    box = box_of(SQUARE)
    assert project(-3.8, 40.5, box, 1000) == pytest.approx((0, 0))
    assert project(-3.6, 40.3, box, 1000) == pytest.approx((761.5, 1000), abs=1)
    x, y = project(-3.7, 40.4, box, 500)
    assert (x, y) == pytest.approx((190.4, 250), abs=1)
    assert project(-4, 40.4, box)[0] < 0


def test_projection_is_web_mercator():
    # EPSG:3857 puts 51.5 degrees north at 6710219.08 m, the half world at 20037508.34 m.
    _, y = project(0, 51.5, (-180, -85.0511, 180, 85.0511), 2000)
    assert y == pytest.approx(1000 - 1000 * 6710219.08 / 20037508.34, abs=0.01)


def test_a_box_places_a_part_in_the_whole():
    part = {"type": "Polygon", "coordinates": [[[-3.7, 40.4], [-3.6, 40.4], [-3.6, 40.5]]]}
    drawn = outline(part, box=box_of(SQUARE))
    assert (drawn.width, drawn.height) == frame(box_of(SQUARE))
    assert all(380 <= x <= 762 and 0 <= y <= 501 for x, y in corners(drawn.path)[0])


def test_holes_and_islands_stay():
    hole = [[-3.72, 40.38], [-3.68, 40.38], [-3.68, 40.42], [-3.72, 40.42], [-3.72, 40.38]]
    island = [[[-3.5, 40.3], [-3.4, 40.3], [-3.4, 40.4], [-3.5, 40.3]]]
    both = {
        "type": "MultiPolygon",
        "coordinates": [[SQUARE["coordinates"][0], hole], island],
    }
    assert [len(ring) for ring in corners(outline(both).path)] == [4, 4, 3]


def test_features_and_collections_are_drawn_together():
    feature = {"type": "Feature", "properties": {}, "geometry": SQUARE}
    assert outline(feature) == outline(SQUARE)
    two = {"type": "FeatureCollection", "features": [feature, feature]}
    assert outline(two).path == outline(SQUARE).path * 2


def test_many_points_become_few_and_stay_close():
    shape = blob(14.5, 46.05, 0.1, 5000)
    drawn = outline(shape, size=200)
    assert len(drawn.path) < 3000
    full = outline(shape, size=200, detail=0)
    area = abs(shoelace(corners(drawn.path)[0]))
    assert area == pytest.approx(abs(shoelace(corners(full.path)[0])), rel=0.02)


def shoelace(ring):
    turned = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in turned) / 2


def test_neighbours_keep_the_same_corners_along_their_border():
    rnd = random.Random(3)
    border = [(500 + rnd.randint(-9, 9), y) for y in range(0, 1000, 7)]
    left = simplify([(0, 0), *border, (0, 1000)])
    right = simplify([(1000, 1000), *reversed(border), (1000, 0)])
    ends = {border[0], border[-1]}
    assert set(left) & set(border) - ends == set(right) & set(border) - ends


def test_a_territory_smaller_than_a_unit_is_a_dot():
    tiny = blob(-3.7, 40.4, 0.00001, 9)
    drawn = outline(tiny, box=(-10, 35, 5, 45))
    assert len(corners(drawn.path)) == 1
    assert abs(shoelace(corners(drawn.path)[0])) == 1


def test_poles_are_drawn_at_the_edge_of_the_projection():
    cap = {"type": "Polygon", "coordinates": [[[-180, 60], [180, 60], [180, 90], [-180, 90]]]}
    drawn = outline(cap)
    assert drawn.width == 1000
    assert min(y for _, y in corners(drawn.path)[0]) == 0


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {},
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [3], [5, 6]]]},
        {"type": "Polygon", "coordinates": [[[1, 2], ["x", 4], [5, 6]]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [None, 4], [5, 6]]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [181, 4], [5, 6]]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [1, 91], [5, 6]]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [float("nan"), 4], [5, 6]]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [float("inf"), 4], [5, 6]]]},
        {"type": "Polygon", "coordinates": "text"},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "Feature", "geometry": None},
        {"type": "FeatureCollection", "features": []},
    ],
)
def test_what_is_no_boundary_is_refused(bad):
    with pytest.raises(ValueError):
        outline(bad)


def test_a_box_the_wrong_way_round_is_refused():
    with pytest.raises(ValueError):
        outline(SQUARE, box=(-3.6, 40.3, -3.8, 40.5))


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
        min_size=3,
        max_size=40,
    ),
    st.integers(1, 2000),
)
def test_any_ring_gives_whole_numbers_inside_the_picture(points, size):
    drawn = outline({"type": "Polygon", "coordinates": [points]}, size=size)
    assert re.fullmatch(r"(M\d+ \d+l-?\d+(?:[ -]\d+)*(?: -?\d+)*z)+", drawn.path), drawn.path
    for ring in corners(drawn.path):
        assert len(ring) >= 3
        assert all(0 <= x <= drawn.width + 1 and 0 <= y <= drawn.height + 1 for x, y in ring)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=60), st.floats(0, 50))
def test_simplifying_only_leaves_out(points, detail):
    kept = simplify(points, detail)
    left = iter(points)
    assert all(point in left for point in kept)
    assert len(kept) <= max(2, len(simplify(points, 0)))


@pytest.mark.skipif(not DISTRICTS.exists(), reason="the open data of Madrid is not here")
def test_the_districts_of_madrid_are_one_small_map():
    districts = json.loads(DISTRICTS.read_text())
    box = box_of(districts)
    paths = [outline(f, box=box).path for f in districts["features"]]
    assert len(paths) == 21
    assert sum(map(len, paths)) < 12_000
    # Together they cover what they covered before.
    exact = [outline(f, box=box, detail=0).path for f in districts["features"]]
    whole = sum(abs(shoelace(ring)) for p in exact for ring in corners(p))
    assert sum(abs(shoelace(ring)) for p in paths for ring in corners(p)) == pytest.approx(
        whole, rel=0.01
    )
