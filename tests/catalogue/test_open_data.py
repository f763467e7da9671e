"""Any search as CSV, GeoJSON and iCalendar, and what caches are told of it."""

import csv
import io
import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from tests import factories
from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.catalogue.exporting import _cell
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import publish_listing, publish_listings, withdraw_listing
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db

CSV, GEOJSON, ICS = (f"/col/opportunities.{form}" for form in ("csv", "geojson", "ics"))
LICENCE = {"name": "CC BY 4.0", "url": "https://licence.example/by/4.0/"}


@pytest.fixture(autouse=True)
def licensed(settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "DATA_LICENCE": LICENCE}


def body(client, url: str, **params) -> bytes:
    response = client.get(url, params)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows(client, **params) -> list[dict]:
    text = body(client, CSV, **params).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_holds_what_the_json_holds(client):
    making.interest("music")
    listing = making.listing(
        "Radio",
        interests=("music",),
        provider=making.provider(),
        attribution="City of Example",
        point=Point(-3.7, 40.4),
        dates=(making.on(3), making.on(9)),
    )
    making.listing("Painting")
    (row,) = rows(client, interest="music")
    (said,) = client.get("/col/opportunities.json", {"interest": "music"}).json()["opportunities"]
    assert row["key"] == said["key"] == str(listing.key)
    assert row["starts_at"] == said["dates"][0]["starts_at"]
    assert (row["more_dates"], row["interests"], row["provider"]) == ("1", "music", "Library")
    assert (row["attribution"], row["licence"]) == ("City of Example", LICENCE["url"])
    assert float(row["lon"]) == -3.7


def test_no_text_is_a_formula(client):
    making.listing("=HYPERLINK(1)", venue="@x", address="+1", attribution="-2")
    (row,) = rows(client)
    assert row["title"] == "'=HYPERLINK(1)"
    assert (row["venue"], row["address"], row["attribution"]) == ("'@x", "'+1", "'-2")


def test_the_geojson_holds_what_is_at_a_place(client):
    placed = making.listing("Radio", point=Point(-3.7, 40.4))
    making.listing("Online", is_local=False, is_online=True)
    said = json.loads(body(client, GEOJSON))
    assert said["type"] == "FeatureCollection"
    assert said["licence"] == LICENCE
    (feature,) = said["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-3.7, 40.4]}
    assert feature["properties"]["key"] == str(placed.key)
    assert json.loads(body(client, GEOJSON, q="nothing"))["features"] == []


def test_the_calendar_has_an_event_for_each_date(client):
    making.listing("Radio", dates=(making.on(3), making.on(9)))
    making.listing("Any time", dates=())
    said = Calendar.from_ical(body(client, ICS))
    assert [event["summary"] for event in said.walk("VEVENT")] == ["Radio", "Radio"]
    assert said["url"] == LICENCE["url"]
    assert not list(Calendar.from_ical(body(client, ICS, q="nothing")).walk("VEVENT"))


def test_a_file_speaks_the_language_that_was_asked_for(client):
    making.listing(
        "Radio", texts=(Text(language="en", title="Bees"), Text(language="sl", title="Čebele"))
    )
    assert rows(client, lang="sl")[0]["title"] == "Čebele"
    assert rows(client, lang="en")[0]["title"] == "Bees"


@pytest.mark.parametrize("url", [CSV, GEOJSON, ICS])
class TestEachForm:
    def test_it_holds_what_the_list_holds(self, client, url):
        publish_listings(
            [
                making.facts(f"R{n}", dates=(making.on(n + 1),), point=Point(-3, 40))
                for n in range(9)
            ]
        )
        gone = making.listing("Gone", dates=(making.on(2),), point=Point(-3, 40))
        assert b"Gone" in body(client, url)
        withdraw_listing(gone.key)
        said = body(client, url)
        assert b"Gone" not in said
        assert all(f"R{n}".encode() in said for n in range(9))

    def test_it_takes_the_same_queries_for_three_and_thirty(self, client, url):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                body(client, url)
            return len(queries)

        making.interest("music")
        publish_listings(
            [making.facts(f"A{n}", interests=("music",), dates=(making.on(3),)) for n in range(3)]
        )
        few = count()
        publish_listings(
            [making.facts(f"B{n}", interests=("music",), dates=(making.on(3),)) for n in range(30)]
        )
        assert count() == few

    def test_a_wrong_filter_is_refused(self, client, url):
        response = client.get(url, {"age": "old"})
        assert response.status_code == 400
        assert response.json()["parameter"] == "age"

    def test_it_may_be_read_from_everywhere_and_changes_nothing(self, client, url):
        response = client.head(url)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    "url", [CSV, "/col/opportunities.json", "/col/map.json?bbox=-5,39,-3,41&zoom=9"]
)
def test_a_cache_asks_again_and_hears_that_nothing_changed(client, url, monkeypatch):
    from wagtail_col.catalogue import conditional

    now = conditional.timezone.now()
    monkeypatch.setattr(conditional.timezone, "now", lambda: now)
    listing = making.listing("Radio")
    first = client.get(url)
    assert first["Cache-Control"] == "public, max-age=30"
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # Another language is another answer.
    slovene = f"{url}{'&' if '?' in url else '?'}lang=sl"
    other = client.get(slovene, headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    publish_listing(making.facts("Other", key=listing.key))
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert Listing.objects.count() == 1


def test_the_page_leads_to_its_list_as_open_data(client, city):
    making.interest("music")
    making.listing("Radio", interests=("music",), territory=inside(city))
    making.listing("Elsewhere", interests=("music",))
    said = html(client, f"{city.url}?interest=music")
    links = [unescape(link) for link in re.findall(r'href="(/col/opportunities\.[^"]+)"', said)]
    assert [link[len("/col/opportunities.") :][:3] for link in links] == [
        "csv",
        "jso",
        "geo",
        "ics",
    ]
    file = b"".join(client.get(links[0]).streaming_content).decode()
    assert "Radio" in file
    assert "Elsewhere" not in file


def test_the_page_leads_to_the_description_of_its_data(client, city):
    [href] = re.findall(r'href="([^"]+)"[^>]*>Description for programs<', html(client, city.url))
    assert client.get(href).json()["openapi"]


@pytest.mark.parametrize("url", [CSV, GEOJSON, ICS, "/col/opportunities.json"])
def test_the_licence_and_whom_to_thank_are_in_each_form(client, url):
    making.listing("Radio", attribution="City of Example", point=Point(-3.7, 40.4))
    response = client.get(url)
    assert response["Link"] == f'<{LICENCE["url"]}>; rel="license"'
    assert response["Access-Control-Allow-Origin"] == "*"
    said = response.getvalue().decode().replace("\r\n ", "")
    assert LICENCE["url"] in said
    assert "City of Example" in said


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_whatever_a_formula_begins_with(start):
    assert _cell(f"{start}1+1").startswith("'")


def test_numbers_stay_numbers():
    assert _cell(-3.7) == -3.7


def json_ld(page: str) -> dict:
    (said,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', page)
    return json.loads(said)


def test_a_territory_says_what_it_lists_and_where_its_data_is(client, city):
    for number in range(2):
        making.listing(f"Radio {number}", territory=inside(city), attribution="City of Example")
    lists, data = json_ld(html(client, city.url))["@graph"]
    assert [one["name"] for one in lists["itemListElement"]] == ["Radio 0", "Radio 1"]
    assert data["@type"] == "Dataset"
    assert data["license"] == LICENCE["url"]
    assert data["creditText"] == "City of Example"
    assert len(data["distribution"]) == 4
    for form in data["distribution"]:
        response = client.get(form["contentUrl"].removeprefix("http://testserver"))
        assert response["Content-Type"].split(";")[0] == form["encodingFormat"]


def test_a_provider_says_who_it_is(client):
    page = factories.provider_page(factories.territory_page(), title=making.HOSTILE)
    lists, about = json_ld(html(client, page.url))["@graph"]
    assert lists["itemListElement"] == []
    assert (about["@type"], about["name"]) == ("Organization", making.HOSTILE)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"dates": (making.on(3),)}, "EducationEvent"),
        ({"dates": (), "kind": "course"}, "Course"),
        ({"dates": (), "kind": "digital"}, "LearningResource"),
        ({"dates": (), "kind": "volunteering"}, "Service"),
    ],
)
def test_every_opportunity_says_what_it_is(client, facts, kind):
    listing = making.listing("Radio", attribution="City of Example", **facts)
    said = json_ld(html(client, f"/col/opportunities/{listing.key}/"))
    assert said["@type"] == kind
    assert said["subjectOf"]["license"] == LICENCE["url"]
    assert said["subjectOf"]["creditText"] == "City of Example"
    assert ("inLanguage" in said) is (kind != "Service")
