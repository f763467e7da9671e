"""The form of the Find screen, as a browser without any script sends it."""

from urllib.parse import parse_qs

import pytest

from tests import factories
from tests.catalogue import making
from tests.catalogue.reading import html, inside, sent

pytestmark = pytest.mark.django_db


def go(client, page, said: str, **changes: str) -> dict[str, list[str]]:
    """Where one is after the form was sent: the parameters of the address."""
    response = client.get(f"{page.url}?{sent(said, **changes)}", follow=True)
    assert response.status_code == 200
    assert len(response.redirect_chain) <= 1
    return parse_qs(response.request["QUERY_STRING"], keep_blank_values=True)


# Days that have a name


@pytest.mark.parametrize("when", ["today", "weekend", "week"])
def test_a_named_day_stays_one_when_words_are_added(client, city, when):
    said = html(client, f"{city.url}?when={when}")
    assert f'name="when" value="{when}" checked' in said
    # It has no dates of its own that would go stale.
    assert 'type="date" name="from" value=""' in said
    assert 'type="date" name="to" value=""' in said
    assert go(client, city, said, q="teatro") == {"q": ["teatro"], "when": [when]}


def test_days_typed_by_hand_take_the_place_of_a_named_one(client, city):
    said = html(client, f"{city.url}?when=weekend")
    typed = {"from": "2030-10-03", "to": "2030-10-04"}
    assert go(client, city, said, **typed) == {"from": ["2030-10-03"], "to": ["2030-10-04"]}
    assert go(client, city, said, to="2030-10-04", when="") == {"to": ["2030-10-04"]}


def test_a_named_day_takes_the_place_of_days_typed_before(client, city):
    said = html(client, f"{city.url}?from=2030-10-03&to=2030-10-04&free=1")
    assert 'name="from" value="2030-10-03"' in said
    assert 'name="when" value="" checked' in said
    assert go(client, city, said, when="week") == {"when": ["week"], "free": ["1"]}
    assert go(client, city, said) == {"from": ["2030-10-03"], "to": ["2030-10-04"], "free": ["1"]}


def test_an_address_that_no_form_sent_may_not_say_both(client, city):
    html(client, f"{city.url}?when=week&from=2030-10-03", 400)


def test_each_named_day_says_how_much_there_is(client, city):
    making.listing("Tonight", territory=inside(city), dates=(making.on(0.001),))
    making.listing("Later", territory=inside(city), dates=(making.on(5),))
    said = html(client, city.url)
    assert '<span>This week</span> <span class="col-count">2</span>' in said
    said = html(client, f"{city.url}?when=today")
    # Beside each the number of another choice, not of what is left of this one.
    assert '<span>This week</span> <span class="col-count">2</span>' in said


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
