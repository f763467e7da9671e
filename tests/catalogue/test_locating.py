"""From a point to the territory it lies in."""

import pytest

from tests.catalogue import making
from wagtail_col.catalogue.locating import Locator
from wagtail_col.catalogue.publishing import withdraw_territory
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return making.territory()


@pytest.fixture
def centre(city):
    return making.territory("Centro", city, boundary=making.square(-3.6, 40.4, 0.2))


def test_the_district_comes_before_its_city(city, centre):
    locator = Locator()
    assert locator.at(Point(-3.5, 40.5)) == centre.pk
    assert locator.at(Point(-3.9, 40.1)) == city.pk
    assert locator.at(Point(0, 0)) is None


def test_a_listing_lies_in_the_deepest_territory_below_the_one_its_source_names(city, centre):
    other = making.territory("Other", boundary=making.square(-4, 40))
    locator = Locator()
    assert locator.find(Point(-3.5, 40.5), city.key) == centre.pk
    assert locator.find(Point(-3.5, 40.5), other.key) == other.pk
    assert locator.find(Point(0, 0), city.key) == city.pk
    assert locator.find(None, city.key) == city.pk
    assert locator.find(Point(-3.5, 40.5), None) == centre.pk
    assert locator.find(None, None) is None
    assert locator.find(None, making.key("unknown")) is None


def test_withdrawn_territories_hold_nothing(city, centre):
    withdraw_territory(centre.key)
    assert Locator().at(Point(-3.5, 40.5)) == city.pk


def test_boundaries_are_read_once(city, centre, django_assert_num_queries):
    locator = Locator()
    with django_assert_num_queries(1):
        for _each in range(20):
            locator.find(Point(-3.5, 40.5), city.key)


def test_holes_belong_to_nobody(city):
    ring = making.square(-3.6, 40.4, 0.2)["coordinates"][0]
    hole = making.square(-3.55, 40.45, 0.1)["coordinates"][0]
    ringed = {"type": "Polygon", "coordinates": [ring, hole]}
    district = making.territory("Ring", city, boundary=ringed)
    assert Locator().at(Point(-3.59, 40.41)) == district.pk
    assert Locator().at(Point(-3.5, 40.5)) == city.pk
