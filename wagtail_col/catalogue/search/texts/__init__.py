"""The index of words: which listings have a text with every word that was typed.

One small interface, a module for each database. The index lives in the database and is written
by the database itself with every change of a text (triggers, or a generated column), so it is
true whoever writes and however many do.
"""

from __future__ import annotations

from types import ModuleType

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from wagtail_col.catalogue.words import root, words
from wagtail_col.conf import languages

from . import postgresql, sqlite

_BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}


class NoTextIndex(Exception):
    """The database is neither SQLite nor PostgreSQL."""


def matching(typed: str) -> RawSQL:
    """A subquery: primary keys of listings one of whose texts has every word of ``typed``.

    A word is found by its beginning, and in its other forms in every language of the site.
    """
    alternatives = [_alternatives(word) for word in words(typed)]
    return backend().matching(alternatives)


def backend(on: BaseDatabaseWrapper = connection) -> ModuleType:
    """The module for a database. Raises ``NoTextIndex``."""
    try:
        return _BACKENDS[on.vendor]
    except KeyError:
        raise NoTextIndex(
            f"Words cannot be searched on {on.vendor}; use SQLite or PostgreSQL."
        ) from None


def _alternatives(word: str) -> tuple[str, tuple[str, ...]]:
    """A word (found as a beginning) and its roots (found as they are)."""
    roots = dict.fromkeys(root(word, language) for language in languages())
    return word, tuple(filter(None, roots))
