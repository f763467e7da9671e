"""The index of words: which listings have a text with every word that was typed.

One small interface, a module for each database. The index lives in the database and is written
by the database itself with every change of a text (triggers, or a generated column), so it is
true whoever writes and however many do.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from wagtail_col.catalogue.words import TITLE, roots, words
from wagtail_col.conf import languages

from . import elsewhere, postgresql, sqlite

_BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}


class NoTextIndex(Exception):
    """The database is neither SQLite nor PostgreSQL."""


#: What a subquery selects: primary keys of listings, or of the texts themselves.
LISTINGS, TEXTS = "listing_id", "id"


def matching(typed: str, selected: str = LISTINGS) -> RawSQL:
    """A subquery: primary keys of listings one of whose texts has every word of ``typed``.

    A word is found by its beginning, and in its other forms in every language of the site.
    """
    if elsewhere.is_chosen():
        return elsewhere.matching(typed, selected)
    return backend().matching([((word,), _roots(word)) for word in words(typed)], selected)


def in_title(typed: str, selected: str = LISTINGS) -> tuple[RawSQL, RawSQL]:
    """Two subqueries: who has every word of ``typed`` in one title as a whole word or one of its
    forms, and who has words in one title that begin like it."""
    if elsewhere.is_chosen():
        return elsewhere.in_title(typed, selected)
    whole, begun = [], []
    for word in words(typed):
        marked, forms = TITLE + word, [TITLE + root for root in _roots(word)]
        whole.append(((), (marked, *forms)))
        begun.append(((marked,), tuple(forms)))
    return backend().matching(whole, selected), backend().matching(begun, selected)


def keys(asked: RawSQL) -> np.ndarray:
    """The primary keys that a subquery selects, in any order.

    The database writes them into one text: to read thousands of rows takes several times as long.
    """
    sql = f"WITH found(key) AS ({asked.sql}) SELECT {backend().JOINED} FROM found"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, asked.params)
        [said] = cursor.fetchone()
    return np.fromstring(said or "", np.int64, sep=",")


def backend(on: BaseDatabaseWrapper = connection) -> ModuleType:
    """The module for a database. Raises ``NoTextIndex``."""
    try:
        return _BACKENDS[on.vendor]
    except KeyError:
        raise NoTextIndex(
            f"Words cannot be searched on {on.vendor}; use SQLite or PostgreSQL."
        ) from None


def _roots(word: str) -> tuple[str, ...]:
    """What a word is a form of, in each language of the site."""
    return tuple(dict.fromkeys(one for language in languages() for one in roots(word, language)))
