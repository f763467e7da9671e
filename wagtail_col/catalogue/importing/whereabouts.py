"""When and where everything published begins, in memory: which of it could be one of some rows.

An import asks for every portion of its rows, and the same thousand times a day are those of most of
a catalogue: asked of the database, each portion would read all of it. Of a title its letters are
kept: they tell of most titles that they are not alike, and so that nobody has to read them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.words import fold
from wagtail_col.geo import KM_A_DEGREE, Point
from wagtail_col.records import State

#: Places that are nearer are one.
KM = 0.25
#: Titles that are at least so alike are similar; 1 is the same.
ALIKE = 0.85
#: Of those that are there at any time so many are compared with.
MOST_TIMELESS = 2_000
#: Stands for any time: before all others.
_TIMELESS = float("-inf")
#: Height of a cell of the grid in degrees, and its width: up to 75 degrees north and south, what is
#: nearer than ``KM`` is in the same cell or the next.
_HIGH = 1.1 * KM / KM_A_DEGREE
_WIDE = 4 * _HIGH
_NORTH = 75
#: Near the date line cells of the east would touch those of the west.
_EAST = 179
#: The row and the column of what is nowhere, or where there is no grid; and the last row.
_ANYWHERE, _NORTHMOST = np.iinfo(np.int16).min, np.iinfo(np.int16).max
#: Letters are counted in so many kinds, by the last bits of their numbers, each in half a byte.
_KINDS = 32
#: Titles with more letters, or more of one kind, may be like any other.
_MOST_LETTERS = 255
_MOST_OF_A_KIND = 15
#: Rows that are read at once, and pairs that are looked at.
_PORTION = 2_000
_PAIRS = 200_000


class Whereabout(NamedTuple):
    """When and where something begins, and what it is called, folded."""

    start: datetime | None
    point: Point | None
    title: str


class Whereabouts:
    """35 bytes for each text of ``rows`` that is published, as they are now, and 8 for each moment
    at which something begins. One query.

    They stand by moment, then from south to north, so that of a busy moment only what is as far
    north is looked at.
    """

    def __init__(self, rows: QuerySet[Listing]) -> None:
        published = rows.filter(state=State.PUBLISHED)
        # As text: most of the time would go into the zones of moments that come again and again.
        said = published.annotate(begins=Cast("starts_at", TextField())).values_list(
            "pk", "begins", "lat", "lon", "texts__title"
        )
        many = [array("q"), array("d"), bytearray(), bytearray(), bytearray()]
        for pks, starts, lats, lons, titles in _columns(said.iterator(chunk_size=_PORTION)):
            many[0].extend(pks)
            many[1].extend(map(_moment, starts))
            many[2] += _cells(lats, lons).tobytes()
            letters, lengths = _letters([fold(title or "") for title in titles])
            many[3] += letters.tobytes()
            many[4] += lengths.tobytes()
        # One after the other, so that not all of it is there twice.
        self._moments, turns = np.unique(
            np.frombuffer(many.pop(1), np.float64), return_inverse=True
        )
        cells = np.frombuffer(many.pop(1), np.int16).reshape(-1, 2)
        keys = _key(turns, cells[:, 0])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        del turns, keys
        self._easts = cells[:, 1][order]
        del cells
        self._pks = np.frombuffer(many.pop(0), np.int64)[order]
        self._letters = np.frombuffer(many.pop(0), np.uint8).reshape(-1, _KINDS // 2)[order]
        self._lengths = np.frombuffer(many.pop(0), np.uint8)[order]

    def near(self, rows: Sequence[Whereabout]) -> Iterator[tuple[int, int]]:
        """The place of a row among ``rows``, and the primary key of something published that
        begins when it does and may be at its place and have its title."""
        cells = _cells(
            [row.point and row.point.lat for row in rows],
            [row.point and row.point.lon for row in rows],
        )
        letters, lengths = _letters([row.title for row in rows])
        asked, firsts, counts = self._ranges(
            np.array([_timestamp(row.start) for row in rows], np.float64), cells[:, 0]
        )
        for ranges, theirs in _pairs(firsts, counts):
            ours = asked[ranges]
            near = _may_be_one_side(cells[ours, 1], self._easts[theirs])
            ours, theirs = ours[near], theirs[near]
            alike = _may_be_alike(
                letters[ours], lengths[ours], self._letters[theirs], self._lengths[theirs]
            )
            ours, theirs = ours[alike], theirs[alike]
            yield from zip(ours.tolist(), self._pks[theirs].tolist(), strict=True)

    def _ranges(
        self, moments: np.ndarray, norths: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whose each range is, where it begins, and how much is in it.

        What has a place is looked for beside it, and among what has none; what has none, in all
        that begins then.
        """
        turns = np.searchsorted(self._moments, moments)
        known = np.flatnonzero(np.isin(moments, self._moments))
        is_placed = norths[known] != _ANYWHERE
        here, nowhere = known[is_placed], known[~is_placed]
        asked = np.concatenate([here, here, nowhere])
        south = np.concatenate(
            [np.full(len(here), _ANYWHERE), norths[here] - 1, np.full(len(nowhere), _ANYWHERE)]
        )
        north = np.concatenate(
            [np.full(len(here), _ANYWHERE), norths[here] + 1, np.full(len(nowhere), _NORTHMOST)]
        )
        firsts = np.searchsorted(self._keys, _key(turns[asked], south), "left")
        counts = np.searchsorted(self._keys, _key(turns[asked], north), "right") - firsts
        timeless = moments[asked] == _TIMELESS
        counts[timeless] = np.minimum(counts[timeless], MOST_TIMELESS)
        return asked, firsts, counts


def _key(turns: np.ndarray, norths: np.ndarray) -> np.ndarray:
    """Numbers in the order of moments, and for one moment of rows of the grid."""
    return (turns.astype(np.int64) << 16) + (norths.astype(np.int64) - _ANYWHERE)


def _columns(rows: Iterator[tuple]) -> Iterator[tuple]:
    while some := list(islice(rows, _PORTION)):
        yield tuple(zip(*some, strict=True))


def _timestamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else _TIMELESS


@lru_cache(maxsize=10_000)
def _moment(said: str | None) -> float:
    """A moment as the database writes it."""
    if said is None:
        return _TIMELESS
    moment = datetime.fromisoformat(said)
    return _timestamp(moment if moment.tzinfo else moment.replace(tzinfo=connection.timezone))


def _cells(lats: Sequence[float | None], lons: Sequence[float | None]) -> np.ndarray:
    """Rows and columns of the grid."""
    places = np.array((lats, lons), np.float64).T
    # What has no place is not a number, and that is less than nothing.
    is_there = (np.abs(places) <= (_NORTH, _EAST)).all(axis=1)
    cells = np.full(places.shape, _ANYWHERE, np.int16)
    cells[is_there] = np.floor(places[is_there] / (_HIGH, _WIDE))
    return cells


def _letters(titles: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """How many letters of each kind there are, two kinds in a byte, and how many of all."""
    lengths = np.fromiter(map(len, titles), np.int64, len(titles))
    letters = np.frombuffer("".join(titles).encode("utf-32-le", "surrogatepass"), np.uint32)
    rows = np.repeat(np.arange(len(titles)) * _KINDS, lengths)
    counts = np.bincount(rows + letters % _KINDS, minlength=len(titles) * _KINDS)
    counts = counts.reshape(-1, _KINDS)
    lengths[(counts > _MOST_OF_A_KIND).any(axis=1)] = _MOST_LETTERS
    counts = np.minimum(counts, _MOST_OF_A_KIND).astype(np.uint8)
    return counts[:, ::2] | counts[:, 1::2] << 4, np.minimum(lengths, _MOST_LETTERS).astype(
        np.uint8
    )


def _pairs(firsts: np.ndarray, counts: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each row itself and each of the ``counts`` numbers from ``firsts`` on, in portions."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    for start in range(0, total, _PAIRS):
        numbers = np.arange(start, min(start + _PAIRS, total))
        rows = np.searchsorted(ends, numbers, "right")
        yield rows, numbers - (ends - counts - firsts)[rows]


def _may_be_one_side(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    is_next = np.abs(ones.astype(np.int32) - others) <= 1
    return is_next | (ones == _ANYWHERE) | (others == _ANYWHERE)


def _may_be_alike(
    letters: np.ndarray, lengths: np.ndarray, other_letters: np.ndarray, other_lengths: np.ndarray
) -> np.ndarray:
    """What they have in common at most, by lengths and letters; see ``twins.is_similar``."""
    enough = ALIKE * (lengths.astype(np.float64) + other_lengths) / 2
    in_common = np.minimum(letters & 15, other_letters & 15).sum(axis=1, dtype=np.int64)
    in_common += np.minimum(letters >> 4, other_letters >> 4).sum(axis=1, dtype=np.int64)
    is_long = (lengths == _MOST_LETTERS) | (other_lengths == _MOST_LETTERS)
    return (in_common >= enough - 1e-6) | is_long
