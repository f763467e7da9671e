"""From a point to the territory it lies in."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Max

from wagtail_col.catalogue.models import Territory
from wagtail_col.geo import Point, covers


class Locator:
    """Finds territories for many points; boundaries are read once, when first needed."""

    def __init__(self) -> None:
        self._territories: list[Territory] | None = None
        self._state: tuple | None = None

    def refresh(self) -> None:
        """Read the territories again if any has changed: for somebody who goes on for long."""
        found = Territory.objects.aggregate(number=Count("pk"), revision=Max("revision"))
        if (state := tuple(found.values())) != self._state:
            self._state, self._territories = state, None

    def _published(self) -> list[Territory]:
        if self._territories is None:
            # The deepest first: a district before its city, a city before its region.
            self._territories = sorted(
                Territory.objects.published(), key=lambda t: (-t.path.count("/"), t.position, t.pk)
            )
        return self._territories

    def at(self, point: Point, below: str = "") -> int | None:
        """The id of the deepest territory that covers the point, below a path if one is given."""
        for territory in self._published():
            if (
                territory.path.startswith(below)
                and territory.box
                and territory.box.contains(point)
                and covers(territory.boundary, point)
            ):
                return territory.pk
        return None

    def find(self, point: Point | None, home: UUID | None) -> int | None:
        """The territory of a listing: by its point, within the one its source names.

        The source's word stands where the point lies outside it: an excursion of the city's
        library is still the city's.
        """
        named = next((t for t in self._published() if t.key == home), None) if home else None
        if point:
            found = self.at(point, named.path if named else "")
            if found:
                return found
        return named.pk if named else None
