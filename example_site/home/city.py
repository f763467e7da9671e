"""What the home page shows of Cities of Learning: its lines on the map, interests, districts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import SimpleLazyObject

from wagtail_col.catalogue.finding import Find
from wagtail_col.catalogue.models import CatalogueRevision, Territory
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.territories import published_territory
from wagtail_col.learning.mapping import LineMap, map_of
from wagtail_col.learning.models import Playlist
from wagtail_col.learning.presenting import LineCard, line_cards
from wagtail_col.learning.stops import lines_of

#: Air around the lines on the picture, in its units.
AIR = 60


@dataclass(frozen=True)
class LinesPicture:
    """The districts and every line through them; ``lines`` are (colour, map of the line)."""

    viewbox: str
    ground: tuple
    lines: list[tuple[str, LineMap]]


class City:
    """A territory on the front page, each part read when it is asked for."""

    def __init__(self, territory: Territory) -> None:
        self.territory = territory
        self.find = Find(Query(territory=territory))

    @property
    def text(self) -> Any:
        return self.territory.text

    @property
    def playlists(self) -> list[Playlist]:
        within = Territory.objects.published().within(self.territory)
        found = Playlist.objects.published().filter(territory__in=within)
        return list(found.select_related("territory__parent").order_by("pk"))

    @property
    def lines(self) -> list[LineCard]:
        return line_cards(self.playlists)

    @property
    def picture(self) -> LinesPicture | None:
        """None when no line has a station at a place."""
        playlists = self.playlists
        lines = lines_of(playlists)
        maps = [
            (playlist.colour, drawn)
            for playlist in playlists
            if (drawn := map_of(lines[playlist.pk], playlist.territory))
        ]
        if not maps:
            return None
        places = [place for _colour, drawn in maps for place in drawn.places.values()]
        xs, ys = [x for x, _y in places], [y for _x, y in places]
        left, top = min(xs) - AIR, min(ys) - AIR
        viewbox = f"{left:.0f} {top:.0f} {max(xs) + AIR - left:.0f} {max(ys) + AIR - top:.0f}"
        return LinesPicture(viewbox, maps[0][1].ground, maps)


def city_context(key: UUID) -> dict[str, Any] | None:
    """For ``{% for_everyone %}``: the same for every visitor until the catalogue changes."""
    territory = published_territory(key)
    if territory is None:
        return None
    return {
        "key": ("home", key.hex),
        "revision": CatalogueRevision.current(),
        "city": SimpleLazyObject(lambda: City(territory)),
    }
