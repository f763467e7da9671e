"""Which item of a source a row is, and whether it says anything new.

Both are told by numbers of 64 bits made of texts, so that a million of them are compared in
memory. Identity is the source's own number, else the item's address, else title, day and place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from uuid import UUID, uuid5

import numpy as np

from wagtail_col.catalogue.importing.mapping import Mapped
from wagtail_col.catalogue.importing.tables import Row
from wagtail_col.catalogue.models import ImportedItem, ImportSource

#: Counted up when the same row makes other facts than before: everything is written anew then.
EDITION = "1"
_IDENTITIES = (("id",), ("uri",), ("url", "title", "start"), ("title", "start", "venue"))


def key_of(source: UUID, item: int) -> UUID:
    """The key of an item's listing."""
    return uuid5(source, str(item))


class Fingerprints:
    """Numbers for the rows of one table. ``settings``: whatever else makes the facts; when it
    changes, every item counts as changed."""

    def __init__(self, mapped: Mapped, settings: object) -> None:
        self._identities = [
            [place for name in names for place in mapped.places.get(name, ())[:1]]
            for names in _IDENTITIES
            if names[0] in mapped
        ]
        said = json.dumps([EDITION, settings, mapped.columns, mapped.places], default=str)
        self._settings = blake2b(said.encode(), digest_size=16).digest()

    def item(self, cells: list[str]) -> int | None:
        """Which item a row is; None where it does not say."""
        for number, places in enumerate(self._identities):
            parts = [cells[place].strip() for place in places if place < len(cells)]
            if parts and parts[0]:
                return int.from_bytes(_digest(parts, bytes((number,))), signed=True)
        return None

    def contents(self, rows: Sequence[Row]) -> np.ndarray:
        """What each row says, and with it which item it is."""
        key = self._settings
        digests = b"".join([_digest(cells, key) for _number, cells in rows])
        return np.frombuffer(digests, ">i8").astype(np.int64)


def _digest(parts: list[str], key: bytes) -> bytes:
    said = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(said, digest_size=8, key=key).digest()


class Known:
    """The items of a source as they were before, and which of them have been met since.

    An item's place is its number among them, from 0 on; -1 stands for one that is not known.
    """

    def __init__(self, source: ImportSource) -> None:
        # By its number: a source that is not stored yet has none, and no items.
        rows = ImportedItem.objects.filter(source=source.pk).order_by("item")
        pairs = np.fromiter(
            rows.values_list("item", "content").iterator(chunk_size=10_000),
            np.dtype([("item", np.int64), ("content", np.int64)]),
        )
        self._items, self._contents = pairs["item"].copy(), pairs["content"].copy()
        self._by_content = np.argsort(self._contents)
        self._met = bytearray(len(self._items))

    def __len__(self) -> int:
        return len(self._items)

    def places(self, items: Sequence[int | None]) -> list[int]:
        """Where each item is; None is nowhere."""
        wanted = np.array([item or 0 for item in items], np.int64)
        places = self._found(self._items, wanted).tolist()
        return [-1 if item is None else place for item, place in zip(items, places, strict=True)]

    def saying(self, contents: np.ndarray) -> list[int]:
        """Where the item is that said the very same before. What is said holds which item it is,
        so nobody need look for that."""
        return self._found(self._contents, contents, self._by_content).tolist()

    def meet(self, place: int) -> bool:
        """Whether it is the first time."""
        is_first = not self._met[place]
        self._met[place] = True
        return is_first

    def gone(self) -> Iterator[int]:
        """Items that were not met."""
        return iter(self._items[np.frombuffer(self._met, bool) == 0].tolist())

    @property
    def count_gone(self) -> int:
        return self._met.count(0)

    @staticmethod
    def _found(
        known: np.ndarray, wanted: np.ndarray, order: np.ndarray | None = None
    ) -> np.ndarray:
        """Where what is wanted is among what is known. ``order``: what sorts that."""
        if not len(known):
            return np.full(len(wanted), -1)
        places = np.searchsorted(known, wanted, sorter=order)
        places[places == len(known)] = 0
        if order is not None:
            places = order[places]
        return np.where(known[places] == wanted, places, -1)


class Seen:
    """A set of numbers of 64 bits that takes eight bytes for each."""

    #: In a set so many take nine times as much.
    RECENT = 5_000

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._sorted = np.empty(0, np.int64)

    def add(self, number: int) -> bool:
        """Whether it is new."""
        return self.add_all([number])[0]

    def add_all(self, numbers: list[int]) -> list[bool]:
        """Whether each is new, those before it included."""
        there = self._are_sorted(numbers)
        recent = self._recent
        found = []
        for number, is_there in zip(numbers, there, strict=True):
            is_new = not is_there and number not in recent
            if is_new:
                recent.add(number)
            found.append(is_new)
        if len(recent) >= self.RECENT:
            more = np.sort(np.fromiter(recent, np.int64, len(recent)))
            self._sorted = np.insert(self._sorted, np.searchsorted(self._sorted, more), more)
            recent.clear()
        return found

    def _are_sorted(self, numbers: list[int]) -> list[bool]:
        if not len(self._sorted) or not numbers:
            return [False] * len(numbers)
        wanted = np.array(numbers, np.int64)
        places = np.searchsorted(self._sorted, wanted)
        places[places == len(self._sorted)] = 0
        return (self._sorted[places] == wanted).tolist()
