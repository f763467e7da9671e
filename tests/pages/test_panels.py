"""The point and the address in the editor: what the form holds, and what a point may be."""

import json
import re
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.pages import editing
from wagtail_col.geo import Point, format_point, parse_point
from wagtail_col.pages.fields import PointField, read_point
from wagtail_col.pages.panels import PointPanel, box_around
from wagtail_col.pages.widgets import EUROPE, PointInput


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("40.4168, -3.7038", (-3.7038, 40.4168)),
        ("40.4168,-3.7038", (-3.7038, 40.4168)),
        (" 40.4168  -3.7038 ", (-3.7038, 40.4168)),
        ("40,4168; -3,7038", (-3.7038, 40.4168)),
        ("40,4168, -3,7038", (-3.7038, 40.4168)),
        ("+40 3", (3, 40)),
        ("0,0", (0, 0)),
        ("-90, 180", (180, -90)),
        ("SRID=4326;POINT(-3.7 40.4)", (-3.7, 40.4)),
    ],
)
def test_points_as_people_write_them(text, point):
    assert read_point(text) == Point(*point)


@pytest.mark.parametrize("text", ["40", "40.4 N, 3 W", "1e3, 2", "40.4, -3.7, 9", "inf, 1", "¼, 1"])
def test_what_is_no_point(text):
    with pytest.raises(ValidationError):
        PointField(required=False).clean(text)


def test_an_empty_point_stays_empty():
    field = PointField(required=False)
    assert field.clean("") == field.clean("  ") == ""
    assert not field.has_changed("", "")
    assert not field.has_changed(None, "")
    assert PointInput().format_value("") == PointInput().format_value(None) == ""


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_point_comes_back_as_it_was_shown(lon, lat):
    stored = format_point(Point(lon, lat))
    field = PointField()
    shown = PointInput().format_value(stored)
    assert parse_point(field.clean(shown)) == parse_point(stored)
    assert not field.has_changed(stored, shown)


@given(st.text(max_size=60))
def test_any_text_is_a_point_or_refused(text):
    field = PointField(required=False)
    try:
        value = field.clean(text)
    except ValidationError as error:
        assert error.messages
    else:
        point = parse_point(value)
        assert value == "" or (-180 <= point.lon <= 180 and -90 <= point.lat <= 90)
    field.has_changed("", text)
    PointInput().render("point", text, {"id": "id_point"})


def options(html: str) -> dict:
    found = re.search(r'data-col-point-options-value="([^"]*)"', html)
    return json.loads(unescape(found[1]))


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


def edit(client, page) -> str:
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_the_editors_page_loads_nothing_from_elsewhere(boss):
    page = factories.opportunity_page(factories.territory_page())
    html = edit(boss, page)
    loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="((?:https?:)?//[^"]*)', html)
    assert loaded == []
    assert "unpkg" not in html
    assert "nominatim" not in html
    assert "tile.openstreetmap" not in html
    assert "js_lib_leaflet/leaflet.js" in html
    assert 'value="40.000000, -4.000000"' in html
    assert 'for="id_point"' in html


@pytest.mark.django_db
def test_an_opportunity_without_a_point_shows_none(boss):
    page = factories.opportunity_page(factories.territory_page(), point="")
    html = edit(boss, page)
    field = re.search(r'<input[^>]*name="point"[^>]*>', html)[0]
    assert 'name="point" value=""' in field
    assert options(html)["tiles"] is None


@pytest.mark.django_db
def test_a_form_that_is_sent_back_leaves_the_point_alone(boss):
    page = factories.opportunity_page(factories.territory_page(), point="")
    data = editing.opportunity_form(point="", slug=page.slug)
    boss.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert page.get_latest_revision_as_object().point == ""


@pytest.mark.django_db
def test_the_map_opens_where_the_page_belongs(boss):
    region = factories.territory_page(title="Region")
    far = {
        "type": "Polygon",
        "coordinates": [[[10, 50], [11, 50], [11, 51], [10, 51], [10, 50]]],
    }
    district = factories.territory_page(region, title="District", boundary=json.dumps(far))
    plain = factories.territory_page(region, title="Plain", boundary="")
    assert options(edit(boss, factories.opportunity_page(district)))["box"] == [10, 50, 11, 51]
    assert options(edit(boss, factories.opportunity_page(plain)))["box"] == [-4.5, 39.5, -3.5, 40.5]
    assert box_around(None) == (-4.5, 39.5, 11, 51)
    add = reverse(
        "wagtailadmin_pages:add", args=["col_pages_standard", "opportunitypage", district.pk]
    )
    assert options(boss.get(add).content.decode())["box"] == [10, 50, 11, 51]


@pytest.mark.django_db
def test_without_any_boundary_the_map_shows_europe(boss):
    page = factories.opportunity_page(factories.territory_page(boundary=""))
    assert options(edit(boss, page))["box"] == list(EUROPE)


@pytest.mark.django_db
def test_tiles_only_when_the_site_set_them(boss, settings):
    tiles = {"url": "https://tiles.example.org/{z}/{x}/{y}.png", "attribution": "Example"}
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"MAP_TILES": tiles}
    page = factories.opportunity_page(factories.territory_page())
    assert options(edit(boss, page))["tiles"] == tiles


@pytest.mark.django_db
def test_messages_are_in_the_editors_language(rf):
    english = PointInput().render("point", "", {"id": "id_point"})
    with translation.override("de"):
        # Not translated when it was imported: rendered again, it asks again.
        assert PointInput().options()["messages"].keys() == options(english)["messages"].keys()


@pytest.mark.django_db
def test_what_an_editor_stored_never_becomes_markup(boss):
    nasty = '<img src=x onerror=alert(1)></script>"\u2028'
    page = factories.opportunity_page(factories.territory_page(), address=nasty, venue=nasty)
    html = edit(boss, page)
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


@pytest.mark.django_db
def test_the_steps_stand_beside_their_line(boss):
    city = factories.territory_page()
    line = factories.playlist_page(city, [{"link": "https://example.org/", "title": "Read"}])
    html = edit(boss, line)
    assert 'data-controller="col-steps"' in html
    assert "wagtail_col/js/admin/steps.js" in html
    assert "data-inline-panel-child-move-up" in html


@pytest.mark.django_db
def test_query_count_of_the_editor_does_not_grow(boss, django_assert_max_num_queries):
    city = factories.territory_page()
    page = factories.opportunity_page(city)
    for number in range(5):
        factories.territory_page(city, title=f"District {number}")
    edit(boss, page)
    with django_assert_max_num_queries(70):
        edit(boss, page)


def test_a_panel_keeps_what_it_was_told():
    copy = PointPanel("point", address_field="address", help_text="Here").clone()
    assert (copy.field_name, copy.address_field, copy.help_text) == ("point", "address", "Here")
    assert PointPanel("point", read_only=True).get_form_options() == {}
