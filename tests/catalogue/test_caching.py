"""An answer is computed once for each state of the catalogue, minute and language."""

import pickle

import pytest
from django.core.cache import cache
from django.utils import translation

from wagtail_col.catalogue import caching
from wagtail_col.catalogue.models import CatalogueRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer():
    asked = []

    def ask():
        caching.remembered("test", (), lambda: asked.append(1))
        return len(asked)

    return ask


def test_is_computed_once(answer):
    assert [answer(), answer()] == [1, 1]


def test_a_change_of_the_catalogue_is_seen(answer):
    answer()
    CatalogueRevision.next()
    assert answer() == 2


def test_a_new_minute_is_seen(answer, monkeypatch):
    answer()
    monkeypatch.setattr(caching, "_minute", lambda: 1)
    assert answer() == 2


def test_languages_are_kept_apart(answer):
    answer()
    with translation.override("sl"):
        assert answer() == 2


def test_a_preview_neither_reads_nor_writes(answer):
    with caching.without_cache():
        assert [answer(), answer()] == [1, 2]
    assert answer() == 3


def _read_once(value):
    return caching.remembered("whole", (), lambda: list(value), read_once=True)


def test_a_process_reads_what_nobody_changes_once():
    _read_once("ab")
    first = _read_once("ab")
    assert first == ["a", "b"]
    assert _read_once("ab") is first


def test_what_is_not_in_the_cache_is_not_in_memory_either():
    _read_once("ab")
    _read_once("ab")
    cache.clear()
    assert _read_once("cd") == ["c", "d"]


def test_what_another_process_wrote_is_read_anew(monkeypatch):
    keys = []
    plain = cache.set
    monkeypatch.setattr(cache, "set", lambda key, *args: (keys.append(key), plain(key, *args)))
    _read_once("ab")
    _read_once("ab")
    plain(keys[0], pickle.dumps(["x"]))
    assert _read_once("ab") == ["x"]


def test_a_process_does_not_remember_without_end(monkeypatch):
    monkeypatch.setattr(caching, "MOST_KNOWN", 2)
    for number in range(5):
        for _again in range(2):
            caching.remembered("many", (number,), lambda n=number: [n], read_once=True)
    assert len(caching._known) <= 2
