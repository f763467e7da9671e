"""What a person is told who typed what makes no sense; nothing else they typed is lost."""

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.catalogue import making
from tests.catalogue.reading import html, inside, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(city):
    for number, name in enumerate(("Puente de Vallecas", "Villa de Vallecas", "Centro")):
        making.territory(name, inside(city), boundary=making.square(-4 + number / 5, 40, 0.1))
    making.listing("Guitar", territory=inside(city), is_free=True)
    return city


def told(said: str) -> BeautifulSoup:
    return BeautifulSoup(said, "html.parser")


def ways(said: str) -> list[tuple[str, str]]:
    """What somebody may have meant: what it is called, and where it is."""
    return [(a.get_text(), a["href"]) for a in told(said).select(".col-ways a")]


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("near", "Nowhereville", "We know no place called “Nowhereville”."),
        ("from", "soon", "“soon” is no date."),
        ("age", "old", "An age is a number"),
        ("q", "a" * 101, "That is too long."),
    ],
)
def test_the_message_stands_at_the_field_with_what_was_typed(client, places, name, typed, message):
    said = html(client, f"{places.url}?free=1&kind=workshop&{name}={typed}", 400)
    page = told(said)
    field = page.select_one(f"input[name={name}]")
    assert field["value"] == typed
    assert field["aria-invalid"] == "true"
    assert message in page.find(id=field["aria-describedby"]).get_text()
    assert message in page.select_one("[role=alert]").get_text()
    # Who does not see the field yet is led to it.
    assert name == "q" or page.select_one("details.col-filters").has_attr("open")
    # All the rest is there, and the list is of it.
    assert page.select_one("input[name=free]").has_attr("checked")
    assert page.select_one("input[name=kind][value=workshop]").has_attr("checked")
    assert "1 thing to learn" in said


def test_mended_by_hand_the_form_goes_on_with_everything_else(client, places):
    said = html(client, f"{places.url}?q=guitar&free=1&near=Vallcas", 400)
    response = client.get(f"{places.url}?{sent(said, near='Centro')}", follow=True)
    assert response.status_code == 200
    assert response.request["QUERY_STRING"] == "q=guitar&free=1&near=Centro"


def test_places_with_names_like_the_one_typed_are_one_tap_away(client, places):
    said = html(client, f"{places.url}?q=guitar&free=1&within=20&near=Valecas", 400)
    found = dict(ways(said))
    assert {"Puente de Vallecas", "Villa de Vallecas"} <= found.keys()
    # The gazetteer knows a place of this very name.
    assert next(iter(found)) == "Vallecas"
    assert found["Villa de Vallecas"] == "?q=guitar&free=1&near=Villa+de+Vallecas&within=20"
    for href in found.values():
        assert "Near " in html(client, places.url + href)


def test_nobody_is_offered_a_place_that_is_called_nothing_like_it(client, places):
    assert ways(html(client, f"{places.url}?near=Xqzwkv", 400)) == []


def test_days_the_wrong_way_round_are_offered_the_right_way(client, places):
    asked = "from=2030-10-05&to=2030-10-03&free=1"
    said = html(client, f"{places.url}?{asked}", 400)
    page = told(said)
    assert page.select_one("input[name=from]")["value"] == "2030-10-05"
    assert page.select_one("input[name=to]")["value"] == "2030-10-03"
    assert "before" in page.find(id="wrong-to").get_text()
    assert ways(said)[0] == (
        "Thu 3 Oct 2030 to Sat 5 Oct 2030",
        "?from=2030-10-03&to=2030-10-05&free=1",
    )


def test_several_mistakes_are_all_told(client, places):
    said = html(client, f"{places.url}?near=Nowhereville&age=old&kind=party&free=1", 400)
    assert said.count("col-message--bad") == 3
    assert "The part “kind” of the address is wrong." in said
    assert told(said).select_one("input[name=free]").has_attr("checked")


def test_a_mistake_is_not_kept_for_somebody_without_it(client, places):
    assert "Nowhereville" in html(client, f"{places.url}?near=Nowhereville", 400)
    assert "Nowhereville" not in html(client, places.url)
    said = html(client, f"{places.url}?near=Nowheretown", 400)
    assert "Nowheretown" in said
    assert "Nowhereville" not in said


def test_what_is_typed_stays_text(client, places):
    said = html(client, f'{places.url}?near="><script>x</script>&age=<b>', 400)
    assert "<script>x" not in said
    assert "<b>" not in said


def test_the_script_asks_without_what_makes_no_sense(client, places):
    said = html(client, f"{places.url}?near=Nowhereville&free=1", 400)
    address = told(said).select_one("[data-col-find]")["data-col-find"]
    assert address.endswith("&near=")
    assert client.get(f"{address}&free=1").status_code == 200


def test_programs_are_told_which_parameter_it_is(client, places):
    for name in ("opportunities", "opportunities_geojson", "map"):
        asked = {"near": "Valecas", "zoom": "4", "bbox": "-4,40,-3,41"}
        answer = client.get(reverse(f"col_catalogue:{name}"), asked)
        assert answer.status_code == 400
        assert answer.json()["parameter"] == "near"


# Words and a place in one box


def test_a_mistyped_place_in_the_box_is_offered_in_one_tap(client, places):
    said = html(client, f"{places.url}?q=guitar+near+Valecas&free=1")
    label, href = ways(said)[0]
    assert (label, href) == ("guitar near Vallecas", "?q=guitar&free=1&near=Vallecas")
    assert "Near Vallecas, 10 km" in html(client, places.url + href)
    said = html(client, f"{places.url}?q=clases+de+guitarra+cerca+de+Valecas")
    assert ways(said)[0] == (
        "clases de guitarra cerca de Vallecas",
        "?q=clases+de+guitarra&near=Vallecas",
    )


@pytest.mark.parametrize("typed", ["guitar", "walk+near+me", "made+in+Valecas", "near"])
def test_words_that_name_no_place_offer_none(client, places, typed):
    said = html(client, f"{places.url}?q={typed}")
    assert not re.search("Did you mean", said)
