"""Where on the map the rows that fit are: cells of a grid, a box."""

from __future__ import annotations

import numpy as np

from wagtail_col.catalogue.search.cells import Cell, Window

from .matching import Matches
from .measuring import inside
from .table import PLACED

#: Grids of at most this many cells are counted in one array; finer ones have few points in them.
MOST_CELLS = 1 << 20


def cells(matches: Matches, window: Window, shift: int) -> list[Cell]:
    """See ``cells.Cell``; ordered by row and column of the grid."""
    chosen, x, y = _within(matches, window)
    cx, cy = x >> shift, y >> shift
    if not len(chosen):
        return []
    cells, grid = _numbered(cx, cy)
    counted = np.bincount(grid, minlength=cells)
    there = np.flatnonzero(counted)
    counts = counted[there]
    mean_x = np.bincount(grid, weights=x, minlength=cells)[there] / counts
    mean_y = np.bincount(grid, weights=y, minlength=cells)[there] / counts
    # Written backwards, so that the first of each cell stays.
    first = np.zeros(cells, np.int64)
    first[grid[::-1]] = np.arange(len(chosen))[::-1]
    of_cell = first[grid]
    is_spread = np.zeros(cells, bool)
    is_spread[grid[(x != x[of_cell]) | (y != y[of_cell])]] = True
    first = first[there]
    columns = (
        cx[first], cy[first], counts, mean_x, mean_y, ~is_spread[there],
        matches.table.rows.pk[chosen[first]],
    )  # fmt: skip
    return list(map(Cell, *(column.tolist() for column in columns)))


def box(matches: Matches) -> tuple[int, int, int, int] | None:
    """West, north, east, south of all points; None where there is none."""
    placed = matches.mask & matches.flagged(PLACED)
    x, y = matches.column("x")[placed], matches.column("y")[placed]
    return (int(x.min()), int(y.min()), int(x.max()), int(y.max())) if len(x) else None


def _within(matches: Matches, window: Window) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places in the table of what fits in a part of the map, and its map coordinates."""
    found, x, y = matches.found, matches.column("x"), matches.column("y")
    x, y = x[found], y[found]
    there = inside(x, y, window) & ((matches.column("flags")[found] & PLACED) != 0)
    return matches.places(found[there]), x[there], y[there]


def _numbered(cx: np.ndarray, cy: np.ndarray) -> tuple[int, np.ndarray]:
    """How many cells are numbered, by row and column, and each point's number."""
    west, north = int(cx.min()), int(cy.min())
    width = int(cx.max()) - west + 1
    number = (cy - north).astype(np.int64) * width + (cx - west)
    if width * (int(cy.max()) - north + 1) <= MOST_CELLS:
        return int(number.max()) + 1, number
    numbers, grid = np.unique(number, return_inverse=True)
    return len(numbers), grid
