"""The answer to a search as JSON."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.catalogue import making
from wagtail_col.catalogue.facts import SkillFacts, Text
from wagtail_col.catalogue.publishing import publish_listings, withdraw_listing, withdraw_provider

pytestmark = pytest.mark.django_db

URL = "/col/opportunities.json"


def test_a_listing_says_all_its_facts(client):
    making.interest("music")
    city = making.territory()
    library = making.provider()
    listing = making.listing(
        "Radio",
        territory=city,
        provider=library,
        interests=("music",),
        price=Decimal("7.50"),
        is_free=False,
        age_min=14,
        delivery_languages=("es", "en"),
        minutes=90,
        skills=(SkillFacts(uri="http://esco/1", names={"en": "code"}),),
        accessibility=("quiet",),
        venue="Studio",
        attribution="City of Example, CC BY 4.0",
        source_url="https://example.org/radio",
        image="https://elsewhere.example/x.jpg",
        dates=(making.on(3), making.on(9)),
    )
    answer = client.get(URL, {"territory": str(city.key)}).json()
    assert {key: answer[key] for key in ("count", "page", "pages", "next", "previous")} == {
        "count": 1,
        "page": 1,
        "pages": 1,
        "next": None,
        "previous": None,
    }
    said = answer["opportunities"][0]
    assert said["key"] == str(listing.key)
    assert said["uri"] == said["url"] == f"http://testserver/col/opportunities/{listing.key}/"
    assert said["attribution"] == "City of Example, CC BY 4.0"
    assert said["source_url"] == "https://example.org/radio"
    assert (said["title"], said["language"], said["kind"]) == ("Radio", "en", "workshop")
    assert said["interests"] == ["music"]
    assert len(said["dates"]) == 2
    assert said["dates"][0]["starts_at"].endswith(("+01:00", "+02:00"))
    assert said["price"] == "7.50"
    assert said["is_free"] is False
    assert said["place"]["venue"] == "Studio"
    assert said["territory"] == {"key": str(city.key), "name": "City"}
    assert said["provider"] == {"key": str(library.key), "name": "Library"}
    assert said["delivery_languages"] == ["es", "en"]
    assert said["skills"] == [{"uri": "http://esco/1", "name": "code"}]
    assert said["accessibility"] == ["quiet"]
    assert said["image"] is None
    withdraw_provider(library.key)
    assert client.get(URL).json()["opportunities"][0]["provider"] is None


def test_pages_are_linked_with_the_whole_search(client):
    making.provider()
    publish_listings([making.facts(f"R{number}", is_free=True) for number in range(45)])
    first = client.get(URL, {"free": "1", "lang": "sl"}).json()
    assert (first["count"], first["pages"], len(first["opportunities"])) == (45, 3, 20)
    assert first["previous"] is None
    seen = [one["key"] for one in first["opportunities"]]
    answer = first
    while answer["next"]:
        assert answer["next"].startswith("http://testserver/col/opportunities.json?free=1&lang=sl&")
        answer = client.get(answer["next"].removeprefix("http://testserver")).json()
        seen += [one["key"] for one in answer["opportunities"]]
    assert len(seen) == len(set(seen)) == 45
    assert answer["previous"].endswith("page=2")


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("kind=x", "kind"),
        ("age=x", "age"),
        ("territory=x", "territory"),
        ("territory=6f0f6c1a-31f4-4a53-9e53-8f2f4a1c0d11", "territory"),
        ("provider=x", "provider"),
        ("provider=6f0f6c1a-31f4-4a53-9e53-8f2f4a1c0d11", "provider"),
        ("page=0", "page"),
    ],
)
def test_refusals_name_the_parameter(client, asked, parameter):
    response = client.get(f"{URL}?{asked}")
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter
    assert response.json()["detail"]


def test_the_language_is_chosen(client):
    texts = (Text(language="en", title="Bees"), Text(language="sl", title="Čebele"))
    making.listing(texts=texts)
    assert client.get(URL, {"lang": "sl"}).json()["opportunities"][0]["title"] == "Čebele"
    assert client.get(URL, {"lang": "es"}).json()["opportunities"][0]["title"] == "Bees"


def test_nothing_withdrawn_or_over_is_told(client):
    listing = making.listing("Withdrawn")
    making.listing("Over", dates=(making.on(-5),))
    withdraw_listing(listing.key)
    assert client.get(URL).json()["opportunities"] == []


def test_only_reading_and_nobody_is_remembered(client):
    assert client.post(URL).status_code == 405
    response = client.get(URL)
    assert not response.cookies
    assert response["Content-Type"] == "application/json"
    assert client.get(f"{URL}?format=json").status_code == 200


def test_hostile_words_stay_words(client):
    making.listing(making.HOSTILE)
    response = client.get(URL)
    assert json.loads(response.content)["opportunities"][0]["title"] == making.HOSTILE
    assert response["X-Content-Type-Options"] == "nosniff"


@override_settings(WAGTAIL_COL={"PAGE_SIZE": 60, "BASE_URL": "http://testserver"})
def test_the_same_queries_for_five_and_fifty(client):
    city = making.territory()
    library = making.provider()
    for many in (5, 45):
        publish_listings(
            [
                making.facts(
                    f"Q{many} {n}",
                    territory=city,
                    provider=library,
                    skills=(SkillFacts(uri="http://esco/1", names={"en": "code"}),),
                    dates=tuple(making.on(d) for d in range(1, 4)),
                )
                for n in range(many)
            ]
        )
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(URL).json()
        assert answer["count"] in (5, 50)
        # The revision, count, listings, texts, provider and its texts, territory and its texts,
        # interests, skills and their names, dates.
        assert len(queries) == 12
