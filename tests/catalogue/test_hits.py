"""What words were found in is kept as long as nothing changes, and no longer."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.catalogue import making
from wagtail_col.catalogue.publishing import publish_listings, withdraw_listing
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.answers import answer
from wagtail_col.catalogue.search.columns import current
from wagtail_col.catalogue.search.columns.hits import KeptHits


def places(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def never() -> np.ndarray:
    raise AssertionError("it is known already")


def test_what_is_known_is_not_looked_for_again():
    hits = KeptHits()
    assert hits.get("bee", lambda: places(1, 5)).tolist() == [1, 5]
    assert hits.get("bee", never).tolist() == [1, 5]
    assert hits.get("none", places).tolist() == []
    assert hits.get("none", never).tolist() == []


def test_what_was_not_asked_for_longest_is_let_go():
    hits = KeptHits(most=8)
    hits.get("a", lambda: places(1, 2))
    hits.get("b", lambda: places(3, 4))
    hits.get("a", never)
    hits.get("c", lambda: places(5, 6))
    hits.get("a", never)
    with pytest.raises(AssertionError, match="known already"):
        hits.get("b", never)


def test_more_than_there_is_room_for_is_answered_and_not_kept():
    hits = KeptHits(most=3)
    assert hits.get("many", lambda: places(1, 2, 3, 4)).tolist() == [1, 2, 3, 4]
    with pytest.raises(AssertionError, match="known already"):
        hits.get("many", never)


def test_nobody_writes_into_what_is_kept():
    hits = KeptHits()
    with pytest.raises(ValueError, match="read-only"):
        hits.get("bee", lambda: places(1))[0] = 2


@pytest.mark.django_db(transaction=True)
class TestSearching:
    @pytest.fixture(autouse=True)
    def fresh(self):
        current.forget()
        yield
        current.forget()

    def test_words_are_looked_for_once_whatever_is_filtered(self):
        making.listing("Radio")
        table = "col_catalogue_words" if connection.vendor == "sqlite" else "tsquery"
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for age in (None, 12, 30):
                found = answer(Query(q="radio", age=age))
                assert (found.count, len(found.page(0, 20))) == (1, 1)
        # The words anywhere, whole in the title, and their beginnings there.
        assert sum(table in query["sql"] for query in captured) == 3

    def test_a_change_is_found_at_once(self):
        radio = making.listing("Radio")
        assert answer(Query(q="radio")).count == 1
        publish_listings([making.facts("Radio again")])
        assert answer(Query(q="radio")).count == 2
        withdraw_listing(radio.key)
        assert answer(Query(q="radio")).count == 1
