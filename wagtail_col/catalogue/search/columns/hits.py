"""What words were found in, kept while nothing changes.

Who has typed a word goes on with filters, a part of the map, the next page: the same hits are asked
for again and again. On PostgreSQL they are the dearest part of a search, because it looks at each
row that has the word to see whether it is still there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

import numpy as np

#: Places that are kept at most, eight bytes each.
MOST_KEPT = 1_000_000


class KeptHits:
    """Places of rows by what was asked. It belongs to one table, which never changes."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[Hashable, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Hashable, find: Callable[[], np.ndarray]) -> np.ndarray:
        """The places, read-only; found by ``find`` where they are not known yet. What was not asked
        for longest is let go first."""
        with self._lock:
            known = self._kept.get(asked)
            if known is not None:
                self._kept.move_to_end(asked)
                return known
        places = find()
        places.flags.writeable = False
        with self._lock:
            # Also what finds nothing takes room: its question.
            if asked not in self._kept and len(places) < self._most:
                self._kept[asked] = places
                self._size += len(places) + 1
            while self._size > self._most:
                _asked, gone = self._kept.popitem(last=False)
                self._size -= len(gone) + 1
        return places
