"""Each filter leaves what it says, and the order is that of what comes first."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone

from tests.catalogue import making
from wagtail_col.catalogue.facts import Date, Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import (
    publish_listing,
    withdraw_listing,
    withdraw_territory,
)
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.facets import facets
from wagtail_col.catalogue.search.terms import short

pytestmark = pytest.mark.django_db


def found(asked: str = "", **scope) -> list[str]:
    query = Query.from_params(QueryDict(asked), **scope)
    titles = [listing.text.title for listing in query.in_order()]
    assert query.listings().count() == len(titles) == len(set(titles))
    return titles


def test_words_are_found_without_accents_case_and_punctuation_at_their_beginning():
    making.listing("Taller de «Música»: ¡ñandú!")
    making.listing("Party", venue="Casa del Reloj")
    making.listing("Čebelarstvo", texts=(Text(language="sl", title="Čebelarstvo"),))
    assert found("q=musica") == ["Taller de «Música»: ¡ñandú!"]
    assert found("q=MÚSI+tall") == ["Taller de «Música»: ¡ñandú!"]
    assert found("q=nandu") == ["Taller de «Música»: ¡ñandú!"]
    assert found("q=reloj") == ["Party"]
    assert found("q=art") == []
    assert found("q=cebel") == ["Čebelarstvo"]
    assert found("q=musica+reloj") == []
    assert found("q=%25") == found("q=_") == found()


def test_interests_and_kinds_are_any_of_several():
    for slug in ("music", "art", "film"):
        making.interest(slug)
    making.listing("A", interests=("music", "art"), kind="event")
    making.listing("B", interests=("art",), kind="course")
    making.listing("C", interests=("film",), kind="event")
    assert found("interest=art") == ["A", "B"]
    assert found("interest=music&interest=film") == ["A", "C"]
    assert found("interest=art&kind=event") == ["A"]
    assert found("kind=course&kind=event") == ["A", "B", "C"]


def test_place_free_and_age():
    making.listing("Local", is_free=True, age_min=14, age_max=30)
    making.listing("Both", is_online=True, price=Decimal(5))
    making.online("Online", age_max=12)
    assert found("place=online") == ["Both", "Online"]
    assert found("place=local") == ["Local", "Both"]
    assert found("free=1") == ["Local"]
    assert found("age=14") == ["Local", "Both"]
    assert found("age=12") == ["Both", "Online"]
    assert found("age=31") == ["Both"]
    assert found("age=0") == ["Both", "Online"]


def test_dates_are_those_that_touch_the_days():
    tomorrow = timezone.localdate() + timedelta(days=1)
    noon = timezone.make_aware(datetime(tomorrow.year, tomorrow.month, tomorrow.day, 12))  # noqa: DTZ001
    hour = timedelta(hours=1)
    making.listing("Short", dates=(Date(starts_at=noon, ends_at=noon + hour),))
    making.listing(
        "Long", dates=(Date(starts_at=noon - timedelta(days=30), ends_at=noon + timedelta(days=5)),)
    )
    making.listing(
        "Twice",
        dates=(
            Date(starts_at=noon + timedelta(days=2), ends_at=noon + timedelta(days=2, hours=1)),
            Date(starts_at=noon + timedelta(days=20), ends_at=noon + timedelta(days=20, hours=1)),
        ),
    )
    making.online("Any time")
    assert found(f"from={tomorrow}&to={tomorrow}") == ["Short", "Long"]
    assert found(f"from={tomorrow + timedelta(days=1)}&to={tomorrow + timedelta(days=1)}") == [
        "Long"
    ]
    assert found(f"from={tomorrow + timedelta(days=6)}") == ["Twice"]
    # Between two of its dates there is nothing of it.
    assert found(f"from={tomorrow + timedelta(days=6)}&to={tomorrow + timedelta(days=9)}") == []
    assert found(f"to={tomorrow}") == ["Short", "Long"]
    assert found("when=week") == ["Short", "Twice", "Long"]
    assert found("to=2001-01-01") == []


def test_what_is_over_is_not_there_and_what_goes_on_is():
    making.listing("Over", dates=(making.on(-3, 2), making.on(-2, 2)))
    making.listing("Going on", dates=(making.on(-3, 24 * 5),))
    making.listing("One left", dates=(making.on(-3, 2), making.on(2, 2)))
    assert found() == ["Going on", "One left"]


def test_an_all_day_date_is_not_over_before_its_day_is():
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    making.listing("Today", dates=(Date(starts_at=midnight, ends_at=midnight, all_day=True),))
    assert found() == ["Today"]


def test_order_is_by_when_one_has_to_act():
    making.online("Any time")
    making.listing("Exhibition", dates=(making.on(-60, 24 * 120),))
    making.listing("Next week", dates=(making.on(7),))
    making.listing("Tonight", dates=(making.on(0.1),))
    making.listing("Ends tomorrow", dates=(making.on(-60, 24 * 61),))
    making.listing("Weekly", dates=(making.on(-10), making.on(4), making.on(11)))
    assert found() == [
        "Tonight",
        "Ends tomorrow",
        "Weekly",
        "Next week",
        "Exhibition",
        "Any time",
    ]


def test_territories_hold_what_is_below_them_and_districts_narrow():
    region = making.territory("Region", boundary=making.square(-5, 39, 4), kind="region")
    city = making.territory("City", region)
    centre = making.territory("Centro", city, boundary=making.square(-3.6, 40.4, 0.2))
    making.territory("Norte", city, boundary=making.square(-3.9, 40.7, 0.2))
    making.listing("In the centre", territory=city)
    making.listing("In the city", territory=city, point=None)
    making.listing("In the region", territory=region, point=None)
    making.listing("Elsewhere", point=None)
    assert found(territory=region) == ["In the centre", "In the city", "In the region"]
    assert found(territory=city) == ["In the centre", "In the city"]
    assert found(territory=centre) == ["In the centre"]
    assert found(f"district={short(centre)}", territory=region) == ["In the centre"]
    assert found(f"district={short(city)}", territory=region) == ["In the centre", "In the city"]
    assert "Elsewhere" in found()
    withdraw_territory(centre.key)
    assert found(territory=city) == ["In the centre", "In the city"]


def test_a_providers_scope():
    library = making.provider()
    making.listing("Ours", provider=library)
    making.listing("Theirs")
    assert found(provider=library) == ["Ours"]


def test_withdrawn_and_published_again():
    listing = making.listing("Comes and goes")
    withdraw_listing(listing.key)
    assert found() == []
    publish_listing(making.facts("Comes and goes", key=listing.key))
    assert found() == ["Comes and goes"]
    assert Listing.objects.count() == 1


def test_counts_are_what_each_filter_would_leave():
    for slug in ("music", "art"):
        making.interest(slug)
    city = making.territory()
    centre = making.territory("Centro", city, boundary=making.square(-3.6, 40.4, 0.2))
    making.listing("A", territory=city, interests=("music", "art"), is_free=True)
    making.listing("B", territory=city, interests=("art",), kind="course", point=None)
    making.online("C", territory=city, interests=("music",), is_free=True)
    making.online("Elsewhere", interests=("music",))
    for asked in ("", "free=1", "place=online", "interest=art", f"district={short(centre)}"):
        query = Query.from_params(QueryDict(asked), territory=city)
        counts = facets(query, [city, centre])
        for slug in ("music", "art"):
            expected = query.but(interest=(slug,)).listings().count()
            assert counts.interest.get(slug, 0) == expected, (asked, slug)
        for kind in ("workshop", "course", "digital", "event"):
            assert counts.kind.get(kind, 0) == query.but(kind=(kind,)).listings().count()
        assert counts.online == query.but(place="online").listings().count()
        assert counts.local == query.but(place="local").listings().count()
        assert counts.free == query.but(free=True).listings().count()
        narrowed = query.but(district=short(centre), district_path=centre.path)
        assert counts.territory[centre.pk] == narrowed.listings().count()
        assert counts.territory[city.pk] == query.without("district").listings().count()
    assert facets(Query(territory=city), []).interest == {"music": 2, "art": 2}


def test_counting_takes_the_same_queries_for_one_and_many(django_assert_num_queries):
    city = making.territory()
    for _ in range(2):
        making.listing("A", territory=city)
        # One for each choice of a fixed list, one for each open list.
        with django_assert_num_queries(26):
            facets(Query(territory=city), [city])
