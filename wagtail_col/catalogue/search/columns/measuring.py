"""Parts of the map and distances, over arrays."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from wagtail_col.catalogue.search.cells import Window
from wagtail_col.catalogue.search.distances import RADIUS_KM, STEP, Around
from wagtail_col.geo import Point

from .table import NEVER, PLACED, Rows


def in_window(rows: Rows, window: Window) -> np.ndarray:
    """Places of the rows in a part of the map: half open, so that parts share no point."""
    inside = (rows.x >= window.west) & (rows.x < window.east)
    inside &= (rows.y >= window.north) & (rows.y < window.south)
    inside &= (rows.flags & PLACED) != 0
    return np.flatnonzero(inside)


class Distances:
    """How far rows are from a point (see ``distances``): looked at as far as it is asked for."""

    def __init__(self, rows: Rows, point: Point) -> None:
        self._rows = rows
        self._around = Around.point(point)

    def within(self, km: float) -> np.ndarray:
        """Places of the rows within so many kilometres."""
        near = in_window(self._rows, self._around.window(km))
        return near[self._metres(near) <= 1000 * km]

    @cached_property
    def metres(self) -> np.ndarray:
        """By row, whole metres; ``NEVER`` for what has no place."""
        placed = np.flatnonzero(self._rows.flags & PLACED)
        metres = np.full(len(self._rows), NEVER, np.int64)
        metres[placed] = self._metres(placed)
        return metres

    def _metres(self, places: np.ndarray) -> np.ndarray:
        around = self._around
        y = self._rows.y[places].astype(np.float64)
        dy = (y - around.y) * (STEP / 2)
        dx = (self._rows.x[places].astype(np.float64) - around.x) * (STEP / 2)
        cosh = np.cosh(np.pi - y * STEP) * np.cosh(around.north)
        h = (np.sinh(dy) ** 2 + np.sin(dx) ** 2) / cosh
        return np.floor(np.arcsin(np.sqrt(np.minimum(h, 1))) * (2000 * RADIUS_KM)).astype(np.int64)
