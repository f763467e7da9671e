"""Nonsense in the editor's forms: a clear message at the field, and nothing saved."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from tests import factories
from tests.lti.build import make_course, make_tool
from tests.pages import editing
from wagtail_col.catalogue.models import Listing
from wagtail_col.pages.standard.models import OpportunityPage, PlaylistPage, TerritoryPage

pytestmark = pytest.mark.django_db

DATES = (("2031-03-01 10:00", "2031-03-01 12:00"),)


@pytest.fixture
def city():
    return factories.territory_page()


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


def add(client, model, parent, data, publish=True):
    url = reverse(
        "wagtailadmin_pages:add", args=["col_pages_standard", model._meta.model_name, parent.pk]
    )
    return client.post(url, data | ({"action-publish": "1"} if publish else {}))


def test_a_good_form_publishes(boss, city):
    data = editing.opportunity_form(DATES, point="40.1, -4.1", price="12.50")
    response = add(boss, OpportunityPage, city, data)
    assert response.status_code == 302
    page = OpportunityPage.objects.get()
    assert page.point == "SRID=4326;POINT(-4.100000 40.100000)"
    listing = Listing.objects.get(key=page.translation_key)
    assert (listing.lon, listing.lat) == (-4.1, 40.1)
    assert listing.is_published


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"point": "91.5, 3"}, "point", "outside the world"),
        ({"point": "40, 181"}, "point", "outside the world"),
        ({"point": "Madrid"}, "point", "Write latitude and longitude"),
        ({"point": "<b>1</b>, 2"}, "point", "Write latitude and longitude"),
        ({"point": "SRID=4326;POINT(200 10)"}, "point", "outside the world"),
        ({"point": "nan, nan"}, "point", "Write latitude and longitude"),
        ({"price": "-1"}, "price", "greater than or equal to 0"),
        ({"price": "much"}, "price", "Enter a number"),
        ({"price": "5", "is_free": "on"}, "price", "either free or has a price"),
        ({"age_min": "30", "age_max": "14"}, "age_max", "highest age is below the lowest"),
        ({"age_min": "-3"}, "age_min", "greater than or equal to 0"),
        ({"is_local": ""}, "is_online", "Choose “at a place”"),
        ({"link": "javascript:alert(1)"}, "link", "Enter a valid URL"),
        ({"kind": "party"}, "kind", "Select a valid choice"),
    ],
)
def test_an_opportunity_that_cannot_be(boss, city, values, field, message):
    response = add(boss, OpportunityPage, city, editing.opportunity_form(DATES, **values))
    assert response.status_code == 200
    form = response.context["form"]
    assert message in " ".join(form.errors[field])
    assert message in editing.errors(response)
    assert not OpportunityPage.objects.exists()
    assert not Listing.objects.exists()


def test_what_was_typed_as_a_point_is_kept(boss, city):
    data = editing.opportunity_form(DATES, point="somewhere <script>")
    response = add(boss, OpportunityPage, city, data)
    assert 'value="somewhere &lt;script&gt;"' in response.content.decode()


def test_a_date_that_ends_before_it_starts(boss, city):
    data = editing.opportunity_form((("2031-03-01 12:00", "2031-03-01 10:00"),))
    response = add(boss, OpportunityPage, city, data)
    assert response.status_code == 200
    assert "It ends before it starts." in editing.errors(response)
    assert not OpportunityPage.objects.exists()


@pytest.mark.parametrize(
    ("boundary", "message"),
    [
        ("here and there", "This is not GeoJSON"),
        ("[" * 100_000, "This is not GeoJSON"),
        ('{"type": "Point", "coordinates": [1, 2]}', "a GeoJSON Polygon or MultiPolygon"),
        ('{"type": "LineString", "coordinates": [[1, 2], [3, 4]]}', "Polygon or MultiPolygon"),
        ('{"type": "FeatureCollection", "features": []}', "no polygon"),
        ('{"type": "Polygon", "coordinates": []}', "no outline"),
        ('{"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]}', "three different"),
        ('{"type": "Polygon", "coordinates": [[["a", 2], [3, 4], [5, 6]]]}', "pair of numbers"),
        ('{"type": "Polygon", "coordinates": [[[1, 95], [3, 4], [5, 6]]]}', "outside the world"),
        ('"Polygon"', "something else"),
    ],
)
def test_a_boundary_that_is_no_polygon(boss, boundary, message):
    root = factories.root()
    response = add(boss, TerritoryPage, root, editing.territory_form(boundary=boundary))
    assert response.status_code == 200
    assert message in " ".join(response.context["form"].errors["boundary"])
    assert message in editing.errors(response)
    assert not TerritoryPage.objects.exists()


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({}, "A step is one thing"),
        ({"link": "https://example.org/", "title": "x", "listing": "yes"}, "A step is one thing"),
        ({"course": "yes", "listing": "yes"}, "A step is one thing"),
        ({"course": "yes", "link": "https://example.org/", "title": "x"}, "A step is one thing"),
        ({"course": "00000000-0000-4000-8000-000000000000"}, "Select a valid choice"),
        ({"course": "elsewhere"}, "Select a valid choice"),
        ({"course": "x' OR 1=1"}, "Select a valid choice"),
        ({"course": "yes", "pass_percent": "101"}, "less than or equal to 100"),
        ({"course": "yes", "pass_percent": "0"}, "greater than or equal to 1"),
        ({"link": "https://example.org/"}, "needs a title"),
        ({"link": "ftp:nowhere", "title": "x"}, "Enter a valid URL"),
        ({"link": "https://example.org/", "title": "x", "minutes": "-5"}, "greater than or equal"),
        ({"listing": "999999"}, "Select a valid choice"),
    ],
)
def test_a_step_that_leads_nowhere(boss, city, step, message):
    page = factories.opportunity_page(city)
    if step.get("listing") == "yes":
        step = step | {"listing": str(Listing.objects.get(key=page.translation_key).pk)}
    elsewhere = make_tool(name="Elsewhere", offered_to=["another city"])
    courses = {
        "yes": lambda: make_course(make_tool()),
        "elsewhere": lambda: make_course(elsewhere),
    }
    if step.get("course") in courses:
        step = step | {"course": str(courses[step["course"]]().key)}
    response = add(boss, PlaylistPage, city, editing.playlist_form([step]))
    assert response.status_code == 200
    assert message in editing.errors(response)
    assert not PlaylistPage.objects.exists()


def test_a_draft_may_lack_things_and_keeps_them_out_of_the_record(boss, city):
    response = add(boss, OpportunityPage, city, editing.opportunity_form(), publish=False)
    assert response.status_code == 302
    assert not OpportunityPage.objects.get().live
    assert not Listing.objects.exists()


def test_where_our_pages_may_stand(boss, city):
    home = factories.root()
    for model in (OpportunityPage, PlaylistPage):
        url = reverse(
            "wagtailadmin_pages:add", args=["col_pages_standard", model._meta.model_name, home.pk]
        )
        assert boss.get(url).status_code in (302, 403)
    assert TerritoryPage.can_exist_under(home)
    assert TerritoryPage.can_exist_under(city)
    assert not OpportunityPage.can_exist_under(factories.opportunity_page(city))
    assert not Page.objects.type(PlaylistPage).exists()
