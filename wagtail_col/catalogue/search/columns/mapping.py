"""Where on the map the rows that fit are: cells of a grid, dots, a box."""

from __future__ import annotations

import numpy as np

from wagtail_col.catalogue.search.cells import Cell, Window

from .matching import Matches
from .measuring import in_window
from .table import KINDS, PLACED

#: Grids of at most this many cells are counted in one array; finer ones have few points in them.
MOST_CELLS = 1 << 20


def cells(matches: Matches, window: Window, shift: int) -> list[Cell]:
    """See ``cells.Cell``; ordered by row and column of the grid."""
    chosen = _within(matches, window)
    rows = matches.table.rows
    x, y = rows.x[chosen], rows.y[chosen]
    cx, cy = x >> shift, y >> shift
    if not len(chosen):
        return []
    numbers, grid = _numbered(cx, cy)
    counted = np.bincount(grid, minlength=len(numbers))
    sum_x = np.bincount(grid, weights=x, minlength=len(numbers))
    sum_y = np.bincount(grid, weights=y, minlength=len(numbers))
    # Written backwards, so that the first of each cell stays.
    first = np.zeros(len(numbers), np.int64)
    first[grid[::-1]] = np.arange(len(chosen))[::-1]
    apart = (x != x[first[grid]]) | (y != y[first[grid]])
    spread = np.bincount(grid, weights=apart, minlength=len(numbers))
    there = np.flatnonzero(counted)
    return [
        Cell(
            cx=int(cx[first[cell]]),
            cy=int(cy[first[cell]]),
            count=int(counted[cell]),
            mean_x=float(sum_x[cell] / counted[cell]),
            mean_y=float(sum_y[cell] / counted[cell]),
            is_one_place=not spread[cell],
            first=int(rows.pk[chosen[first[cell]]]),
        )
        for cell in there
    ]


def dots(matches: Matches, window: Window, shift: int) -> list[tuple[str, int, int]]:
    """Kind, column and row of each dot, by row and column."""
    chosen = _within(matches, window)
    rows = matches.table.rows
    if not len(chosen):
        return []
    cx, cy = rows.x[chosen] >> shift, rows.y[chosen] >> shift
    found = np.unique(np.stack([cy, cx, rows.kind[chosen].astype(np.int32)]), axis=1)
    return [(KINDS[kind], int(x), int(y)) for y, x, kind in found.T if kind < len(KINDS)]


def box(matches: Matches) -> tuple[int, int, int, int] | None:
    """West, north, east, south of all points; None where there is none."""
    placed = matches.mask & matches.flagged(PLACED)
    x, y = matches.table.rows.x[placed], matches.table.rows.y[placed]
    return (int(x.min()), int(y.min()), int(x.max()), int(y.max())) if len(x) else None


def _within(matches: Matches, window: Window) -> np.ndarray:
    """Places of the rows that fit in a part of the map."""
    there = in_window(matches.table.rows, window)
    return there[matches.mask[there]]


def _numbered(cx: np.ndarray, cy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers for cells, ascending by row and column, and each point's place among them."""
    west, north = int(cx.min()), int(cy.min())
    width = int(cx.max()) - west + 1
    number = (cy - north).astype(np.int64) * width + (cx - west)
    if width * (int(cy.max()) - north + 1) <= MOST_CELLS:
        return np.arange(int(number.max()) + 1), number
    numbers, grid = np.unique(number, return_inverse=True)
    return numbers, grid
