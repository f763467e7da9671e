"""What this process has worked out for one state of the catalogue, for whoever asks next.

Twenty cards are a third of the work of a page, and searches have many of them in common. They stay
in the process: so they need not be packed and unpacked, and fill no cache that others use.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any

from django.db import connection
from django.utils import timezone, translation

from wagtail_col.catalogue.caching import is_off

#: Values kept at most: some two kilobytes each.
MOST = 2_000

_lock = Lock()
_held: dict[Hashable, Any] = {}
_moment: list[Hashable] = []


def held(
    name: str, stamp: str, wanted: Sequence[Hashable], compute: Callable[[list], list]
) -> list:
    """A value for each of ``wanted``, in their order: those of this minute and this state of the
    catalogue (``stamp``, see ``CatalogueRevision``) that are known, and ``compute`` of the others.

    Without a stamp, and while nothing is to be cached, all are computed. Do not change what you
    get: others have the same.
    """
    if not stamp or is_off():
        return compute(list(wanted))
    minute = int(timezone.now().timestamp()) // 60
    moment = (str(connection.settings_dict["NAME"]), stamp, minute)
    language = translation.get_language()
    keys = {key: (name, language, key) for key in wanted}
    with _lock:
        if _moment != [moment] or len(_held) > MOST:
            _held.clear()
            _moment[:] = [moment]
        found = {key: _held[kept] for key, kept in keys.items() if kept in _held}
    new = [key for key in wanted if key not in found]
    if new:
        found |= zip(new, compute(new), strict=True)
        with _lock:
            # Others may have gone on to another state meanwhile.
            if _moment == [moment]:
                _held.update((keys[key], found[key]) for key in new)
    return [found[key] for key in wanted]
