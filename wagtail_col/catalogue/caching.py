"""Answers computed once for each state of the catalogue.

The key holds the catalogue's revision, which every write counts up, so nothing withdrawn is
ever served from the cache; and the minute, because "what lies ahead" changes with the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
#: Of pieces of a page: templates and the addresses of static files change with an upgrade.
PIECES_LIFETIME = 600
#: Of one page: above it those that were not needed just now are dropped.
MOST_PIECES = 500


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


def pieces(
    name: str, parts: tuple, wanted: Sequence[tuple], compute: Callable[[int], str]
) -> list[str]:
    """A piece of a page for each of ``wanted``: ``compute`` with its number, or what it returned
    for the same values before.

    All pieces of one page (``name`` and ``parts``) are one answer of the cache. Let the values
    hold everything the piece is made of, and nothing that is somebody's own.
    """
    if _off.get():
        return [compute(number) for number in range(len(wanted))]
    said = repr((name, translation.get_language(), parts))
    key = f"wagtail_col:{sha256(said.encode()).hexdigest()}"
    known: dict[bytes, str] = cache.get(key) or {}
    names = [sha256(repr(values).encode()).digest()[:16] for values in wanted]
    new = {name: compute(number) for number, name in enumerate(names) if name not in known}
    if new:
        known |= new
        if len(known) > MOST_PIECES:
            known = {name: known[name] for name in names}
        cache.set(key, known, PIECES_LIFETIME)
    return [known[name] for name in names]
