"""Rows go in by one statement, whatever their columns hold; plain addresses are told quickly."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import DataError, connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue import making
from wagtail_col.catalogue import storing, writing
from wagtail_col.catalogue.facts import is_web_address
from wagtail_col.catalogue.locating import Locator
from wagtail_col.catalogue.models import Listing, Word


def row(**values):
    facts = making.facts("A")
    said = writing._values(facts, [], Locator(), {})
    return {
        "key": uuid.uuid4(),
        "state": "published",
        "revision": 1,
        "modified_at": timezone.now(),
        **said,
        "canonical_uri": f"urn:x:{uuid.uuid4()}",
    } | values


@pytest.mark.django_db
def test_a_row_says_every_column():
    """One that is forgotten would be empty, with no word about it."""
    columns = {field.attname for field in Listing._meta.concrete_fields} - {"id"}
    assert set(row()) == columns


@pytest.mark.django_db
def test_values_come_back_as_they_went_in():
    moment = datetime(2030, 5, 4, 10, 30, tzinfo=UTC)
    said = row(
        starts_at=moment, ends_at=moment, price=Decimal("7.50"), lon=-3.7, lat=40.4,
        course=uuid.uuid4(), is_free=False, age_min=12, venue="“Casa” \\ 'x', {y} %s\n",
    )  # fmt: skip
    storing.upsert(Listing, [said, row()], ["key"])
    found = Listing.objects.filter(key=said["key"]).values(*said).get()
    assert found == said
    storing.upsert(Listing, [said | {"venue": "", "price": None}], ["key"])
    found = Listing.objects.filter(key=said["key"]).values(*said).get()
    assert found == said | {"venue": "", "price": None}
    assert Listing.objects.count() == 2


@pytest.mark.django_db
def test_many_rows_and_none():
    many = [{"text": f"word{number}"} for number in range(storing.BATCH * 2 + 1)]
    storing.insert_new(Word, many)
    storing.insert_new(Word, [*many, {"text": "more"}])
    storing.insert(Word, [])
    assert Word.objects.count() == len(many) + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no lengths")
def test_what_is_too_long_is_refused_and_not_cut_off():
    with pytest.raises(DataError):
        storing.insert(Word, [{"text": "x" * 200}])


parts = st.sampled_from(
    ["http://", "https://", "a", "b-", "-", ".", "com", "example", "1", "/", "?q=", "#", " ", ":80",
     "@", "é", "\n", "[", "%20", "localhost", "x" * 70]
)  # fmt: skip


@given(st.lists(parts, max_size=12).map("".join))
def test_what_is_plainly_an_address_is_one_to_the_validator(text):
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        assert not is_web_address(text)
    else:
        assert is_web_address(text)


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "ftp://a.example/", "https://", "a.example"]
)
def test_what_is_no_web_address(text):
    assert not is_web_address(text)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite has this setting")
@pytest.mark.django_db
def test_while_much_is_written_sqlite_copies_it_seldom():
    def pages():
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0]

    before = pages()
    with pytest.raises(RuntimeError), storing.much_to_write():
        assert pages() > before
        raise RuntimeError
    assert pages() == before
