"""Long lists of filters: the usual page has the first of them, a button leads to all."""

import re
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.catalogue import making
from tests.catalogue.reading import html, inside, sent
from wagtail_col.catalogue.facts import SkillFacts
from wagtail_col.catalogue.filtering import MOST_OPTIONS
from wagtail_col.catalogue.search.terms import short

pytestmark = pytest.mark.django_db
MANY = MOST_OPTIONS + 3


@pytest.fixture
def offer(city):
    for number in range(MANY):
        skill = SkillFacts(uri=f"https://example.org/{number}", names={"en": f"Skill {number:02}"})
        provider = making.provider(f"Provider {number:02}")
        # The last ones have the most.
        for _each in range(2 if number > 5 else 1):
            making.listing(territory=inside(city), provider=provider, skills=(skill,))
    return city


def offered(said: str, name: str) -> list[str]:
    soup = BeautifulSoup(said, "html.parser")
    boxes = soup.select(f"label:has(input[name={name}])")
    return [box.find("span").get_text() for box in boxes]


@pytest.mark.parametrize(("name", "title"), [("provider", "Provider"), ("skill", "Skill")])
def test_the_rest_of_a_long_list_is_one_tap_away(client, offer, name, title):
    said = html(client, offer.url)
    assert len(offered(said, name)) == MOST_OPTIONS
    [button] = BeautifulSoup(said, "html.parser").select(f"button[name=more][value={name}]")
    assert button["form"] == "find"
    # The button sends what is ticked along, and leads to the list.
    response = client.get(f"{offer.url}?{sent(said, free='1')}&more={name}", follow=True)
    asked = parse_qs(response.request["QUERY_STRING"])
    assert asked == {"free": ["1"], "more": [name]}
    said = html(client, f"{offer.url}?more={name}")
    assert offered(said, name) == [f"{title} {number:02}" for number in range(MANY)]
    page = BeautifulSoup(said, "html.parser")
    assert page.select_one("details.col-filters").has_attr("open")
    assert page.select_one(button["formaction"]).name == "fieldset"
    assert not page.select(f"button[name=more][value={name}]")
    # The other list is as short as ever.
    other = "skill" if name == "provider" else "provider"
    assert len(offered(said, other)) == MOST_OPTIONS
    assert len(offered(html(client, offer.url), name)) == MOST_OPTIONS


def test_what_is_chosen_stands_first(client, offer):
    last = making.Provider.objects.order_by("pk").last()
    said = html(client, f"{offer.url}?provider={short(last)}&more=provider")
    assert offered(said, "provider")[:2] == ["Provider 14", "Provider 00"]


def test_a_short_list_has_no_more(client, city):
    making.listing(territory=inside(city), provider=making.provider())
    assert 'name="more"' not in html(client, city.url)
    assert client.get(f"{city.url}?more=nothing").status_code == 200


def test_the_list_stays_long_when_the_map_moves(client, offer):
    said = html(client, f"{offer.url}?more=provider")
    address = BeautifulSoup(said, "html.parser").select_one("[data-col-find]")["data-col-find"]
    found = html(client, f"{address}&more=provider&box=-5,39,-2,42")
    assert len(offered(found, "provider")) == MANY
    kept = re.search(r'data-col-address="([^"]+)"', found)[1].replace("&amp;", "&")
    assert kept == "?box=-5.00000,39.00000,-2.00000,42.00000&more=provider"


def test_a_long_list_takes_no_more_queries(client, offer):
    counted = []
    for asked in ("", "?more=provider", "?more=skill"):
        with CaptureQueriesContext(connection) as queries:
            html(client, f"{offer.url}{asked}")
        counted.append(len(queries))
    assert max(counted[1:]) <= counted[0]
