"""The marks of the picture that the server draws: links, where the moving map has buttons.

They look the same and lead to the same: a cluster closer to what is in it, a single listing to its
page. So the map is of use before the script is there, and without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_col.catalogue.map import Mark
from wagtail_col.catalogue.presenting import KIND_COLOURS
from wagtail_col.catalogue.search import Query
from wagtail_col.geo import MAX_LATITUDE, Box
from wagtail_col.outline import project

#: A cluster leads to so much closer a part of the map: two levels, as a tap on it does.
CLOSER = 4
#: Half the side of the smallest part, in degrees: some fifty metres.
NARROWEST = 0.0005
#: Stands for the part of the map in the address that all clusters share.
_SOMEWHERE = Box(-1, -1, 1, 1)


@dataclass(frozen=True)
class Stop:
    """A mark of the picture: how far it is from the left and the top, in percent, and its radius in
    pixels, border included. ``count`` is 0 for a listing alone, which has a kind and a colour."""

    left: str
    top: str
    radius: float
    href: str
    label: str
    count: int = 0
    kind: str = ""
    colour: str = ""


def stops(marks: list[Mark], query: Query, box: Box) -> list[Stop]:
    """The marks of a search on the picture of a box."""
    right, bottom = project(box.east, box.south, box, 1.0)
    closer = query.but(box=_SOMEWHERE).href
    here = _address(_SOMEWHERE)
    drawn = []
    for mark in marks:
        x, y = project(mark.lon, mark.lat, box, 1.0)
        left, top = f"{100 * x / right:.2f}%", f"{100 * y / bottom:.2f}%"
        if mark.count == 1 and mark.one:
            drawn.append(_alone(mark, left, top))
        else:
            href = closer.replace(here, _address(_around(mark, box)))
            drawn.append(Stop(left, top, _radius(mark.count), href, _label(mark), mark.count))
    return drawn


def _alone(mark: Mark, left: str, top: str) -> Stop:
    one = mark.one
    href = one.url or reverse("col_catalogue:listing", args=[UUID(hex=one.key)])
    colour = KIND_COLOURS[one.kind]
    return Stop(left, top, 14, href, one.title, kind=one.kind, colour=colour)


def _radius(count: int) -> float:
    # As in map.js; marks that are as near to each other as they may be do not cover their numbers.
    side = 44 if count < 100 else 48 if count < 10_000 else 54
    return (side - 3) / 2


def _label(mark: Mark) -> str:
    if not mark.one:
        return _("__COUNT__ things to learn, zoom in").replace("__COUNT__", str(mark.count))
    said = _("__COUNT__ things to learn: __PLACE__").replace("__COUNT__", str(mark.count))
    return said.replace("__PLACE__", mark.one.venue)


def _around(mark: Mark, box: Box) -> Box:
    """A part of the box that is so much closer, with the mark in its middle."""
    width = max((box.east - box.west) / CLOSER / 2, NARROWEST)
    height = max((box.north - box.south) / CLOSER / 2, NARROWEST)
    return Box(
        max(-180, mark.lon - width),
        max(-MAX_LATITUDE, mark.lat - height),
        min(180, mark.lon + width),
        min(MAX_LATITUDE, mark.lat + height),
    )


def _address(box: Box) -> str:
    return ",".join(f"{side:.5f}" for side in box)
