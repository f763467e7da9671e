"""Which item of a source a row is, and whether it says anything new.

Both are told by numbers of 64 bits made of texts, so that a million of them are compared in
memory. Identity is the source's own number, else the item's address, else title, day and place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from uuid import UUID, uuid5

import numpy as np

from wagtail_col.catalogue.importing.mapping import Mapped
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
                return _number(parts, bytes((number,)))
        return None

    def content(self, cells: list[str]) -> int:
        """What a row says."""
        return _number(cells, self._settings)


def _number(parts: list[str], key: bytes) -> int:
    said = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8, key=key).digest(), signed=True)


class Known:
    """The items of a source as they were before, and which of them have been met since."""

    def __init__(self, source: ImportSource) -> None:
        rows = ImportedItem.objects.filter(source=source).order_by("item")
        pairs = np.fromiter(
            rows.values_list("item", "content").iterator(chunk_size=10_000),
            np.dtype([("item", np.int64), ("content", np.int64)]),
        )
        self.items, self.contents = pairs["item"].copy(), pairs["content"].copy()
        self.met = np.zeros(len(self.items), bool)

    def __len__(self) -> int:
        return len(self.items)

    def places(self, items: np.ndarray) -> np.ndarray:
        """Where each item is, -1 for one that is not known."""
        if not len(self.items):
            return np.full(len(items), -1)
        places = np.searchsorted(self.items, items)
        places[places == len(self.items)] = 0
        return np.where(self.items[places] == items, places, -1)

    def meet(self, items: np.ndarray) -> None:
        places = self.places(items)
        self.met[places[places >= 0]] = True

    def gone(self) -> Iterator[int]:
        """Items that were not met."""
        return iter(self.items[~self.met].tolist())

    @property
    def count_gone(self) -> int:
        return int(np.count_nonzero(~self.met))


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
