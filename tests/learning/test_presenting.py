"""Small lines on cards, the lines through a listing, and the line on the map."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import SQUARE, AchievementFactory, territory_page
from tests.learning.build import line, link, listing, online, step, steps_of
from wagtail_col.catalogue.models import Listing, Territory
from wagtail_col.catalogue.presenting import cards
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.catalogue.signals import lines_wanted
from wagtail_col.geo import Point
from wagtail_col.learning import journey
from wagtail_col.learning.mapping import map_of
from wagtail_col.learning.models import Evidence, Playlist
from wagtail_col.learning.presenting import line_cards
from wagtail_col.learning.publishing import withdraw_playlist
from wagtail_col.learning.stops import lines_of

pytestmark = pytest.mark.django_db


def through(*listings) -> dict:
    ids = [one.pk for one in listings]
    ((_receiver, answer),) = lines_wanted.send(sender=Listing, listing_ids=ids)
    return answer


def card_of(playlist, learner=None):
    (card,) = line_cards([playlist], "en", learner)
    return card


def test_the_lines_through_a_listing():
    workshop, other = listing(), listing()
    first = line(step(workshop), step(workshop), title="Podcast", line_name="M1", colour="coral")
    line(step(other), title="Radio")
    gone = line(step(workshop), title="Gone")
    withdraw_playlist(gone.key)
    assert through(workshop)[workshop.pk] == [
        {"name": "M1", "title": "Podcast", "colour": "coral", "url": first.text.url}
    ]
    assert through(workshop, other)[other.pk][0]["name"] == "Radio"
    assert through(listing()) == {}
    assert [sign.title for sign in cards([workshop])[0].signs] == ["Podcast"]


def test_the_card_of_a_line_says_what_it_takes():
    playlist = line(
        link("A", minutes=60),
        link("B", minutes=100, choice=1),
        link("C", minutes=40, choice=1),
        link("D", minutes=500, is_required=False),
        achievement=AchievementFactory(),
    )
    card = card_of(playlist)
    assert card.says == "2 stations · about 1 h 40 min · badge at the end"
    assert card.stops == ("open", "open")
    assert not card.is_joined
    assert card.next_title == ""


def test_a_draft_badge_is_not_promised():
    assert "badge" not in card_of(line(link(), achievement=AchievementFactory(live=False))).says


def test_the_card_has_the_learners_own_progress(learner):
    playlist = line(link("First"), link("Second"), link("Third"))
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[1], Evidence.SELF)
    card = card_of(playlist, learner)
    assert card.stops == ("now", "done", "open")
    assert card.says == "1 of 3 stations"
    assert card.next_title == "First"
    assert card_of(playlist).stops == ("open", "open", "open")


def test_a_very_long_line_has_no_picture():
    card = card_of(line(*(link(f"L{n}") for n in range(21))))
    assert card.stops == ()
    assert card.says == "21 stations"


def test_a_line_of_offers_alone_has_one_station(learner):
    playlist = line(link("A", is_required=False), link("B", is_required=False))
    journey.join(learner, playlist)
    assert card_of(playlist, learner).stops == ("now",)
    journey.complete(learner, steps_of(playlist)[1], Evidence.SELF)
    card = card_of(playlist, learner)
    assert card.stops == ("done",)
    assert card.is_complete


def test_an_empty_line():
    card = card_of(line())
    assert card.stops == ()
    assert card.says == "0 stations"


def test_the_next_step_does_not_name_what_is_not_public(learner):
    course = online("Secret course")
    playlist = line(step(course))
    journey.join(learner, playlist)
    withdraw_listing(course.key)
    assert card_of(playlist, learner).next_title == "No longer offered"


def test_cards_come_in_the_order_asked_for():
    playlists = [line(link(), title=title) for title in "CAB"]
    assert [card.title for card in line_cards(playlists)] == ["C", "A", "B"]


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_is_constant(learner, count):
    for n in range(count):
        playlist = line(
            step(listing(f"W{n}")), link(f"L{n}"), title=f"{n}", achievement=AchievementFactory()
        )
        journey.join(learner, playlist)
    for reader, expected in ((None, 9), (learner, 11)):
        with CaptureQueriesContext(connection) as caught:
            assert len(line_cards(Playlist.objects.all(), "en", reader)) == count
        assert len(caught) == expected
    with CaptureQueriesContext(connection) as caught:
        assert len(through(*Listing.objects.all())) == count
    assert len(caught) == 3


# On the map


@pytest.fixture
def city():
    return Territory.objects.get(key=territory_page(boundary=SQUARE).translation_key)


def at(lon, lat, title="Stop", **values):
    return step(listing(title, point=Point(lon, lat)), **values)


def test_the_line_joins_its_local_stops(city):
    playlist = line(
        at(-4.2, 40.2),
        at(-3.6, 40.4, is_required=False),
        link(),
        at(-3.8, 39.8),
    )
    drawn = map_of(lines_of([playlist])[playlist.pk], city)
    assert len(drawn.places) == 3
    assert drawn.line.count("L") == 1
    assert drawn.branches.count("M") == 1
    assert drawn.dots().count("h0") == 3
    first = next(iter(drawn.places))
    assert drawn.dots(frozenset({first})).count("h0") == 1
    assert "Stop" in drawn.label
    assert drawn.ground


def test_there_is_no_map_without_a_place_or_a_boundary(city):
    nowhere, somewhere = line(link()), line(at(-4, 40))
    lines = lines_of([nowhere, somewhere])
    assert map_of(lines[nowhere.pk], city) is None
    assert map_of(lines[somewhere.pk], None) is None
    bare = Territory.objects.get(key=territory_page(boundary="").translation_key)
    assert map_of(lines[somewhere.pk], bare) is None


def test_a_stop_far_away_does_not_make_the_map_empty(city):
    playlist = line(at(-4, 40), at(150, -30))
    drawn = map_of(lines_of([playlist])[playlist.pk], city)
    assert float(drawn.viewbox.split()[2]) < 1000
    far = line(at(150, -30))
    assert map_of(lines_of([far])[far.pk], city) is None
