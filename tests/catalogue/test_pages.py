"""The pages of territories, opportunities and providers, as a reader gets them."""

import json
import re
from decimal import Decimal

import pytest

from tests import factories
from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.badges.models import Skill, SkillName
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Skill as KnownSkill
from wagtail_col.catalogue.publishing import (
    publish_listings,
    withdraw_listing,
    withdraw_provider,
)
from wagtail_col.catalogue.search.terms import short
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db


# Find


def test_the_find_page_shows_what_there_is(client, city):
    making.interest("music", en="Music")
    district = factories.territory_page(
        city, title="Centro", kind="district", boundary=json.dumps(making.square(-4.2, 39.9, 0.4))
    )
    library = factories.provider_page(city)
    page = factories.opportunity_page(library, title="Radio", is_free=True, dates=3, venue="Studio")
    line = factories.playlist_page(city, [{"listing": page}], title="Podcast")
    making.online("Lesson", territory=inside(city), attribution="From the city, CC BY")
    making.listing("No point", territory=inside(city), point=None, interests=("music",))
    said = html(client, city.url)
    assert "<h1>Learn in City</h1>" in said
    assert "3 things to learn" in said
    assert f'href="{page.url}"' in said
    assert "and 2 more dates" in said
    assert "Studio, Centro" in said
    assert f'href="{line.url}"' in said
    assert f'href="{district.url}"' in said
    assert "From the city, CC BY" in said
    assert "1 online, from anywhere" in said
    assert "1 of them has no point on the map." in said
    assert 'viewBox="0 0 ' in said
    assert "col-stop--alone col-line--magenta" in said
    assert 'value="music"' in said
    assert f'<link rel="canonical" href="http://testserver{city.url}">' in said
    assert "style=" not in said
    assert not re.search(r"<script(?![^>]*\bsrc=)(?! type=.application/ld.json.>)", said)
    assert not re.search(r"\son\w+=", said)


def test_filters_are_in_the_address_and_can_be_taken_away(client, city):
    making.interest("music", en="Music")
    making.listing("Free music", territory=inside(city), interests=("music",), is_free=True)
    making.listing("Paid", territory=inside(city), price=Decimal(3), is_free=False)
    said = html(client, f"{city.url}?free=1&interest=music&utm_source=x")
    assert "1 thing to learn" in said
    assert "Free music" in said
    assert "Paid" not in said
    assert 'href="?interest=music"' in said
    assert 'href="?free=1"' in said
    assert 'name="interest" value="music" checked' in said
    assert 'name="free" value="1" checked' in said
    assert (
        f'<link rel="canonical" href="http://testserver{city.url}?interest=music&amp;free=1">'
        in said
    )
    assert f"?interest=music&amp;free=1&amp;territory={city.translation_key}" in said


def test_where_somebody_is_and_looks_is_no_part_of_the_name_of_a_search(client, city):
    said = html(client, f"{city.url}?free=1&at=40.4,-3.7&within=2&sort=distance")
    assert f'<link rel="canonical" href="http://testserver{city.url}?free=1">' in said
    said = html(client, f"{city.url}?free=1&box=-3.8,40.3,-3.6,40.5")
    assert f'<link rel="canonical" href="http://testserver{city.url}?free=1">' in said


def test_nothing_found_says_what_to_do(client, city):
    assert "Nothing has been published here so far." in html(client, city.url)
    said = html(client, f"{city.url}?q=nothing")
    assert "There is nothing that fits all of your filters." in said
    assert 'href="?"' in said


def test_nothing_found_offers_what_is_nearest(client, city):
    making.interest("music")
    for number in range(3):
        making.listing(f"Radio {number}", territory=inside(city), interests=("music",))
    making.listing("Radio, free", territory=inside(city), is_free=True)
    said = html(client, f"{city.url}?q=radio&interest=music&free=1")
    ways = re.findall(r'<a class="col-chip" href="([^"]*)"><strong>(\d+)</strong> (.*?)</a>', said)
    assert ways == [
        ("?q=radio&amp;interest=music", "3", "without “Free”"),
        ("?q=radio&amp;free=1", "1", "without “Music”"),
    ]
    for href, count, _words in ways:
        found = html(client, city.url + href.replace("&amp;", "&"))
        assert f"{count} thing" in found
    # A wider search that finds nothing either is not offered.
    assert "without “Free”" not in html(client, f"{city.url}?q=nothing&free=1&age=9")


def test_a_list_has_pages_and_a_page_too_far_is_the_last(client, city):
    publish_listings(
        [making.facts(f"P{number:03}", territory=inside(city)) for number in range(145)]
    )
    first = html(client, f"{city.url}?kind=workshop")
    assert 'href="?kind=workshop&amp;page=8"' in first
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    last = html(client, f"{city.url}?kind=workshop&page=8")
    assert last.count('class="col-card ') == 5
    assert 'rel="next"' not in last
    assert html(client, f"{city.url}?kind=workshop&page=99").count('class="col-card ') == 5
    titles = [
        title
        for number in range(1, 9)
        for title in re.findall(
            r"P\d{3}", html(client, f"{city.url}?page={number}" if number > 1 else city.url)
        )
    ]
    assert len(set(titles)) == 145


@pytest.mark.parametrize(
    ("parameter", "asked"),
    [
        ("kind", "kind=<script>x</script>"),
        ("interest", "interest=x"),
        ("from", "from=yesterday"),
        ("to", "from=2030-02-01&to=2030-01-01"),
        ("when", "when=x"),
        ("place", "place=x"),
        ("free", "free=x"),
        ("age", "age=x"),
        ("district", "district=x"),
        ("page", "page=x"),
        ("q", f"q={'x' * 101}"),
    ],
)
def test_each_wrong_filter_is_named_and_there_is_a_way_on(client, city, parameter, asked):
    said = html(client, f"{city.url}?{asked}", 400)
    assert f"“{parameter}” of the address is wrong." in said or f'id="wrong-{parameter}"' in said
    assert 'href="?"' in said
    assert "<script>x" not in said
    library = factories.provider_page(city)
    said = html(client, f"{library.url}?{asked}", 400)
    assert f"The part “{parameter}” of the address is wrong." in said
    assert f'href="{library.url}"' in said


def test_what_a_providers_page_cannot_read_can_be_put_right_and_the_rest_is_kept(client, city):
    page = factories.provider_page(city)
    library = making.Provider.objects.get(key=page.translation_key)
    making.listing("Radio", provider=library, is_free=True)
    asked = f"{page.url}?q=radio&free=1&interest=&near=Nowhere+%3Cb%3E&page=2"
    said = html(client, asked, 400)
    assert "We know no place called “Nowhere &lt;b&gt;”." in said
    assert 'name="near" value="Nowhere &lt;b&gt;"' in said
    # What else was asked goes along with a second try, and without it.
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', said)
    assert fields == [("q", "radio"), ("free", "1")]
    without = f"{page.url}?q=radio&amp;free=1"
    assert f'href="{without}"' in said
    assert "Radio" in html(client, without.replace("&amp;", "&"))
    # Nobody types a kind: it is left out.
    said = html(client, f"{page.url}?q=radio&kind=x", 400)
    assert 'name="kind"' not in said
    assert f'href="{page.url}?q=radio"' in said


def test_districts_narrow_and_lead_on(client, city):
    district = factories.territory_page(
        city, title="Centro", kind="district", boundary=json.dumps(making.square(-4.2, 39.9, 0.4))
    )
    name = short(inside(district))
    making.listing("Inside", territory=inside(city), point=Point(-4, 40), is_free=True)
    making.listing("Outside", territory=inside(city), point=Point(-3.6, 40.4))
    said = html(client, f"{city.url}?district={name}")
    assert "Inside" in said
    assert "Outside" not in said
    assert "col-map__district--on" in said
    assert f'href="{district.url}?free=1"' in html(client, f"{city.url}?free=1")
    below = html(client, district.url)
    assert f'<a href="{city.url}">City</a>' in below
    assert "Inside" in below


# One opportunity


def test_an_opportunity_says_five_facts_and_what_to_do(client, city):
    making.interest("music", en="Music")
    coding = Skill(framework="esco", uri="http://esco/1")
    coding.names = [SkillName(language="en", name="write programs")]
    coding.save()
    library = factories.provider_page(city)
    page = factories.opportunity_page(
        library,
        title="Radio",
        dates=2,
        summary="You record a minute.",
        description="<p>Bring <b>headphones</b>.</p>",
        venue="Studio",
        address="Main Street 1",
        price=Decimal("7.5"),
        age_min=14,
        age_max=30,
        delivery_languages="es",
        link="https://example.org/radio",
        accessibility="step-free quiet",
        skills=[coding],
    )
    factories.playlist_page(city, [{"listing": page}], title="Podcast", colour="teal")
    said = html(client, page.url)
    assert "<h1>Radio</h1>" in said
    for fact in (
        "€ 7.50",
        "14 to 30",
        "Spanish",
        "Studio, Main Street 1, City",
        "Step-free, Quiet",
    ):
        assert fact in said
    assert "and 1 more date" in said
    assert said.count("<li><time") == 2
    assert "You record a minute." in said
    assert "<b>headphones</b>" in said
    assert f'href="{library.url}"' in said
    assert f'href="/col/opportunities/{page.translation_key}/calendar.ics"' in said
    assert "https://www.openstreetmap.org/?mlat=40.000000&amp;mlon=-4.000000" in said
    assert 'href="https://example.org/radio" rel="noopener noreferrer"' in said
    assert "col-sign col-line--teal" in said
    assert "col-map__dots--stop" in said
    assert "This is over." not in said
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', said)[1])
    assert data["@type"] == "EducationEvent"
    assert data["name"] == "Radio"
    assert data["url"] == f"http://testserver{page.url}"
    assert data["location"]["geo"]["latitude"] == 40
    assert data["offers"]["price"] == "7.50"
    assert data["teaches"] == [
        {"@type": "DefinedTerm", "name": "write programs", "url": "http://esco/1"}
    ]
    assert [one["name"] for one in data["location"]["amenityFeature"]] == ["step-free", "quiet"]
    assert (
        f'<a href="{city.url}?skill={KnownSkill.slug_of("http://esco/1")}">write programs</a>'
        in said
    )


def test_online_at_any_time_has_no_calendar_and_no_map(client):
    listing = making.online("Lesson", minutes=40, source_url="https://example.org/lesson")
    said = html(client, f"/col/opportunities/{listing.key}/")
    assert "Any time, 40 minutes" in said
    assert "Open course" in said
    assert "calendar.ics" not in said
    assert "col-map" not in said
    assert '"@type": "LearningResource"' in said


def test_what_is_over_says_so(client, city):
    listing = making.listing("Old", territory=inside(city), dates=(making.on(-9),))
    said = html(client, f"/col/opportunities/{listing.key}/")
    assert "This is over." in said
    assert f'href="{city.url}"' in said
    assert "calendar.ics" not in said


def test_pictures_of_other_servers_are_not_loaded(client, city):
    for url in ("https://spy.example/x.jpg", "//spy.example/x.jpg", "/\\spy.example/x.jpg"):
        listing = making.listing("Pictured", territory=inside(city), image=url)
        assert "spy.example" not in html(client, f"/col/opportunities/{listing.key}/")
        assert "spy.example" not in html(client, city.url)
    own = making.listing("Own", image="/media/own.jpg")
    assert 'src="/media/own.jpg"' in html(client, f"/col/opportunities/{own.key}/")


def test_a_key_leads_to_the_page_where_there_is_one(client, city):
    page = factories.opportunity_page(city)
    response = client.get(f"/col/opportunities/{page.translation_key}/")
    assert (response.status_code, response["Location"]) == (302, page.url)


def test_withdrawn_is_gone_and_unknown_is_not_found(client, city):
    listing = making.listing("Secret plan", territory=inside(city))
    withdraw_listing(listing.key)
    said = html(client, f"/col/opportunities/{listing.key}/", 410)
    assert "This is no longer here" in said
    assert "Secret plan" not in said
    assert f'href="{city.url}"' in said
    unknown = f"/col/opportunities/{making.key('unknown')}/"
    assert client.get(unknown, follow=True).status_code == 404
    assert client.post(f"/col/opportunities/{listing.key}/").status_code == 405


def test_a_withdrawn_provider_is_no_longer_named(client):
    library = making.provider()
    listing = making.listing(provider=library)
    url = f"/col/opportunities/{listing.key}/"
    assert "Organised by" in html(client, url)
    withdraw_provider(library.key)
    said = html(client, url)
    assert "Organised by" not in said
    assert "Library" not in said


# A provider


def test_a_provider_shows_what_is_its_own(client, city):
    library = factories.provider_page(
        city, website="https://www.library.example/", email="hello@library.example"
    )
    page = factories.opportunity_page(library, title="Ours")
    factories.opportunity_page(city, title="Theirs")
    line = factories.playlist_page(city, [{"listing": page}], title="Podcast")
    factories.playlist_page(city, [{"link": "https://example.org/", "title": "X"}], title="Other")
    said = html(client, library.url)
    assert f'href="{page.url}"' in said
    assert "Theirs" not in said
    assert f'href="{line.url}"' in said
    assert "Other" not in said
    assert 'href="https://www.library.example/" rel="noopener noreferrer">library.example<' in said
    assert "mailto:hello@library.example" in said
    empty = factories.provider_page(city, title="Empty")
    assert "Nothing is planned at the moment." in html(client, empty.url)


# Languages


def test_another_language_is_marked_and_ours_is_preferred(client, city):
    texts = (Text(language="sl", title="Čebele"), Text(language="es", title="Abejas"))
    listing = making.listing(texts=texts, territory=inside(city))
    url = f"/col/opportunities/{listing.key}/"
    assert '<h1 lang="sl">Čebele</h1>' in html(client, f"{url}?lang=en")
    assert "<h1>Abejas</h1>" in html(client, f"{url}?lang=es")
    assert f'<a href="{url}" lang="sl">Čebele</a>' in html(client, city.url)
    assert client.get(f"{url}?lang=sl")["Content-Language"] == "sl"
    assert 'lang="sl"' in html(client, f"{url}?lang=sl")


def test_languages_are_kept_apart_in_the_cache(client):
    texts = (Text(language="en", title="Bees"), Text(language="sl", title="Čebele"))
    listing = making.listing(texts=texts)
    url = f"/col/opportunities/{listing.key}/"
    for _each in range(2):
        assert "Bees" in html(client, f"{url}?lang=en")
        assert "Čebele" in html(client, f"{url}?lang=sl")
