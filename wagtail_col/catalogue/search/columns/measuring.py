"""Parts of the map and distances, over arrays."""

from __future__ import annotations

import numpy as np

from wagtail_col.catalogue.search.cells import Window
from wagtail_col.catalogue.search.distances import RADIUS_KM, STEP, Around
from wagtail_col.geo import Point

from .table import NEVER


def inside(x: np.ndarray, y: np.ndarray, window: Window) -> np.ndarray:
    """Which points are in a part of the map: half open, so that parts share no point."""
    there = (x >= window.west) & (x < window.east)
    there &= (y >= window.north) & (y < window.south)
    return there


def metres(
    x: np.ndarray, y: np.ndarray, placed: np.ndarray, point: Point, furthest: float
) -> np.ndarray:
    """Whole metres of each from a point (see ``distances``); ``NEVER`` for what has no place.

    What is further than so many kilometres may be ``NEVER`` too: nobody asks how far it is.
    """
    around = Around.point(point)
    near = np.flatnonzero(inside(x, y, around.window(furthest)) & placed)
    found = np.full(len(x), NEVER, np.int64)
    north = y[near].astype(np.float64)
    dy = (north - around.y) * (STEP / 2)
    dx = (x[near].astype(np.float64) - around.x) * (STEP / 2)
    cosh = np.cosh(np.pi - north * STEP) * np.cosh(around.north)
    h = (np.sinh(dy) ** 2 + np.sin(dx) ** 2) / cosh
    far = np.arcsin(np.sqrt(np.minimum(h, 1))) * (2000 * RADIUS_KM)
    found[near] = np.floor(far).astype(np.int64)
    return found
