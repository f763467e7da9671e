"""What the map of a point asks the server: where an address is, and the site's boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wagtail_col import geocoding
from wagtail_col.catalogue.caching import remembered
from wagtail_col.catalogue.models import Listing, Territory, TerritoryText
from wagtail_col.catalogue.words import fold
from wagtail_col.geo import Point
from wagtail_col.geocoding import Place
from wagtail_col.outline import simplify

MOST_LETTERS = 300
#: A corner that changes less than this (square degrees, some 1000 m²) is left out.
DETAIL = 1e-7


@require_GET
def places(request: HttpRequest) -> JsonResponse:
    """``?q=``: ``{"places": [{"name", "lon", "lat"}], "message"}``; 503: the service is down."""
    query = request.GET.get("q", "").strip()[:MOST_LETTERS]
    if not query:
        return _answer([], _("Write an address first."), 400)
    try:
        found = geocoding.find(query, get_language() or "en", own=own_places)
    except geocoding.ServiceDown as error:
        message = _(
            "The map service does not answer (%(reason)s). Nothing was changed. "
            "Try again later, or set the point on the map yourself."
        ) % {"reason": error}
        return _answer([], message, 503)
    if not found.places:
        message = _(
            "No place was found for this address. Nothing was changed. "
            "Check the spelling, or set the point on the map yourself."
        )
    elif not found.exact:
        message = _("Only the town was found. Move the point to the right place.")
    elif len(found.places) > 1:
        message = _("There are several places. Choose one:")
    else:
        message = _("The point is on the map. Check that it is in the right place.")
    return _answer(found.places, message)


def _answer(found: list[Place], message: str, status: int = 200) -> JsonResponse:
    return JsonResponse(
        {"places": [place._asdict() for place in found], "message": message}, status=status
    )


def own_places(query: str) -> list[Place]:
    """Places this site has published: venues and addresses that hold all the words, territories
    of that name."""
    words = fold(query).replace(",", " ").split()
    if not words:
        return []
    return [*_territories(fold(query)), *_venues(words)]


def _venues(words: list[str]) -> Iterator[Place]:
    listings = Listing.objects.published().filter(lon__isnull=False).order_by("-pk")
    for word in words:
        listings = listings.filter(texts__folded__contains=word)
    seen: set[tuple] = set()
    rows = listings.values_list("venue", "address", "lon", "lat").distinct()
    for venue, address, lon, lat in rows[:500]:
        # The index also holds titles: the words have to be in the place itself.
        known = fold(f"{venue} {address}").replace(",", " ").split()
        name = ", ".join(filter(None, (venue, address)))
        mark = (fold(name), round(lon, 4), round(lat, 4))
        if mark in seen or not all(any(w.startswith(word) for w in known) for word in words):
            continue
        seen.add(mark)
        yield Place(name, lon, lat)


def _territories(name: str) -> Iterator[Place]:
    texts = TerritoryText.objects.filter(
        territory__in=Territory.objects.published().filter(centre_lon__isnull=False)
    ).select_related("territory")
    found = {text.territory: text.name for text in texts if fold(text.name) == name}
    for territory, said in found.items():
        centre = territory.centre or Point(0, 0)
        yield Place(said, centre.lon, centre.lat)


@require_GET
def boundaries(request: HttpRequest) -> JsonResponse:
    """The published territories' outlines as GeoJSON, simplified, to draw under a point."""
    return JsonResponse(remembered("editor's boundaries", (), _boundaries))


def _boundaries() -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {"name": str(territory)},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [_simple(ring) for ring in polygon]
                    for polygon in territory.boundary["coordinates"]
                ],
            },
        }
        for territory in Territory.objects.published()
        .filter(west__isnull=False)
        .prefetch_related("texts")
    ]
    return {"type": "FeatureCollection", "features": features}


def _simple(ring: list[list[float]]) -> list[list[float]]:
    places = [tuple(place[:2]) for place in ring[:-1]]
    kept = simplify(places, DETAIL)
    kept = kept if len(kept) > 2 else places
    return [list(place) for place in [*kept, kept[0]]]
