"""The index of words is true whoever writes, and finds what a slow look at the texts finds."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue import making
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import CatalogueRevision, Listing, ListingText
from wagtail_col.catalogue.search import texts
from wagtail_col.catalogue.search.texts import sqlite
from wagtail_col.catalogue.words import roots, words

pytestmark = pytest.mark.django_db

only_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL keeps the index by itself"
)


def found(typed: str) -> set[str]:
    listings = Listing.objects.published().filter(pk__in=texts.matching(typed))
    return {listing.text.title for listing in listings}


def slowly(typed: str) -> set[str]:
    """What has every word in one of its texts, looked up one text after the other."""
    titles = set()
    for text in ListingText.objects.select_related("listing"):
        there = text.folded.split()
        if all(
            any(one.startswith(word) for one in there)
            or any(one in there for code in ("en", "sl", "es") for one in roots(word, code))
            for word in words(typed)
        ):
            titles.add(text.listing.text.title)
    return titles


some_text = st.text(
    st.sampled_from("abeilnorst áñčßøłЖ漢ｱ١²'\"*:&|!()<>-_\x00\ud7ff𐐀😀"), max_size=30
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(written=st.lists(some_text, min_size=1, max_size=4), typed=some_text)
def test_the_index_finds_what_a_slow_look_finds(written, typed):
    ListingText.objects.all().delete()
    Listing.objects.all().delete()
    for number, text in enumerate(written):
        making.listing(f"{text.replace(chr(0), '')} n{number}")
    for asked in (typed, written[0], written[-1][:3]):
        if words(asked):
            assert found(asked) == slowly(asked), asked
    assert texts.backend().is_true(connection)


def test_a_short_word_of_another_language_is_no_root_of_longer_ones():
    for title in ("Control con Git", "Pan de pueblo", "Panes", "Nadar", "Nadando", "Web"):
        making.listing(title, texts=(Text(language="es", title=title),))
    making.listing("Sewing", texts=(Text(language="en", title="Sewing"),))
    assert found("gitara") == found("webara") == set()
    assert found("git") == {"Control con Git"}
    assert found("panes") == {"Pan de pueblo", "Panes"}
    assert found("nadaba") == {"Nadar", "Nadando"}
    making.listing("Sew", texts=(Text(language="en", title="Sew"),))
    assert found("sewing") == found("sewed") == {"Sewing", "Sew"}


def test_other_forms_of_a_word_are_found_in_the_language_of_the_text():
    making.listing("Guitarras", texts=(Text(language="es", title="Guitarras y canciones"),))
    making.listing("Bees", texts=(Text(language="en", title="Keeping bees"),))
    assert found("guitarra") == found("guitarristas") | {"Guitarras y canciones"}
    assert found("cancion") == {"Guitarras y canciones"}
    assert found("bee") == found("bees") == {"Keeping bees"}
    assert found("keeps") == {"Keeping bees"}
    assert found("en0bee") == {"Keeping bees"}


def test_the_index_follows_every_change():
    listing = making.listing("Radio")
    text = listing.texts.get()
    ListingText.objects.filter(pk=text.pk).update(folded=" painting")
    assert not found("radio")
    assert found("paint") == {"Radio"}
    text.delete()
    assert not found("paint")
    ListingText.objects.bulk_create(
        [ListingText(listing=listing, language="en", title="Again", folded=" again")]
    )
    assert found("again") == {"Again"}
    assert texts.backend().is_true(connection)


@only_sqlite
def test_a_lost_trigger_is_noticed_and_mended():
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {sqlite.TABLE}_added")
    making.listing("Radio")
    assert not found("radio")
    assert not sqlite.is_true(connection)
    sqlite.install(connection)
    assert found("radio") == {"Radio"}
    making.listing("Painting")
    assert found("painting") == {"Painting"}


def test_the_command_checks_and_rebuilds(capsys):
    listing = making.listing("Radio")
    call_command("search_index", "check")
    # As a text written before the languages' forms were known.
    ListingText.objects.update(folded="")
    assert not found("radio")
    if connection.vendor == "sqlite":
        before = CatalogueRevision.current()
        call_command("search_index", "rebuild")
        assert "brought in line: 1" in capsys.readouterr().out
        assert CatalogueRevision.current() > before
        assert found("radios") == {str(listing)}


@only_sqlite
def test_the_command_says_when_the_index_is_not_true():
    making.listing("Radio")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {sqlite.TABLE}({sqlite.TABLE}) VALUES ('delete-all')")
    with pytest.raises(CommandError, match="rebuild"):
        call_command("search_index", "check")


def test_a_text_longer_than_an_index_can_hold():
    making.listing("Long", texts=(Text(language="en", title="Long", summary="x" * 5000),))
    making.listing(
        "Many",
        texts=(Text(language="en", title="Many", summary=" ".join(f"w{n}" for n in range(9000))),),
    )
    assert found("x" * 60) == {"Long"}
    assert found("w12") == {"Many"}


def test_rebuilding_on_postgresql_needs_no_pause(transactional_db):
    making.listing("Radio")
    texts.backend().rebuild(connection)
    assert found("radio") == {"Radio"}
