"""Parts of the map that a search is counted in, whoever counts."""

from __future__ import annotations

from typing import NamedTuple

from wagtail_col.geo import Box, Point, to_map


class Window(NamedTuple):
    """A part of the map in map coordinates (see ``geo``), east and south not included."""

    west: int
    north: int
    east: int
    south: int

    @classmethod
    def of_box(cls, box: Box) -> Window:
        """The part of the map inside a box of degrees."""
        west, north = to_map(Point(box.west, box.north))
        east, south = to_map(Point(box.east, box.south))
        return cls(west, north, east, south)


class Cell(NamedTuple):
    """A square of the map with what is in it. ``cx`` and ``cy``: its column and row."""

    cx: int
    cy: int
    count: int
    #: The middle of all that is in it, in map coordinates.
    mean_x: float
    mean_y: float
    #: All of it is at one and the same point.
    is_one_place: bool
    #: The primary key of the listing that was written first.
    first: int
