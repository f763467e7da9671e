"""Words that nothing has, and what they are taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue import making
from wagtail_col.catalogue import vocabulary
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Word, WordPart
from wagtail_col.catalogue.publishing import publish_listings, withdraw_listing
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.answers import FromDatabase
from wagtail_col.catalogue.vocabulary import distance, like, parts

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[str]:
    return [str(listing) for listing in Query(q=typed).in_order()]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gitar", "guitar"),
        ("guittar", "guitar"),
        ("giutar", "guitar"),
        ("guitor", "guitar"),
        ("Gitár", "guitar"),
        ("fotografai", "fotografia"),
        ("photograhpy lessons", "photography lessons"),
    ],
)
def test_a_mistake_finds_what_was_meant(typed, meant):
    making.listing("Guitar")
    making.listing("Fotografía")
    making.listing("Photography lessons")
    answer = FromDatabase(Query(q=typed))
    assert answer.read_as == meant
    assert [str(one) for one in answer.page(0, 9)] == found(meant) != []


def test_what_something_has_is_taken_as_it_is():
    making.listing("Guitars")
    making.listing("Gitar, an instrument")
    assert FromDatabase(Query(q="gitar")).read_as == ""
    assert found("gitar") == ["Gitar, an instrument"]


def test_a_short_word_of_another_language_is_not_what_was_meant():
    for title in ("Control de versiones con Git", "Taller de guitarra"):
        making.listing(title, texts=(Text(language="es", title=title),))
    assert FromDatabase(Query(q="gitara")).read_as == "guitarra"
    assert found("gitara") == ["Taller de guitarra"]


@pytest.mark.parametrize("typed", ["xylophone", "gui", "guitar xylophone", "2030", "gu1tar"])
def test_what_is_like_nothing_stays(typed):
    making.listing("Painting")
    answer = FromDatabase(Query(q=typed))
    assert (answer.read_as, answer.count) == ("", 0)


def test_words_of_what_was_withdrawn_are_not_told():
    listing = making.listing("Guitar")
    withdraw_listing(listing.key)
    making.listing("Painting")
    assert FromDatabase(Query(q="gitar")).read_as == ""


def test_the_address_keeps_what_was_typed():
    making.listing("Guitar")
    query = Query(q="gitar")
    assert query.listings().exists()
    assert query.string == "q=gitar"


def test_words_are_kept_once_and_few_queries_tell_which_are_new(django_assert_max_num_queries):
    making.listing("Guitar for everybody")
    number = Word.objects.count()
    publish_listings([making.facts("Guitar for everybody") for _ in range(3)])
    assert Word.objects.count() == number
    with django_assert_max_num_queries(1):
        vocabulary.learn(["guitar everybody en0guitar 0t0guitar for"])


def test_made_anew_it_holds_what_texts_have():
    making.listing("Guitar")
    Word.objects.all().delete()
    Word.objects.create(text="nowhere")
    vocabulary.relearn()
    assert like("gitar") == ["guitar"]
    assert not Word.objects.filter(text="nowhere").exists()
    assert WordPart.objects.filter(word__text="guitar").count() == len(parts("guitar"))


letters = st.text("abcd", max_size=5)


@given(letters, letters)
def test_the_distance_is_the_obvious_one(one, other):
    def slowly(a: str, b: str) -> int:
        if not a or not b:
            return len(a or b)
        ways = [slowly(a[1:], b) + 1, slowly(a, b[1:]) + 1, slowly(a[1:], b[1:]) + (a[0] != b[0])]
        if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
            ways.append(slowly(a[2:], b[2:]) + 1)
        return min(ways)

    assert distance(one, other, 2) == min(slowly(one, other), 3)
    assert distance(one, other, 9) == distance(other, one, 9)
    assert distance(one, one, 0) == 0
