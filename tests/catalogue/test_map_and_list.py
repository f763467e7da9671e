"""The list follows the map: one part of the map, one set, one address."""

import json
import re

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.catalogue.finding import Find
from wagtail_col.catalogue.map import clusters, read_view
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import publish_listings
from wagtail_col.catalogue.search import Query
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db

BOX = "-3.60000,40.40000,-3.40000,40.60000"

#: Some on the very border of a box: what is there is in the list and on the map, or in neither.
lons = st.one_of(st.sampled_from([-3.6, -3.5, -3.4]), st.floats(-3.99, -3.01))
lats = st.one_of(st.sampled_from([40.4, 40.5, 40.6]), st.floats(40.01, 40.99))
points = st.tuples(lons, lats).map(lambda place: Point(*place))
boxes = st.tuples(
    st.lists(lons, min_size=2, max_size=2, unique_by=lambda lon: round(lon, 4)),
    st.lists(lats, min_size=2, max_size=2, unique_by=lambda lat: round(lat, 4)),
).map(lambda sides: (min(sides[0]), min(sides[1]), max(sides[0]), max(sides[1])))


def listed(query: Query) -> list[str]:
    """The keys on all pages of the list."""
    first = Find(query)
    return [
        card.key.hex
        for number in range(1, first.pages.last + 1)
        for card in Find(query.but(page=number)).cards
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(points, min_size=1, max_size=8, unique=True), boxes)
def test_the_list_of_a_part_holds_what_the_map_shows_of_it(points, box):
    with transaction.atomic():
        city = making.territory()
        publish_listings(
            making.facts(f"N{n}", key=making.key(f"part {n}"), territory=city, point=point)
            for n, point in enumerate(points)
        )
        making.online(territory=city)
        making.listing("Nowhere", territory=city, point=None)
        text = ",".join(f"{side:.5f}" for side in box)
        query = Query.from_params(QueryDict(f"box={text}"), territory=city)
        keys = listed(query)
        assert len(keys) == len(set(keys)) == Find(query).count
        # Far out they are counted together; one by one, each is the one that is listed.
        far = clusters(query, read_view(QueryDict("bbox=-4.5,39.5,-2.5,41.5&zoom=8")))
        shown = len(far["points"]) + sum(cluster[2] for cluster in far["clusters"])
        assert shown == len(keys)
        points_of = {
            point[2]
            for listing in Listing.objects.filter(map_point__isnull=False)
            for point in alone(query, listing)
        }
        assert points_of == set(keys)
        transaction.set_rollback(True)


def alone(query: Query, listing: Listing) -> list:
    """What the map shows of a search right where a listing is."""
    lon, lat = listing.point
    around = f"{lon - 1e-6},{lat - 1e-6},{lon + 1e-6},{lat + 1e-6}"
    return clusters(query, read_view(QueryDict(f"bbox={around}&zoom=21")))["points"]


@pytest.fixture
def three(city):
    making.listing("Here", territory=inside(city), point=Point(-3.5, 40.5), is_free=True)
    making.listing("There", territory=inside(city), point=Point(-3.9, 40.1))
    making.online("Anywhere", territory=inside(city))
    return city


def test_a_part_of_the_map_is_a_filter_of_the_page(client, three):
    said = html(client, f"{three.url}?box={BOX}")
    assert "1 thing to learn" in said
    assert "Here" in said
    assert "There" not in said
    assert "In this part of the map" in said
    assert f'name="box" value="{BOX}"' in said
    # What is online has its place beside the map, whatever part of it is shown.
    assert "1 online, from anywhere" in said
    assert 'href="?place=online"' in said
    assert f'data-box="{BOX}"' in said


def test_districts_are_counted_over_the_whole_map(client, three):
    boundary = json.dumps(making.square(-4.2, 39.9, 0.4))
    district = factories.territory_page(three, title="Centro", kind="district", boundary=boundary)
    making.listing("In Centro", territory=inside(three), point=Point(-4, 40), is_free=True)
    said = html(client, f"{three.url}?free=1&box={BOX}")
    link = re.search(rf'<a href="{district.url}\?free=1">(.*?)</a>', said)[1]
    assert link.endswith('<span class="col-count">1</span>')


def test_districts_without_anything_that_was_asked_for_are_left_out(client, three):
    for place, corner in (("Centro", -4.2), ("Norte", -3.2)):
        boundary = json.dumps(making.square(corner, 39.9, 0.4))
        factories.territory_page(three, title=place, kind="district", boundary=boundary)
    making.listing("In Centro", territory=inside(three), point=Point(-4, 40), is_free=True)
    everything = Find(Query(territory=inside(three)))
    assert {place.name for place, *_rest in everything.places} == {"Centro", "Norte"}
    free = Find(Query.from_params(QueryDict("free=1"), territory=inside(three)))
    assert [(place.name, count) for place, count, _href in free.places] == [("Centro", 1)]
    none = html(client, f"{three.url}?free=1&q=nothing")
    assert "Closer to you" not in none


def test_the_parts_that_are_renewed_are_those_of_the_page(client, three):
    page = html(client, f"{three.url}?box={BOX}")
    renewed_at = re.search(r'data-col-find="([^"]+)"', page)[1].replace("&amp;", "&")
    answer = client.get(f"{renewed_at}&box={BOX}&utm_source=x")
    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Content-Language"] == "en"
    assert answer["ETag"]
    said = answer.content.decode()
    names = re.findall(r'data-col-part="(\w+)"', said)
    assert sorted(names) == sorted(re.findall(r'data-col-part="(\w+)"', page))
    address = re.search(r'data-col-address="([^"]+)"', said)[1]
    assert "utm" not in address
    assert html(client, three.url + address.replace("&amp;", "&")) == page
    # Each part says the very same in both.
    for part in ("col-find__count", "col-card__title", "col-filters__panel", "col-band"):
        assert said.count(part) == page.count(part)
    assert (
        client.get(
            renewed_at, headers={"If-None-Match": client.get(renewed_at)["ETag"]}
        ).status_code
        == 304
    )


@pytest.mark.parametrize(
    "asked", ["", "territory=x", "box=1,2,3", "box=a,b,c,d", "box=3,0,1,1", "kind=x"]
)
def test_parts_of_what_makes_no_sense_are_refused(client, three, asked):
    scope = f"territory={three.translation_key}&" if "=" in asked and "terr" not in asked else ""
    answer = client.get(f"/col/find.html?{scope}{asked}")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content
    assert client.post("/col/find.html").status_code == 405


def test_a_part_takes_the_same_queries_for_five_and_fifty(client, city):
    counted = []
    for many in (5, 45):
        publish_listings(
            [
                making.facts(f"M{many} {n}", territory=inside(city), point=Point(-3.5, 40.5))
                for n in range(many)
            ]
        )
        with CaptureQueriesContext(connection) as queries:
            html(client, f"/col/find.html?territory={city.translation_key}&box={BOX}")
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_hostile_words_stay_words_in_renewed_parts(client, city):
    making.listing(making.HOSTILE, territory=inside(city), point=Point(-3.5, 40.5))
    said = html(client, f"/col/find.html?territory={city.translation_key}&box={BOX}")
    assert "<img src=x" not in said
    assert "<script" not in said
