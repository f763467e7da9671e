"""The map shows the very set that the list shows, whatever is asked and however far away."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue import making
from wagtail_col.catalogue.map import clusters, marks, read_view, view_within
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import publish_listings, withdraw_listing
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.catalogue.search.answers import answer
from wagtail_col.geo import WORLD, Box, Point

pytestmark = pytest.mark.django_db


def view(west, south, east, north, zoom):
    return read_view(QueryDict(f"bbox={west},{south},{east},{north}&zoom={zoom}"))


def shown(query: Query, zoom: int) -> int:
    """How many listings the map shows around the test's square at a zoom, tile by tile."""
    steps = max(1, 1 << max(0, zoom - 8))
    total = 0
    for column, row in product(range(steps), range(steps)):
        side = 2 / steps
        west, south = -4.5 + column * side, 39.5 + row * side
        answer = clusters(query, view(west, south, west + side, south + side, zoom))
        total += len(answer["points"]) + sum(cluster[2] for cluster in answer["clusters"])
    return total


places = st.tuples(st.floats(-3.999, -3.001), st.floats(40.001, 40.999)).map(lambda p: Point(*p))
somewhere = st.sampled_from([Point(-3.5, 40.5), Point(-3.5, 40.50001), Point(-3.2, 40.7)])
offers = st.fixed_dictionaries(
    {
        "point": st.one_of(somewhere, places),
        "kind": st.sampled_from(["event", "course", "digital"]),
        "online": st.sampled_from(["no", "too", "only"]),
        "is_free": st.sampled_from([True, False, None]),
        "days": st.sampled_from([-9, -1, 0.2, 3, 20]),
        "age_min": st.sampled_from([None, 10, 40]),
        "withdrawn": st.sampled_from([False, False, False, True]),
        "interests": st.sampled_from([(), ("music",), ("music", "art")]),
        "title": st.sampled_from(["Radio", "Rádio óscar", "Painting"]),
    }
)
asked = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["radio", "pain", "nothing"]),
        "interest": st.sampled_from(["music", "art"]),
        "kind": st.sampled_from(["event", "course"]),
        "place": st.sampled_from(["online", "local"]),
        "free": st.just("1"),
        "age": st.sampled_from(["9", "30"]),
        "when": st.just("week"),
    },
)


def write(offers) -> None:
    facts = [
        making.facts(
            offer["title"],
            key=making.key(f"random {number}"),
            point=None if offer["online"] == "only" else offer["point"],
            kind=offer["kind"],
            is_online=offer["online"] != "no",
            is_local=offer["online"] != "only",
            is_free=offer["is_free"],
            dates=(making.on(offer["days"], 48),),
            age_min=offer["age_min"],
            interests=offer["interests"],
        )
        for number, offer in enumerate(offers)
    ]
    publish_listings(facts)
    for number, offer in enumerate(offers):
        if offer["withdrawn"]:
            withdraw_listing(making.key(f"random {number}"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(offers, min_size=1, max_size=9), st.lists(asked, min_size=1, max_size=3))
def test_map_and_list_are_one_set(offers, searches):
    with transaction.atomic():
        making.interest("music")
        making.interest("art")
        write(offers)
        for params in searches:
            query = Query.from_params(QueryDict("&".join(f"{k}={v}" for k, v in params.items())))
            listed = list(query.in_order())
            placed = [listing for listing in listed if listing.is_local]
            assert all(listing.point for listing in placed)
            for zoom in (2, 9):
                assert shown(query, zoom) == len(placed), (params, zoom)
            for screen in ((360, 265), (900, 700)):
                seen = view_within(Box(-4.1, 39.9, -2.9, 41.1), *screen)
                assert sum(mark.count for mark in marks(answer(query), seen)[0]) == len(placed)
        transaction.set_rollback(True)


def test_points_name_what_they_are_and_clusters_count(django_assert_num_queries):
    alone = making.listing("Alone", point=Point(-3.9, 40.1), kind="event")
    for number in range(3):
        making.listing(f"Together {number}", point=Point(-3.5, 40.5), venue="Library")
    making.listing("Near", point=Point(-3.2, 40.90000))
    making.listing("Nearer", point=Point(-3.2, 40.90001))
    with django_assert_num_queries(2):
        answer = clusters(Query(), view(-4, 40, -3, 41, 9))
    assert answer["points"] == [[-3.9, 40.1, alone.key.hex, "event", "Alone"]]
    together, near = sorted(answer["clusters"], key=len, reverse=True)
    assert together[2] == 3
    assert Listing.objects.get(key=together[3]).text.title.startswith("Together")
    assert together[4] == "Library"
    assert near[2] == 2
    assert len(near) == 3
    close = clusters(Query(), view(-3.201, 40.8995, -3.199, 40.9005, 20))
    assert len(close["points"]) == 2


@pytest.mark.parametrize("zooms", [(8, 9), (3, 12), (19, 20), (8.25, 8.75), (9, 9.5), (8.75, 10)])
def test_marks_of_several_levels_are_those_of_each(zooms):
    for number in range(40):
        making.listing(
            f"N{number}", point=Point(-3.9 + number % 7 * 0.07, 40.1 + number // 8 * 0.06)
        )
    views = [view_within(Box(-4, 40, -4 + 360 / 2**zoom, 40.001), 256, 10**9) for zoom in zooms]
    whole = [replace(view, west=0, north=0, east=WORLD, south=WORLD) for view in views]
    assert [view.zoom for view in whole] == list(zooms)
    found = answer(Query())
    assert marks(found, *whole) == [marks(found, view)[0] for view in whole]


@pytest.mark.parametrize("zoom", [9, 9.25, 9.5, 9.75])
def test_marks_do_not_cover_each_other(zoom):
    for number in range(60):
        making.listing(
            f"N{number}", point=Point(-3.9 + number % 8 * 0.07, 40.1 + number // 8 * 0.06)
        )
    answer = clusters(Query(), view(-4, 40, -3, 41, zoom))
    pixels = [
        ((lon + 180) / 360 * 256 * 2**zoom, lat * 256 * 2**zoom / 360 / 0.76)
        for lon, lat, *_rest in answer["points"] + answer["clusters"]
    ]
    assert len(pixels) > 5
    for i, (x, y) in enumerate(pixels):
        for other_x, other_y in pixels[:i]:
            # A mark without its rim is 38 wide.
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 > 39


@pytest.mark.parametrize("spare", [0, 0.2, 0.3, 0.45, 0.6, 0.7, 0.9])
def test_what_is_a_finger_apart_on_a_phone_stands_apart(spare):
    """However much closer than a whole zoom level a place is shown as a whole."""
    width, height = 360, 265
    across = 360 * width / 256 / 2 ** (9 + spare)
    a_finger = 64 * across / width
    for column in range(3):
        for row in range(2):
            lon = -3.6 + column * a_finger
            making.listing(f"N{column}{row}", point=Point(lon, 40.3 + row * a_finger))
    phone = view_within(Box(-4, 40.3, -4 + across, 40.3 + across / 4), width, height)
    [shown] = marks(answer(Query()), phone)
    assert [mark.count for mark in shown] == [1] * 6


@pytest.mark.parametrize(
    ("parameter", "asked"),
    [
        ("zoom", "bbox=-4,40,-3,41"),
        ("zoom", "bbox=-4,40,-3,41&zoom=-1"),
        ("zoom", "bbox=-4,40,-3,41&zoom=23"),
        ("zoom", "bbox=-4,40,-3,41&zoom=x"),
        ("zoom", "bbox=-4,40,-3,41&zoom=²"),
        ("zoom", "bbox=-4,40,-3,41&zoom=9.3"),
        ("zoom", "bbox=-4,40,-3,41&zoom=22.25"),
        ("bbox", "zoom=9"),
        ("bbox", "bbox=1,2,3&zoom=9"),
        ("bbox", "bbox=1,2,3,4,5&zoom=9"),
        ("bbox", "bbox=a,b,c,d&zoom=9"),
        ("bbox", "bbox=nan,0,1,1&zoom=9"),
        ("bbox", "bbox=0,0,inf,1&zoom=9"),
        ("bbox", "bbox=-181,0,1,1&zoom=2"),
        ("bbox", "bbox=0,0,1,91&zoom=2"),
        ("bbox", "bbox=3,0,1,1&zoom=2"),
        ("bbox", "bbox=-4,40,-3,41&zoom=20"),
    ],
)
def test_views_that_make_no_sense_are_refused(client, parameter, asked):
    with pytest.raises(BadQuery) as refusal:
        read_view(QueryDict(asked))
    assert refusal.value.parameter == parameter
    response = client.get(f"/col/map.json?{asked}")
    assert response.status_code == 400
    assert response.json()["parameter"] == parameter
    assert response.json()["detail"]


def test_the_endpoint_answers_for_a_territory_with_filters(client):
    city = making.territory()
    making.listing("Here", territory=city, is_free=True)
    making.listing("Costs", territory=city, point=Point(-3.2, 40.2), is_free=False)
    making.listing("Elsewhere", point=Point(-3.1, 40.9))
    making.territory("Away", boundary=making.square(10, 50))
    url = f"/col/map.json?territory={city.key}&bbox=-4.5,39.5,-2.5,41.5&zoom=9"
    assert {point[4] for point in client.get(url).json()["points"]} == {
        "Here",
        "Costs",
        "Elsewhere",
    }
    assert [point[4] for point in client.get(f"{url}&free=1").json()["points"]] == ["Here"]
    assert client.get(f"{url}&kind=x").json()["parameter"] == "kind"
    assert client.get(url.replace(str(city.key), "x")).json()["parameter"] == "territory"
    unknown = str(making.key("unknown"))
    assert client.get(url.replace(str(city.key), unknown)).status_code == 400
    assert client.post(url).status_code == 405


def test_a_card_tells_what_is_at_one_place(client, django_assert_num_queries):
    library = making.provider()
    for number in range(15):
        making.listing(
            f"Evening {number:02}",
            dates=(making.on(number + 1),),
            provider=library,
            venue="Library",
            is_free=number % 2 == 0,
        )
    key = Listing.objects.order_by("pk").first().key
    url = f"/col/map/card/{key}/"
    card = client.get(url).json()
    assert card["place"] == "Library"
    assert [one["title"] for one in card["cards"]][:2] == ["Evening 00", "Evening 01"]
    assert len(card["cards"]) == 12
    assert card["more"].startswith("3 ")
    assert card["cards"][0]["url"] == f"/col/opportunities/{key}/"
    assert client.get(f"{url}?free=1").json()["more"] == ""
    assert len(client.get(f"{url}?free=1").json()["cards"]) == 8
    # Ten, however many are there.
    with django_assert_num_queries(10):
        client.get(url)
    withdraw_listing(key)
    assert client.get(url).status_code == 410
    assert client.get(f"/col/map/card/{making.key('unknown')}/", follow=True).status_code == 404


def test_boundaries_are_those_of_the_territory(client):
    city = making.territory()
    making.territory("Centro", city, boundary=making.square(-3.6, 40.4, 0.2))
    answer = client.get(f"/col/map/boundaries.json?territory={city.key}").json()
    assert [feature["properties"]["whole"] for feature in answer["features"]] == [False, True]
    ring = answer["features"][0]["geometry"]["coordinates"][0][0]
    assert ring[0] == ring[-1]
    assert all(abs(lon + 3.5) < 0.11 and abs(lat - 40.5) < 0.11 for lon, lat in ring)
    assert client.get("/col/map/boundaries.json").status_code == 400


def test_map_data_takes_the_same_queries_for_five_and_fifty(client):
    city = making.territory()
    url = f"/col/map.json?territory={city.key}&bbox=-4.5,39.5,-2.5,41.5&zoom=9"
    making.listing("Alone", territory=city, point=Point(-3.1, 40.9))
    for many in (5, 45):
        publish_listings(
            [
                making.facts(f"M{many} {n}", territory=city, point=Point(-3.99 + n / 46, 40.1))
                for n in range(many)
            ]
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        # Territory and its texts, the revision, then cells and titles.
        assert len(queries) == 5


def test_hostile_words_stay_words_in_map_data(client):
    making.listing(making.HOSTILE, venue=making.HOSTILE)
    making.listing("Other", point=Point(-3.2, 40.2))
    response = client.get("/col/map.json?bbox=-4.5,39.5,-2.5,41.5&zoom=9")
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        making.HOSTILE
        in json.loads(response.content)["points"][0] + (json.loads(response.content)["points"][1])
    )


def test_a_date_that_passes_takes_it_off_the_map(monkeypatch):
    making.listing("Soon over", dates=(making.on(0.01, 1),))
    assert shown(Query(), 8) == 1
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert shown(Query(), 8) == 0
