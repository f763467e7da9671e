"""The territory's outline behind a badge's icon: small enough to be kept with the achievement."""

from __future__ import annotations

from typing import Any

from wagtail_col.badges.models import Achievement
from wagtail_col.geo import bounds
from wagtail_col.outline import project, simplify

#: The outline is kept as sharp as it is drawn: on a picture of this many units, leaving out
#: corners that make a triangle of less than this many square units.
SIZE, DETAIL = 512, 12


def set_outline(achievement: Achievement, boundary: dict[str, Any] | None) -> None:
    """Draw this achievement with the outline of a MultiPolygon (``geo.check_boundary``)."""
    achievement.outline = _rings(boundary) if boundary else None
    # Straight into the row: it is no change by an editor, so no draft and no date changes.
    Achievement.objects.filter(pk=achievement.pk).update(outline=achievement.outline)


def _rings(boundary: dict[str, Any]) -> list[list[list[float]]]:
    box = tuple(bounds(boundary))
    rings = []
    for polygon in boundary["coordinates"]:
        for ring in polygon:
            places = {_rounded(project(lon, lat, box, SIZE)): (lon, lat) for lon, lat in ring}
            kept = simplify([_rounded(project(lon, lat, box, SIZE)) for lon, lat in ring], DETAIL)
            if len(kept) >= 3:
                rings.append([[round(degrees, 5) for degrees in places[corner]] for corner in kept])
    return rings


def _rounded(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0]), round(point[1])
