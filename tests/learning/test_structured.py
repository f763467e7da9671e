"""What a playlist's page tells search engines: the way and its stops, and nothing of anybody."""

import json
import re

import pytest
from django.template import Context, Template

from tests import factories
from tests.learning.build import steps_of
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.learning import journey
from wagtail_col.learning.models import Evidence, Playlist

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    city = factories.territory_page(title="Madrid")
    workshop = factories.opportunity_page(city, title="Record </script> your first minute")
    return factories.playlist_page(
        city,
        [
            {"link": "https://example.org/story", "title": "Tell a story", "minutes": 40},
            {"listing": workshop, "instruction": "Bring headphones."},
            {"link": "https://example.org/a", "title": "Interview", "choice": 1},
            {"link": "https://example.org/b", "title": "Market", "choice": 1},
        ],
        title="Podcast from zero",
        summary="From an idea to your first episode.",
        achievement=factories.AchievementFactory(),
    )


def said(client, url: str) -> list[dict]:
    page = client.get(url).content.decode()
    return [
        json.loads(found)
        for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    ]


def test_a_playlist_is_a_course_and_a_list_in_its_order(client, line):
    [data] = said(client, line.url)
    assert data["@context"] == "https://schema.org"
    course, steps = data["@graph"]
    address = f"http://testserver{line.url}"
    assert course["@type"] == "Course"
    assert (course["name"], course["url"]) == ("Podcast from zero", address)
    assert course["description"] == "From an idea to your first episode."
    assert course["inLanguage"] == "en"
    assert course["spatialCoverage"]["name"] == "Madrid"
    playlist = Playlist.objects.get(key=line.translation_key)
    badge = course["educationalCredentialAwarded"]
    assert badge["name"] == str(playlist.achievement)
    assert steps["@type"] == "ItemList"
    assert steps["numberOfItems"] == 4
    assert [one["position"] for one in steps["itemListElement"]] == [1, 2, 3, 4]
    assert [one["name"] for one in steps["itemListElement"]] == [
        "Tell a story",
        "Record </script> your first minute",
        "Interview",
        "Market",
    ]
    first, second, *_more = (one["url"] for one in steps["itemListElement"])
    assert first == "https://example.org/story"
    assert second.startswith("http://testserver/") and client.get(second).status_code == 200


def test_what_is_withdrawn_is_not_in_it(client, line):
    withdraw_listing(line.steps.exclude(listing=None).get().listing.key)
    [data] = said(client, line.url)
    names = [one["name"] for one in data["@graph"][1]["itemListElement"]]
    assert names == ["Tell a story", "Interview", "Market"]


def test_it_is_nobodys_own(client, line):
    before = said(client, line.url)
    learner = factories.UserFactory(first_name="Amaia", last_name="Quite-Secret")
    playlist = Playlist.objects.get(key=line.translation_key)
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    # Whoever is on the line changes nothing for others, and has nothing of theirs in it.
    assert said(client, line.url) == before
    client.force_login(learner)
    for data in said(client, line.url):
        text = json.dumps(data)
        for own in (learner.first_name, learner.last_name, learner.email, learner.username):
            assert own not in text
    assert before


def test_the_front_page_says_how_to_look_for_something(settings):
    template = Template("{% load col_catalogue %}{% structured_site name '/en/' '/en/madrid/' %}")
    drawn = template.render(Context({"name": "Madrid </script><b>"}))
    body = drawn.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in body
    data = json.loads(body)
    assert data["@type"] == "WebSite"
    assert data["name"] == "Madrid </script><b>"
    assert data["url"] == "http://testserver/en/"
    action = data["potentialAction"]
    assert action["@type"] == "SearchAction"
    assert action["target"]["urlTemplate"] == (
        "http://testserver/en/madrid/?q={search_term_string}"
    )
    assert action["query-input"] == "required name=search_term_string"
