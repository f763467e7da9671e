"""The form of the Find screen, as a browser without any script sends it."""

import pytest

from tests import factories
from tests.catalogue import making
from tests.catalogue.reading import html, inside, sent

pytestmark = pytest.mark.django_db


# Short addresses


def test_what_a_form_sends_along_without_need_is_left_out_of_the_address(client, city):
    making.interest("music", en="Music")
    making.listing(territory=inside(city), interests=("music",))
    said = html(client, city.url)
    asked = f"{city.url}?{sent(said, interest='music')}"
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (302, f"{city.url}?interest=music")
    assert response["Cache-Control"] == "max-age=30"
    assert client.get(response["Location"]).status_code == 200
    assert client.get(f"{city.url}?{sent(said)}")["Location"] == city.url


def test_what_others_have_put_into_an_address_stays_there(client, city):
    response = client.get(f"{city.url}?utm_source=mail&q=&utm_term=&free=1&page=1")
    assert response["Location"] == f"{city.url}?free=1&utm_source=mail&utm_term="
    assert client.get(f"{city.url}?utm_source=mail&utm_term=").status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["free=1&interest=music", "box=-3.8,40.3,-3.6,40.5", "at=40.40000001,-3.7", "q=a+near+Paris"],
)
def test_an_address_without_anything_too_much_is_answered_at_once(client, city, asked):
    making.interest("music")
    html(client, f"{city.url}?{asked}")


def test_providers_and_frames_have_short_addresses_too(client, city):
    library = factories.provider_page(city)
    assert client.get(f"{library.url}?q=&kind=event")["Location"] == f"{library.url}?kind=event"
    key = library.translation_key
    response = client.get(f"/col/embed/?provider={key}&q=&free=1&within=10&lang=en&height=700")
    assert response["Location"] == f"/col/embed/?free=1&provider={key}&lang=en&height=700"
    assert client.get(response["Location"]).status_code == 200
    response = client.get(f"/col/embed/?territory={city.translation_key}&q=&show=map")
    assert response["Location"] == f"/col/embed/?territory={city.translation_key}&show=map"
    assert client.get(response["Location"]).status_code == 200
