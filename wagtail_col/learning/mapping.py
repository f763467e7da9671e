"""A line on the map: its local stations joined, on the ground of its territory."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_col.catalogue.drawing import SIZE, Ground, Shape, padded
from wagtail_col.catalogue.models import Territory
from wagtail_col.catalogue.territories import below, beside
from wagtail_col.learning.stops import Line
from wagtail_col.outline import project

#: The picture shows at least this part of the territory, so that two near stops are not all of it.
LEAST = 0.3
#: Air around the stops, as a part of what they span.
AIR = 0.3


@dataclass(frozen=True)
class LineMap:
    """The ground and where the stops are on it; ``places`` maps a step's key to x and y."""

    viewbox: str
    ground: tuple[Shape, ...]
    places: dict[int, tuple[float, float]]
    #: Keys of the stops that are only an offer.
    optional: frozenset[int]
    label: str

    @property
    def line(self) -> str:
        """The ``d`` of the line through the required stops, in order; empty when there is none."""
        through = [place for key, place in self.places.items() if key not in self.optional]
        return "M" + "L".join(map(_at, through)) if through else ""

    @property
    def branches(self) -> str:
        """The ``d`` of the branches to optional stops, each from the required one before it."""
        drawn, before = [], None
        for key, place in self.places.items():
            if key not in self.optional:
                before = place
            elif before:
                drawn.append(f"M{_at(before)}L{_at(place)}")
        return "".join(drawn)

    def dots(self, keys: frozenset[int] | None = None) -> str:
        """The ``d`` of a dot at each stop, or at those of ``keys``."""
        return "".join(
            f"M{_at(place)}h0" for key, place in self.places.items() if keys is None or key in keys
        )


def _at(place: tuple[float, float]) -> str:
    return f"{place[0]:.1f} {place[1]:.1f}"


def map_of(line: Line, territory: Territory | None) -> LineMap | None:
    """The map of a line; None when it has no local stop or its territory no boundary."""
    local = [stop for stop in line.stops if stop.point]
    if not local or territory is None or not territory.is_published:
        return None
    ground, whole = _ground(territory)
    if whole is None or whole.box is None:
        return None
    box = padded(whole.box)
    places = {stop.pk: project(*stop.point, box, SIZE) for stop in local}
    near = [place for place in places.values() if all(-SIZE <= n <= 2 * SIZE for n in place)]
    if not near:
        return None
    names = [f"{stop.title} ({stop.where})" if stop.where else stop.title for stop in local]
    return LineMap(
        viewbox=_viewbox(near),
        ground=tuple(ground.shapes(box)),
        places=places,
        optional=_optional(line),
        label=_("The line on the map: %(stops)s.") % {"stops": ", ".join(names)},
    )


def _optional(line: Line) -> frozenset[int]:
    stations = line.rule.stations
    keys = frozenset(key for station in stations if not station.required for key in station.keys)
    # A line of offers alone is drawn as any other.
    return keys if len(keys) < len(line.stops) else frozenset()


def _ground(territory: Territory) -> tuple[Ground, Territory | None]:
    """What lies below the territory, or beside it when nothing does."""
    parts = [place.territory for place in below(territory)]
    if any(part.box for part in parts) and territory.box:
        return Ground(parts=parts, whole=territory), territory
    if territory.parent is not None and territory.parent.is_published and territory.parent.box:
        parts = [place.territory for place in beside(territory)]
        return Ground(parts=parts, whole=territory.parent), territory.parent
    return Ground(whole=territory), territory


def _viewbox(places: list[tuple[float, float]]) -> str:
    xs, ys = [x for x, _y in places], [y for _x, y in places]
    side = max(max(xs) - min(xs), max(ys) - min(ys)) * (1 + 2 * AIR)
    side = max(side, SIZE * LEAST)
    left = (min(xs) + max(xs) - side) / 2
    top = (min(ys) + max(ys) - side) / 2
    return f"{left:.0f} {top:.0f} {side:.0f} {side:.0f}"
