"""Words looked for in one of Wagtail's search backends, here the one that needs no server."""

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.search.backends import get_search_backend

from tests.catalogue import making
from tests.catalogue.random_catalogues import City, offers, scopes, searches
from tests.catalogue.slow_look import slowly
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import ListingText
from wagtail_col.catalogue.publishing import publish_listing, withdraw_listing
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.answers import FromColumns, FromDatabase
from wagtail_col.catalogue.search.cells import Window
from wagtail_col.catalogue.search.columns.reading import read_all
from wagtail_col.geo import WORLD

pytestmark = pytest.mark.django_db

EVERYWHERE = Window(0, 0, WORLD, WORLD)


@pytest.fixture(autouse=True)
def chosen(django_capture_on_commit_callbacks):
    with override_settings(
        WAGTAIL_COL={"SEARCH_BACKEND": "default", "BASE_URL": "http://testserver"}
    ):
        yield django_capture_on_commit_callbacks


def found(**fields) -> list[str]:
    return [str(listing) for listing in Query(**fields).in_order()]


@pytest.fixture
def three(chosen):
    with chosen(execute=True):
        making.listing("Radio for all", texts=(Text(language="en", title="Radio for all"),))
        making.listing("B", texts=(Text(language="en", title="B", summary="We make radio."),))
        making.listing("Painting", venue="Radio House", kind="course")


def test_words_are_found_in_titles_summaries_and_venues_titles_first(three):
    assert found(q="radio")[0] == "Radio for all"
    assert set(found(q="radio")) == {"Radio for all", "B", "Painting"}
    assert found(q="radio make") == ["B"]
    assert found(q="nothing") == []


def test_filters_stay_our_own(three):
    assert found(q="radio", kind=("course",)) == ["Painting"]


def test_it_follows_changes(three, chosen):
    listing = ListingText.objects.get(title="Painting").listing
    with chosen(execute=True):
        publish_listing(making.facts("Dancing", key=listing.key))
    assert found(q="dancing") == ["Dancing"]
    assert found(q="painting") == []
    withdraw_listing(listing.key)
    assert found(q="dancing") == []


def test_what_the_backend_has_and_we_have_not_is_left_out(three):
    ListingText.objects.filter(title="B").delete()
    assert "B" not in found(q="radio")


def test_wagtails_index_is_left_alone_without_the_setting(three):
    assert ListingText.get_indexed_objects().count() == 3
    with override_settings(WAGTAIL_COL={}):
        assert not ListingText.get_indexed_objects().exists()
    index = get_search_backend("default").get_index_for_model(ListingText)
    index.add_items(ListingText, list(ListingText.get_indexed_objects()))
    assert len(found(q="radio")) == 3


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(offers, min_size=1, max_size=8),
    st.lists(st.tuples(searches, scopes), min_size=1, max_size=4),
)
def test_what_it_finds_and_a_slow_look_at_the_rest_agree(first, asked):
    """Which words are where is the backend's own business; everything else is not."""
    with transaction.atomic():
        city = City()
        city.write(first)
        backend = get_search_backend("default")
        texts = list(ListingText.objects.all())
        backend.get_index_for_model(ListingText).add_items(ListingText, texts)

        def hits(words: str) -> set[int]:
            found = backend.search(words, ListingText.objects.all(), operator="and")
            return {text.listing_id for text in found}

        table = read_all()
        for params, scope in asked:
            query = city.query(params, scope)
            ours = FromColumns(table, query, timezone.now())
            theirs = FromDatabase(query)
            expected = slowly(query.without("q"))
            if query.q:
                expected &= hits(query.q) or hits(query.meant)
            for answer in (ours, theirs):
                assert {listing.pk for listing in answer.page(0, 100)} == expected
                assert answer.count == len(expected)
            assert ours.facets([]) == theirs.facets([])
            mine, other = (
                [(cell.cx, cell.cy, cell.count) for cell in one.cells(EVERYWHERE, 12)]
                for one in (ours, theirs)
            )
            assert mine == other
        transaction.set_rollback(True)
