"""From a point to the territory it lies in."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Max

from wagtail_col.catalogue.models import Territory
from wagtail_col.geo import Box, Point, covers

#: Degrees. Which territories are around is told once for each cell of this size.
CELL = 0.1
MOST_CELLS = 10_000


class _Area(NamedTuple):
    """What is asked of a territory."""

    pk: int
    key: UUID
    path: str
    box: Box | None
    boundary: dict | None


class Locator:
    """Finds territories for many points; boundaries are read once, when first needed."""

    def __init__(self) -> None:
        self._all: list[_Area] | None = None
        self._by_key: dict[UUID, _Area] = {}
        self._near: dict[tuple[int, int], list[_Area]] = {}
        self._state: tuple | None = None

    def refresh(self) -> None:
        """Read the territories again if any has changed: for somebody who goes on for long."""
        found = Territory.objects.aggregate(number=Count("pk"), revision=Max("revision"))
        if (state := tuple(found.values())) != self._state:
            self._state, self._all = state, None

    def _areas(self) -> list[_Area]:
        if self._all is None:
            # The deepest first: a district before its city, a city before its region.
            found = sorted(
                Territory.objects.published(), key=lambda t: (-t.path.count("/"), t.position, t.pk)
            )
            self._all = [_Area(one.pk, one.key, one.path, one.box, one.boundary) for one in found]
            self._by_key = {area.key: area for area in self._all}
            self._near.clear()
        return self._all

    def _around(self, point: Point) -> list[_Area]:
        """Those whose box touches the cell of the point."""
        areas = self._areas()
        cell = int(point.lon // CELL), int(point.lat // CELL)
        if cell not in self._near:
            if len(self._near) >= MOST_CELLS:
                self._near.clear()
            self._near[cell] = [
                area
                for area in areas
                if area.box
                and area.box.west // CELL <= cell[0] <= area.box.east // CELL
                and area.box.south // CELL <= cell[1] <= area.box.north // CELL
            ]
        return self._near[cell]

    def at(self, point: Point, below: str = "") -> int | None:
        """The id of the deepest territory that covers the point, below a path if one is given."""
        for area in self._around(point):
            if (
                area.path.startswith(below)
                and area.box.contains(point)
                and covers(area.boundary, point)
            ):
                return area.pk
        return None

    def find(self, point: Point | None, home: UUID | None) -> int | None:
        """The territory of a listing: by its point, within the one its source names.

        The source's word stands where the point lies outside it: an excursion of the city's
        library is still the city's.
        """
        if home:
            self._areas()
        named = self._by_key.get(home) if home else None
        if point:
            found = self.at(point, named.path if named else "")
            if found:
                return found
        return named.pk if named else None
