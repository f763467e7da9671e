"""What the editor's map asks the server."""

import json

import pytest
from django.urls import reverse

from tests import factories
from tests.pages import editing
from wagtail_col.geocoding import ServiceDown

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


def down(query, language):
    raise ServiceDown("503")


def ask(client, query):
    return client.get(reverse("col_admin_places"), {"q": query})


def test_only_for_editors(client):
    assert ask(client, "Madrid").status_code == 302
    client.force_login(factories.UserFactory())
    assert ask(client, "Madrid").status_code == 302
    url = reverse("col_admin_boundaries")
    assert client.get(url).status_code == 302


def test_looking_changes_nothing(boss):
    assert boss.post(reverse("col_admin_places"), {"q": "Madrid"}).status_code == 405


def test_a_venue_of_the_site_is_known(boss):
    city = factories.territory_page(title="Učna město")
    centre = {"venue": "Centro Joven Ñandú", "address": "Calle Mayor 1"}
    factories.opportunity_page(city, **centre)
    factories.opportunity_page(city, title="Other", **centre)
    factories.opportunity_page(city, title="Calle Mayor stories", venue="Elsewhere")
    answer = ask(boss, "calle mayor").json()
    assert [place["name"] for place in answer["places"]] == ["Centro Joven Ñandú, Calle Mayor 1"]
    assert answer["places"][0]["lat"] == 40.0
    assert "Check that it is in the right place" in answer["message"]
    answer = ask(boss, "nandu centro").json()
    assert len(answer["places"]) == 1


def test_a_territory_is_known_by_its_name(boss):
    factories.territory_page(title="Učna město")
    (place,) = ask(boss, "ucna mesto").json()["places"]
    assert (place["name"], place["lon"], place["lat"]) == ("Učna město", -4.0, 40.0)


def test_what_is_not_public_is_not_known(boss):
    city = factories.territory_page()
    page = factories.opportunity_page(city, venue="Secret den")
    page.unpublish()
    factories.opportunity_page(city, title="Draft", venue="Secret den", live=False)
    assert ask(boss, "secret den").json()["places"] == []


def test_clear_messages(boss, settings):
    assert ask(boss, "").status_code == 400
    answer = ask(boss, "qqqq zzzz").json()
    assert "No place was found" in answer["message"]
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"GEOCODER": f"{__name__}.down"}
    response = ask(boss, "qqqq zzzz")
    assert response.status_code == 503
    assert "does not answer (503)" in response.json()["message"]
    assert "Only the town" in ask(boss, "Nowhere 1, Ljubljana").json()["message"]


def test_boundaries_of_published_territories(boss):
    city = factories.territory_page()
    factories.territory_page(city, title="Draft").unpublish()
    data = boss.get(reverse("col_admin_boundaries")).json()
    (feature,) = data["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    ring = feature["geometry"]["coordinates"][0][0]
    assert ring[0] == ring[-1]
    assert {tuple(p) for p in ring} == {
        tuple(p) for p in json.loads(factories.SQUARE)["coordinates"][0]
    }
