"""An answer is computed once for each state of the catalogue, minute and language."""

import pytest
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
