"""The gazetteer and the base map: small, and every row and shape can be used as it is."""

import csv
import json
from pathlib import Path

import wagtail_col
from wagtail_col.geo import Point, check_boundary, covers

ROOT = Path(wagtail_col.__file__).parent
GAZETTEER = ROOT / "data" / "gazetteer.csv"
BASE_MAP = ROOT / "static" / "wagtail_col" / "map" / "europe.json"


def places():
    with GAZETTEER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def countries():
    features = json.loads(BASE_MAP.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["name"]: check_boundary(f["geometry"]) for f in features}


def test_every_place_has_a_name_a_country_and_a_point():
    rows = places()
    assert len(rows) > 8000
    for row in rows:
        assert row["name"].strip()
        assert len(row["country"]) == 2
        assert 27 < float(row["lat"]) < 72, row["name"]
        assert -32 < float(row["lon"]) < 66, row["name"]
        assert int(row["population"]) >= 15_000, row["name"]


def test_the_most_populous_place_comes_first():
    sizes = [int(row["population"]) for row in places()]
    assert sizes == sorted(sizes, reverse=True)


def test_cities_are_found_by_their_own_names_too():
    alternates = {row["name"]: row["alternates"].split("|") for row in places()[::-1]}
    assert "Wien" in alternates["Vienna"]
    assert "München" in alternates["Munich"]
    assert "Praha" in alternates["Prague"]


def test_the_files_stay_small():
    assert GAZETTEER.stat().st_size <= 450_000
    assert BASE_MAP.stat().st_size <= 200_000


def test_capitals_lie_in_their_country_on_the_base_map():
    shapes = countries()
    assert len(shapes) > 50
    for name, lat, lon in (
        ("Spain", 40.4165, -3.7026),
        ("Slovenia", 46.0511, 14.5051),
        ("Finland", 60.2, 24.95),
        ("Ukraine", 50.4547, 30.5238),
        ("Iceland", 64.13, -21.8),
        ("Cyprus", 35.17, 33.36),
        ("Russia", 67.5, 35.0),  # the Kola peninsula
    ):
        assert covers(shapes[name], Point(lon, lat)), name
