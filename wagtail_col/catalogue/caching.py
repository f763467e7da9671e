"""Answers computed once for each state of the catalogue.

The key holds the catalogue's revision, which every write counts up, so nothing withdrawn is
ever served from the cache; and the minute, because "what lies ahead" changes with the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.utils import timezone, translation

from wagtail_col.catalogue.models import CatalogueRevision

_MISSING = object()
_off: ContextVar[bool] = ContextVar("col_without_cache", default=False)

#: Seconds an answer is kept at most; the minute in its key ends it sooner.
LIFETIME = 120
LONG_LIFETIME = 7 * 24 * 3600


def _minute() -> int:
    return int(timezone.now().timestamp()) // 60


@contextmanager
def without_cache() -> Iterator[None]:
    """Inside, the cache is neither read nor written: a preview's records are not real."""
    token = _off.set(True)
    try:
        yield
    finally:
        _off.reset(token)


def remembered(
    name: str, parts: tuple, compute: Callable[[], Any], *, revision: int | None = None
) -> Any:
    """``compute()``, or what it returned for the same parts at this revision and minute.

    ``revision``: the catalogue's, where the caller has just asked for it.
    """
    if _off.get():
        return compute()
    if revision is None:
        revision = CatalogueRevision.current()
    said = repr((name, revision, _minute(), translation.get_language(), parts))
    key = f"wagtail_col:{sha256(said.encode()).hexdigest()}"
    value = cache.get(key, _MISSING)
    if value is _MISSING:
        value = compute()
        cache.set(key, value, LIFETIME)
    return value


def kept(name: str, parts: tuple, compute: Callable[[], Any]) -> Any:
    """``compute()``, or what it returned for the same parts, whatever else has changed since.

    For what depends on its parts alone: let them hold the revisions of the records it is made of.
    """
    if _off.get():
        return compute()
    key = f"wagtail_col:{sha256(repr((name, parts)).encode()).hexdigest()}"
    value = cache.get(key, _MISSING)
    if value is _MISSING:
        value = compute()
        cache.set(key, value, LONG_LIFETIME)
    return value
