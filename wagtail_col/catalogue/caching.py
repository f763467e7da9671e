"""Answers computed once for each state of the catalogue.

The key holds the catalogue's revision, which every write counts up, so nothing withdrawn is
ever served from the cache; and the minute, because "what lies ahead" changes with the clock.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from threading import Lock
from typing import Any

from django.core.cache import cache
from django.utils import timezone, translation

from wagtail_col.catalogue.models import CatalogueRevision

_MISSING = object()
_off: ContextVar[bool] = ContextVar("col_without_cache", default=False)
_known: dict[str, tuple[bytes, Any]] = {}
_reading = Lock()

#: Seconds an answer is kept at most; the minute in its key ends it sooner.
LIFETIME = 120
LONG_LIFETIME = 7 * 24 * 3600
#: Of pieces of a page: templates and the addresses of static files change with an upgrade.
PIECES_LIFETIME = 600
#: Values a process has in its memory beside the cache.
MOST_KNOWN = 50
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


def is_off() -> bool:
    """Whether nothing is read from a cache now, or written to one."""
    return _off.get()


def remembered(
    name: str,
    parts: tuple,
    compute: Callable[[], Any],
    *,
    revision: int | None = None,
    read_once: bool = False,
) -> Any:
    """``compute()``, or what it returned for the same parts at this revision and minute.

    ``revision``: the catalogue's, where the caller has just asked for it. ``read_once``: nobody
    changes the value, so all who ask this process may get the same object. Taking a long line out
    of its pickle for each request costs more than drawing it.
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
        cache.set(key, pickle.dumps(value) if read_once else value, LIFETIME)
        return value
    return _read(key, value) if read_once else value


def _read(key: str, said: bytes) -> Any:
    """What ``said`` holds, from this process's memory where it has read the very same before: the
    cache alone says what holds, and whether anything does."""
    with _reading:
        before, value = _known.pop(key, (None, None))
        if before != said:
            # As the cache itself does with everything that is in it.
            value = pickle.loads(said)  # noqa: S301
        _known[key] = (said, value)
        while len(_known) > MOST_KNOWN:
            del _known[next(iter(_known))]
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
    hold everything the piece is made of, in words and numbers, and nothing that is somebody's own.
    """
    if _off.get():
        return [compute(number) for number in range(len(wanted))]
    said = repr((name, translation.get_language(), parts))
    key = f"wagtail_col:{sha256(said.encode()).hexdigest()}"
    said = cache.get(key)
    known: dict[tuple, str] = _read(key, said) if said else {}
    new = {values: compute(n) for n, values in enumerate(wanted) if values not in known}
    if new:
        known = known | new
        if len(known) > MOST_PIECES:
            known = {values: known[values] for values in wanted}
        cache.set(key, pickle.dumps(known), PIECES_LIFETIME)
    return [known[values] for values in wanted]
