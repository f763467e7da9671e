"""The filters of the Find screen: each is offered with its count, shown when used, taken away."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.catalogue.facts import SkillFacts
from wagtail_col.catalogue.models import Skill
from wagtail_col.catalogue.publishing import publish_listings
from wagtail_col.catalogue.search.terms import short
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db

SKILL = SkillFacts(uri="https://example.org/skills/mixing", names={"en": "Mixing sound"})


@pytest.fixture
def offer(city):
    library = making.provider("Library")
    making.interest("music", en="Music")
    making.listing(
        "Radio",
        territory=inside(city),
        point=Point(-3.5, 40.5),
        provider=library,
        interests=("music",),
        skills=(SKILL,),
        accessibility=("step-free", "quiet"),
        delivery_languages=("es",),
        price=Decimal(8),
        is_free=False,
        age_min=10,
    )
    making.listing("Painting", territory=inside(city), point=Point(-3.9, 40.9), is_free=True)
    making.listing("Cooking", territory=inside(city), point=Point(-3.8, 40.8), is_free=True)
    return library


def boxes(said: str, name: str) -> dict[str, tuple[str, str]]:
    """The boxes to tick of one filter: what they are called and how many they leave, by value."""
    found = re.findall(
        rf'name="{name}" value="([^"]*)"[^>]*> <span[^>]*>([^<]*)</span> '
        r'<span class="col-count">(\d+)</span>',
        said,
    )
    return {value: (label, count) for value, label, count in found}


def test_each_choice_says_how_much_it_leaves(client, city, offer):
    said = html(client, city.url)
    assert boxes(said, "access") == {"step-free": ("Step-free", "1"), "quiet": ("Quiet", "1")}
    assert boxes(said, "language") == {"es": ("Spanish", "1")}
    assert boxes(said, "skill") == {Skill.slug_of(SKILL.uri): ("Mixing sound", "1")}
    assert boxes(said, "provider") == {short(offer): ("Library", "1")}
    assert sum(int(count) for _label, count in boxes(said, "time").values()) == 3
    assert '<option value="10">Up to 10 (3)</option>' in said
    assert "Distance" not in said


USED = [
    ("q=radio", "“radio”"),
    ("interest=music", "Music"),
    ("kind=workshop", "Workshop"),
    ("when=weekend", "This weekend"),
    ("from=2030-10-03", "From Thu 3 Oct 2030"),
    ("to=2031-10-03", "Until Fri 3 Oct 2031"),
    ("time=evening", "Evening"),
    ("place=local", "At a place"),
    ("free=1", "Free"),
    ("max_price=15", "Up to 15"),
    ("age=12", "Age 12"),
    ("language=es", "Spanish"),
    ("access=quiet", "Quiet"),
    ("at=40.5,-3.5", "Within 10 km of where you are"),
    ("at=40.5,-3.5&within=20", "Within 20 km of where you are"),
    ("near=Madrid", "Near Madrid, 10 km"),
    ("box=-3.60000,40.40000,-3.40000,40.60000", "In this part of the map"),
]


@pytest.mark.parametrize(("asked", "label"), USED)
def test_a_filter_in_use_is_a_chip_that_takes_it_away(client, city, offer, asked, label):
    said = html(client, f"{city.url}?{asked}")
    chips = re.search(r'data-col-part="active">(.*?)</div>', said, re.DOTALL)[1]
    assert re.findall(r'href="([^"]*)">([^<]*) <svg', chips) == [("?", label)]
    other = "age=11" if "age" not in asked else "free=1"
    both = html(client, f"{city.url}?{asked}&{other}")
    chips = re.search(r'data-col-part="active">(.*?)</div>', both, re.DOTALL)[1]
    assert (f"?{other}", label) in re.findall(r'href="([^"]*)">([^<]*) <svg', chips)


def test_skills_and_providers_in_use_are_called_by_name(client, city, offer):
    slug = Skill.slug_of(SKILL.uri)
    said = html(client, f"{city.url}?skill={slug}&provider={short(offer)}")
    assert f'href="?provider={short(offer)}">Mixing sound ' in said
    assert f'href="?skill={slug}">Library ' in said
    assert "1 thing to learn" in said


def test_the_form_sends_what_stands_in_the_address(client, city, offer):
    at = "at=40.5,-3.5&within=20&sort=distance"
    said = html(client, f"{city.url}?access=quiet&max_price=15&{at}")
    assert 'name="access" value="quiet" checked' in said
    assert '<option value="15" selected>' in said
    assert '<option value="20" selected>' in said
    assert 'name="at" value="40.5,-3.5"' in said
    assert 'name="sort" value="distance"' in said
    # One place is enough: there is no field for another one.
    assert 'name="near"' not in said


def test_what_is_near_comes_first_and_says_how_far_it_is(client, city, offer):
    said = html(client, f"{city.url}?at=40.8,-3.8&within=50&sort=distance")
    titles = re.findall(r'col-card__title"><a [^>]*>([^<]*)', said)
    assert titles == ["Cooking", "Painting", "Radio"]
    assert "(100 m)" in said
    assert re.search(r"\(4\d km\)", said)
    assert ">Nearest first<" in said
    assert "km)" not in html(client, city.url).replace("km (", "")


def test_nothing_near_offers_to_look_further(client, city, offer):
    said = html(client, f"{city.url}?at=40.1,-3.1")
    ways = re.findall(r'href="([^"]*)"><strong>(\d+)</strong> (within \d+ km)', said)
    assert ways
    href, count, _words = ways[0]
    assert "within=" in href
    assert f"{count} thing" in html(client, city.url + href.replace("&amp;", "&"))


def test_filters_take_the_same_queries_for_five_and_fifty(client, city, offer):
    counted = []
    for many in (5, 45):
        publish_listings(
            [
                making.facts(f"M{many} {n}", territory=inside(city), skills=(SKILL,))
                for n in range(many)
            ]
        )
        with CaptureQueriesContext(connection) as queries:
            html(client, f"{city.url}?access=quiet&at=40.5,-3.5")
        counted.append(len(queries))
    assert counted[1] <= counted[0]


def test_hostile_names_stay_words_in_filters(client, city):
    skill = SkillFacts(uri="https://example.org/x", names={"en": making.HOSTILE})
    library = factories.provider_page(city, title="<img src=x>")
    making.listing(territory=inside(city), skills=(skill,), provider=library.translation_key)
    said = html(client, f"{city.url}?skill={Skill.slug_of(skill.uri)}")
    assert "<img src=x" not in said
