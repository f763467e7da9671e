"""The index of words while two processes write and delete texts and a third looks for words."""

import pytest
from django.db import connection

from tests.catalogue import making, wordsmith
from tests.catalogue.test_text_index import found, slowly
from tests.forking import Starter
from wagtail_col.catalogue.models import ListingText
from wagtail_col.catalogue.search import texts

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, SECONDS = 20, 2.0


@pytest.fixture
def wordsmiths(transactional_db):
    name = str(connection.settings_dict["NAME"]).rpartition("/")[2]
    with Starter("tests.catalogue.wordsmith", TEST_DATABASE_NAME=name) as starter:
        yield starter


def test_what_is_found_is_true_at_every_moment_and_the_index_at_the_end(wordsmiths):
    for number in range(wordsmith.MANY):
        making.listing(f"{wordsmith.STEADY} {number}")
    one, two, looked = wordsmiths.at_once(
        [["write", "one", ROUNDS], ["write", "two", ROUNDS], ["search", SECONDS]]
    )
    # Nobody was turned away, and nobody saw half of anything.
    assert (one, two) == (str(ROUNDS), str(ROUNDS))
    looks, *wrong = looked.split(" ", 1)
    assert wrong == []
    assert int(looks) > 10
    assert texts.backend().is_true(connection)
    for word in (wordsmith.STEADY, "chang", "first", "second", "passing"):
        assert found(word) <= slowly(word)
        keys = {int(key) for key in texts.keys(texts.matching(word, texts.TEXTS))}
        there = ListingText.objects.values_list("pk", "folded")
        assert keys == {
            pk for pk, folded in there if any(one.startswith(word) for one in folded.split())
        }, word
    assert not found(wordsmith.PAIR)
