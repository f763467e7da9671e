"""When and where everything published begins, in memory: which of it could be one of some rows.

An import asks for every portion of its rows, and the same thousand times a day are those of most of
a catalogue: asked of the database, each portion would read all of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db.models import QuerySet

from wagtail_col.catalogue.models import Listing
from wagtail_col.geo import KM_A_DEGREE, Point
from wagtail_col.records import State

#: Places that are nearer are one.
KM = 0.25
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
#: More cells than there are from west to east.
_ROW = 1 << 24
#: The cell of what is nowhere, or where there is no grid.
_ANYWHERE = np.iinfo(np.int64).min


class Whereabouts:
    """24 bytes for each of ``rows`` that is published, as they are now. One query."""

    def __init__(self, rows: QuerySet[Listing]) -> None:
        pks, starts, cells = array("q"), array("d"), array("q")
        published = rows.filter(state=State.PUBLISHED).order_by("pk")
        for pk, start, lat, lon in published.values_list("pk", "starts_at", "lat", "lon").iterator(
            chunk_size=2_000
        ):
            pks.append(pk)
            starts.append(start.timestamp() if start else _TIMELESS)
            cells.append(_cell(lat, lon) if _is_on_the_grid(lat, lon) else _ANYWHERE)
        self._starts = np.array(starts, dtype=np.float64)
        order = np.argsort(self._starts, kind="stable")
        self._starts = self._starts[order]
        self._pks = np.array(pks, dtype=np.int64)[order]
        self._cells = np.array(cells, dtype=np.int64)[order]

    def near(self, places: Mapping[datetime | None, Sequence[Point | None]]) -> list[int]:
        """Primary keys of what begins at one of these times, where it may be one of its places."""
        found: list[int] = []
        for start, points in places.items():
            moment = start.timestamp() if start else _TIMELESS
            first, end = np.searchsorted(self._starts, (moment, np.nextafter(moment, np.inf)))
            if start is None:
                end = min(end, first + MOST_TIMELESS)
            cells = self._cells[first:end]
            is_near = np.ones(len(cells), dtype=bool)
            if all(point and _is_on_the_grid(point.lat, point.lon) for point in points):
                is_near = np.isin(cells, _around(points)) | (cells == _ANYWHERE)
            found += self._pks[first:end][is_near].tolist()
        return found


def _is_on_the_grid(lat: float | None, lon: float | None) -> bool:
    return lat is not None and lon is not None and abs(lat) <= _NORTH and abs(lon) <= _EAST


def _cell(lat: float, lon: float) -> int:
    return int(lat // _HIGH) * _ROW + int(lon // _WIDE)


def _around(points: Sequence[Point]) -> list[int]:
    """The cells of the points and all that touch them."""
    cells = {_cell(point.lat, point.lon) for point in points}
    return [cell + n * _ROW + e for cell in cells for n in (-1, 0, 1) for e in (-1, 0, 1)]
