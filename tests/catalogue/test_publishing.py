"""Facts become records: all of it or nothing, and twice is once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests.catalogue import making
from wagtail_col.catalogue.facts import Date, ProviderFacts, TerritoryFacts, Text
from wagtail_col.catalogue.models import (
    CatalogueRevision,
    Listing,
    ListingText,
    MapPoint,
    Occurrence,
    Provider,
    Territory,
)
from wagtail_col.catalogue.publishing import (
    publish_listing,
    publish_listings,
    publish_provider,
    publish_territory,
    withdraw_listing,
    withdraw_provider,
    withdraw_territory,
)
from wagtail_col.geo import Point

pytestmark = pytest.mark.django_db

BAD_BOUNDARIES = [
    {"type": "Point", "coordinates": [1, 2]},
    {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [200, 1], [1, 0]]]},
    "not GeoJSON",
]


def rows() -> tuple:
    models = (Territory, Provider, Listing, ListingText, Occurrence, MapPoint)
    return tuple(tuple(model.objects.order_by("pk").values()) for model in models)


@pytest.mark.parametrize("boundary", BAD_BOUNDARIES)
def test_a_territory_with_a_bad_boundary_changes_nothing(boundary):
    city = making.territory()
    before = (rows(), CatalogueRevision.current())
    with pytest.raises(ValidationError):
        publish_territory(
            TerritoryFacts(
                key=city.key,
                texts=(Text(language="en", title="New name"),),
                kind="city",
                boundary=boundary,
            )
        )
    assert (rows(), CatalogueRevision.current()) == before


def _backwards() -> Date:
    date = making.on()
    return replace(date, ends_at=date.starts_at - timedelta(hours=1))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("dates", lambda: {"dates": (making.on(), _backwards())}),
        ("point", lambda: {"point": Point(181, 0)}),
        ("point", lambda: {"point": Point(0, 91)}),
        ("point", lambda: {"point": Point(float("nan"), 0)}),
        ("kind", lambda: {"kind": "party"}),
        ("title", lambda: {"texts": ()}),
        ("title", lambda: {"texts": (Text(language="en", title="  "),)}),
        ("title", lambda: {"texts": (Text(language="en", title="A"),) * 2}),
        ("is_online", lambda: {"is_local": False, "is_online": False}),
        ("price", lambda: {"price": Decimal(-1)}),
        ("price", lambda: {"price": Decimal(5), "is_free": True}),
        ("age_max", lambda: {"age_min": 20, "age_max": 10}),
        ("source_url", lambda: {"source_url": "javascript:alert(1)"}),
        ("source_url", lambda: {"source_url": "nothing"}),
    ],
)
def test_a_listing_that_cannot_be_true_is_refused_by_field_and_nothing_is_half_saved(field, values):
    kept = making.listing("Kept")
    before = (rows(), CatalogueRevision.current())
    bad = making.facts("Bad", key=kept.key, **values())
    with pytest.raises(ValidationError) as refusal:
        publish_listing(bad)
    assert field in refusal.value.message_dict
    with pytest.raises(ValidationError):
        publish_listings([making.facts("Good"), bad])
    assert (rows(), CatalogueRevision.current()) == before


def test_publishing_twice_leaves_one_of_everything():
    facts = making.facts("Twice", dates=(making.on(1), making.on(2)))
    first = publish_listing(facts)
    before = [row["starts_at"] for row in Occurrence.objects.order_by("starts_at").values()]
    second = publish_listing(facts)
    assert second.pk == first.pk
    assert second.revision > first.revision
    assert Listing.objects.count() == ListingText.objects.count() == MapPoint.objects.count() == 1
    assert [row["starts_at"] for row in Occurrence.objects.order_by("starts_at").values()] == before


def test_changed_facts_replace_the_old_ones():
    making.interest("music")
    facts = making.facts("Old", interests=("music", "unknown"), dates=(making.on(1), making.on(2)))
    listing = publish_listing(facts)
    assert [interest.slug for interest in listing.interests.all()] == ["music"]
    publish_listing(
        replace(
            facts,
            texts=(Text(language="sl", title="Novo"),),
            interests=(),
            dates=(),
            is_local=False,
            is_online=True,
        )
    )
    listing = Listing.objects.get()
    assert [text.title for text in listing.texts.all()] == ["Novo"]
    assert not listing.interests.exists()
    assert not listing.occurrences.exists()
    assert listing.starts_at is None
    assert not MapPoint.objects.exists()
    assert listing.point is None


def test_all_day_dates_are_whole_days():
    date = making.on(3, 0, all_day=True)
    listing = making.listing(dates=(date,))
    only = listing.occurrences.get()
    assert only.starts_at <= date.starts_at < only.ends_at
    assert only.ends_at - only.starts_at > timedelta(hours=22)
    assert listing.ends_at == only.ends_at


def test_html_is_cleaned_and_tells_no_other_server_who_reads():
    html = (
        '<p onclick="x()">Hi <a href="javascript:x()">there</a><script>x()</script>'
        '<img src="https://spy.example/p.gif"><b>bold</b></p>'
    )
    listing = making.listing(texts=(Text(language="en", title="T", description=html),))
    said = listing.texts.get().description
    assert "<b>bold</b>" in said
    for bad in ("script", "onclick", "spy.example", "<img"):
        assert bad not in said
    provider = making.provider(texts=(Text(language="en", title="P", description=html),))
    assert provider.texts.get().description == said


def test_a_changed_boundary_finds_its_listings_anew():
    city = making.territory()
    west = making.territory("West", city, boundary=making.square(-4, 40, 0.4))
    east = making.territory("East", city, boundary=making.square(-3.4, 40, 0.4))
    listing = making.listing(territory=city, point=Point(-3.5, 40.1))
    online = making.online(territory=city)
    assert listing.territory == online.territory == city

    def where() -> Territory:
        return Listing.objects.get(pk=listing.pk).territory

    making.territory("West", city, boundary=making.square(-4, 40, 0.35))
    assert where() == city
    making.territory("East", city, boundary=making.square(-3.8, 40, 0.7))
    assert where() == east
    making.territory("East", city, boundary=making.square(-3.4, 40, 0.4))
    assert where() == city
    making.territory("West", city, boundary=making.square(-4, 40, 0.55))
    assert where() == west
    assert Listing.objects.get(pk=online.pk).territory == city


def test_a_tree_keeps_its_paths_when_it_moves_and_when_a_part_goes():
    region = making.territory("Region", kind="region", boundary=making.square(-5, 39, 4))
    city = making.territory("City", kind="city")
    centre = making.territory("Centro", city, boundary=making.square(-3.6, 40.4, 0.2))
    listing = making.listing(territory=city)
    assert listing.territory == centre
    making.territory("City", region, kind="city", boundary=making.square(-4, 40))
    assert Territory.objects.within(region).count() == 3
    withdraw_territory(city.key)
    centre.refresh_from_db()
    assert centre.parent == region
    assert centre.path == f"{region.key.hex}/{centre.key.hex}/"
    withdraw_territory(centre.key)
    assert Listing.objects.get(pk=listing.pk).territory == region


def test_withdrawing_counts_and_what_is_unknown_is_nothing():
    listing = making.listing()
    before = CatalogueRevision.current()
    withdraw_listing(listing.key)
    assert CatalogueRevision.current() > before
    assert Listing.objects.get().texts.exists()
    assert not MapPoint.objects.exists()
    for withdraw in (withdraw_listing, withdraw_provider, withdraw_territory):
        withdraw(making.key("unknown"))


def test_a_provider_needs_a_name_and_belongs_to_territories():
    city = making.territory()
    with pytest.raises(ValidationError):
        publish_provider(ProviderFacts(key=making.key("P"), texts=()))
    assert not Provider.objects.exists()
    provider = making.provider(territories=(city.key, making.key("unknown")))
    assert list(provider.territories.all()) == [city]
