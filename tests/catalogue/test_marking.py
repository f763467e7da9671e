"""The marks of the picture: what the moving map begins with, as links that lead to the same."""

import html as escaping
import json
import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.catalogue.drawing import NARROW, WIDE, picture_of_search
from wagtail_col.catalogue.finding import Find
from wagtail_col.catalogue.map import Mark, view_within
from wagtail_col.catalogue.marking import stops
from wagtail_col.catalogue.search import Query
from wagtail_col.geo import Box, Point

pytestmark = pytest.mark.django_db

BOX = Box(-4, 40, -3, 41)


def picture(city, asked=""):
    return Find(Query.from_params(QueryDict(asked), territory=city)).picture


def test_a_listing_alone_leads_to_its_page_and_several_closer_to_them():
    city = making.territory()
    alone = making.listing("Alone", territory=city, point=Point(-3.9, 40.1), kind="event")
    for number in range(3):
        making.listing(f"N{number}", territory=city, point=Point(-3.5, 40.5), venue="Library")
    making.listing("Far", territory=city, point=Point(-3.2, 40.9))
    making.listing("Not as far", territory=city, point=Point(-3.2, 40.89))
    stops = {stop.label: stop for layer in picture(city, "free=").layers for stop in layer.stops}
    assert stops["Alone"].href == f"/col/opportunities/{alone.key}/"
    assert (stops["Alone"].kind, stops["Alone"].count) == ("event", 0)
    here = stops["3 things to learn: Library"]
    assert (here.count, here.kind) == (3, "")
    closer = Query.from_params(QueryDict(here.href[1:]), territory=city)
    assert closer.listings().count() == 3
    assert "2 things to learn, zoom in" in stops


def test_what_is_asked_stays_asked_in_what_a_cluster_leads_to():
    city = making.territory()
    for number in range(3):
        making.listing(f"Radio {number}", territory=city, is_free=True, age_min=number)
    [stop] = picture(city, "q=radio&free=1&sort=date&page=2").layers[0].stops
    query = Query.from_params(QueryDict(stop.href[1:]), territory=city)
    assert (query.q, query.free, query.sort, query.page) == ("radio", True, "date", 1)
    assert query.box


def test_marks_stand_where_the_moving_map_has_them():
    """In percent of the part that is shown: in the middle between south and north of it as the
    map is drawn, which is not the middle of the degrees."""
    marks = [Mark(-3.5, 40.50188, 5, None), Mark(-4, 41, 100, None), Mark(-3, 40, 10**4, None)]
    middle, first, last = stops(marks, Query(), BOX)
    assert (middle.left, middle.top) == ("50.00%", "50.00%")
    assert (first.left, first.top) == ("0.00%", "0.00%")
    assert (last.left, last.top) == ("100.00%", "100.00%")
    assert (middle.radius, first.radius, last.radius) == (20.5, 22.5, 25.5)


@pytest.mark.parametrize(
    "box", [Box(-3.50001, 40.5, -3.5, 40.50001), Box(-180, -85, 180, 85), Box(179, 84, 180, 85)]
)
def test_what_a_cluster_leads_to_can_be_asked(box):
    for lon, lat in ((box.west, box.south), (box.east, box.north)):
        [stop] = stops([Mark(lon, lat, 2, None)], Query(), box)
        assert Query.from_params(QueryDict(stop.href[1:])).box


def test_the_level_is_the_one_that_the_moving_map_takes():
    # A degree is as wide as a tile of 256 pixels at 360 / 2 ** zoom.
    across = 360 / 2**9
    box = Box(0, -across / 2, across, across / 2)
    assert view_within(box, 256, 600).zoom == 9
    assert view_within(box, 256 * 1.1, 600).zoom == 9
    assert view_within(box, 256 * 1.2, 600).zoom == 9.25
    assert view_within(box, 256 * 1.6, 600).zoom == 9.5
    assert view_within(box, 256 * 1.7, 600).zoom == 9.75
    assert view_within(box, 256 * 1.99, 600).zoom == 10
    assert view_within(box, 600, 200).zoom == 8.5
    assert view_within(Box(0, 0, 1e-9, 1e-9), 256, 256).zoom == 20


def test_each_screen_has_its_marks_and_the_map_the_same(client, city):
    for number in range(12):
        making.listing(f"N{number}", territory=inside(city), point=Point(-3.9 + number / 15, 40.2))
    shown = picture(inside(city))
    assert [layer.form for layer in shown.layers] == [NARROW, WIDE]
    said = html(client, city.url)
    found = re.findall(r'col-stops--(\w+)" data-level="([\d.]+)" data-found="([^"]*)"', said)
    assert [form for form, _level, _json in found] == [NARROW, WIDE]
    for layer, (_form, level, packed) in zip(shown.layers, found, strict=True):
        assert float(level) == layer.zoom
        marks = json.loads(escaping.unescape(packed))
        assert marks == layer.found
        counts = [cluster[2] for cluster in marks["clusters"]]
        assert sum(counts) + len(marks["points"]) == 12
        assert [stop.count for stop in layer.stops if stop.count] == counts
    # Its frame has the proportions of what it shows.
    width, height = map(int, shown.viewbox.split()[2:])
    assert shown.width / shown.height == pytest.approx(width / height)


def test_where_numbers_have_a_comma_marks_have_a_size_and_a_level():
    city = making.territory()
    for number in range(2):
        making.listing(f"N{number}", territory=city)
    find = Find(Query(territory=city))
    assert {layer.zoom % 1 for layer in find.picture.layers} != {0}
    with translation.override("es"):
        said = render_to_string(
            "wagtail_col/catalogue/parts/find_map.html", {"find": find, "text": city.text}
        )
    assert set(re.findall(r'<circle r="([^"]*)"', said)) == {"20.5"}
    found = re.findall(r'data-level="([\d.]+)"', said)
    assert [float(level) for level in found] == [layer.zoom for layer in find.picture.layers]


def test_somebodys_own_part_of_the_map_is_shown_as_it_is():
    city = making.territory()
    making.listing(territory=city)
    assert picture(city, "box=-3.8,40.3,-3.2,40.7").box == Box(-3.8, 40.3, -3.2, 40.7)
    whole = picture(city).box
    assert whole.west < city.box.west and whole.north > city.box.north


def test_hostile_words_stay_words_on_the_picture(client, city):
    making.listing(making.HOSTILE, territory=inside(city), point=Point(-3.9, 40.1))
    said = html(client, city.url)
    assert making.HOSTILE not in said
    assert f'aria-label="{escaping.escape(making.HOSTILE)}"' in said


def test_nothing_to_mark_is_a_map_all_the_same():
    city = making.territory()
    found = Find(Query(territory=city))
    shown = picture_of_search(found._answer, found.query, found.ground, BOX)
    assert [layer.stops for layer in shown.layers] == [[]] * len(shown.layers)
