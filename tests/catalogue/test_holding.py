"""What a process keeps of one state of the catalogue is nobody's own, and never older than that."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from tests.catalogue import making
from wagtail_col.catalogue import holding
from wagtail_col.catalogue.caching import without_cache
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.finding import Find
from wagtail_col.catalogue.holding import held
from wagtail_col.catalogue.publishing import publish_listing, withdraw_listing
from wagtail_col.catalogue.search import Query


class Counting:
    """Computes, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked = []

    def __call__(self, wanted):
        self.asked += wanted
        return [f"{translation.get_language()} {one}" for one in wanted]


@pytest.fixture(autouse=True)
def nothing_held():
    holding._held.clear()
    yield
    holding._held.clear()


@pytest.fixture
def compute():
    return Counting()


def test_only_what_is_not_known_is_computed_and_all_come_in_their_order(compute):
    assert held("a", "s", [1, 2], compute) == ["en 1", "en 2"]
    assert held("a", "s", [3, 2, 4, 1], compute) == ["en 3", "en 2", "en 4", "en 1"]
    assert compute.asked == [1, 2, 3, 4]
    assert held("a", "s", [], compute) == []


def test_another_state_name_language_or_minute_has_its_own(compute, monkeypatch):
    held("a", "s", [1], compute)
    held("b", "s", [1], compute)
    with translation.override("sl"):
        assert held("a", "s", [1], compute) == ["sl 1"]
    assert len(compute.asked) == 3
    held("a", "t", [1], compute)
    assert len(compute.asked) == 4
    # The state before is over: it is not kept.
    held("a", "s", [1], compute)
    assert len(compute.asked) == 5
    later = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    held("a", "s", [1], compute)
    assert len(compute.asked) == 6


def test_nothing_is_kept_of_what_may_be_undone_or_of_a_preview(compute):
    for _ in range(2):
        held("a", "", [1], compute)
        with without_cache():
            held("a", "s", [1], compute)
    assert len(compute.asked) == 4
    assert holding._held == {}


def test_it_does_not_grow_for_ever(compute, monkeypatch):
    monkeypatch.setattr(holding, "MOST", 10)
    for number in range(40):
        held("a", "s", [number], compute)
        assert len(holding._held) <= 11


@pytest.mark.django_db(transaction=True)
def test_searches_share_their_cards_until_something_changes():
    city = making.territory()
    listing = making.listing(
        territory=city,
        texts=(Text(language="en", title="Bees"), Text(language="sl", title="Čebele")),
    )
    making.listing("Other", territory=city)

    def titles(**asked):
        return [card.title for card in Find(Query(territory=city, **asked)).cards]

    assert sorted(titles()) == ["Bees", "Other"]
    shared = Find(Query(territory=city, q="bees"))
    [card] = shared.cards
    assert card is next(one for one in Find(Query(territory=city)).cards if one.title == "Bees")
    assert "Bees" in card.drawn and card.drawn is card.drawn
    with translation.override("sl"):
        assert "Čebele" in titles()
    publish_listing(making.facts("Wasps", key=listing.key, territory=city))
    assert sorted(titles()) == ["Other", "Wasps"]
    withdraw_listing(listing.key)
    assert titles() == ["Other"]


@pytest.mark.django_db(transaction=True)
def test_a_card_says_how_far_it_is_from_where_it_was_asked_for():
    city = making.territory()
    making.listing("Here", territory=city)
    distances = [
        Find(Query.from_params(QueryDict(asked), territory=city)).cards[0].distance
        for asked in ("", "at=40.5,-3.51&within=25", "at=40.5,-3.6&within=25", "")
    ]
    assert distances[0] == distances[3] == ""
    assert len({*distances}) == 3
