"""What the moving map asks for: JSON for itself, HTML for the list beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wagtail_col.catalogue.caching import remembered
from wagtail_col.catalogue.conditional import same_for_everyone
from wagtail_col.catalogue.drawing import boundaries_as_geojson
from wagtail_col.catalogue.finding import Find
from wagtail_col.catalogue.map import at_the_place_of, clusters, read_view
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.presenting import cards
from wagtail_col.catalogue.scoping import scoped_query
from wagtail_col.catalogue.search import BadQuery
from wagtail_col.language import in_chosen_language, lang_attribute

#: Cards of one place at most; the rest is in the list.
MOST_CARDS = 12


def _answers(view: Callable[..., dict[str, Any] | None]) -> Callable[..., JsonResponse]:
    """A view that returns plain values; a refusal becomes 400, None 410: it was here once."""

    @require_safe
    @in_chosen_language
    @same_for_everyone
    @wraps(view)
    def answered(request: HttpRequest, **kwargs: Any) -> JsonResponse:
        try:
            answer = view(request, **kwargs)
        except BadQuery as refusal:
            said = {"parameter": refusal.parameter, "detail": refusal.message}
            return JsonResponse(said, status=400)
        if answer is None:
            return JsonResponse({"detail": _("This is no longer here.")}, status=410)
        return JsonResponse(answer)

    return answered


@_answers
def found_on_map(request: HttpRequest) -> dict[str, Any]:
    """``col/map.json?territory=…&bbox=w,s,e,n&zoom=z&<filters>``, see ``map.clusters``."""
    view = read_view(request.GET)
    query = scoped_query(request.GET, request.catalogue_revision)
    return remembered(
        "clusters",
        (query.key, view),
        lambda: clusters(query, view),
        revision=request.catalogue_revision,
    )


@require_safe
@in_chosen_language
@same_for_everyone
def found(request: HttpRequest) -> HttpResponse:
    """``col/find.html?territory=…&box=w,s,e,n&<filters>``: the parts of the Find screen that are
    other ones when the map has moved. Each replaces what the page has of it.
    """
    try:
        query = scoped_query(request.GET, request.catalogue_revision)
        if query.territory is None:
            raise BadQuery("territory", _("Say which territory."))
    except BadQuery as refusal:
        return HttpResponse(refusal.message, status=400, content_type="text/plain; charset=utf-8")
    find = Find(query, request.catalogue_revision, more=request.GET.get("more", ""))
    response = render(request, "wagtail_col/catalogue/found.html", {"find": find})
    # A part of a page is nothing to find.
    response["X-Robots-Tag"] = "noindex"
    return response


@_answers
def boundaries(request: HttpRequest) -> dict[str, Any]:
    """``col/map/boundaries.json?territory=…``: the outlines the map draws."""
    query = scoped_query(request.GET, request.catalogue_revision)
    if query.territory is None:
        raise BadQuery("territory", _("Say which territory."))
    return boundaries_as_geojson(Find(query).ground)


@_answers
def card(request: HttpRequest, key: UUID) -> dict[str, Any] | None:
    """``col/map/card/<key>/?<filters>``: this listing and what else is at the very same place.

    Plain words; the map sets them as text. ``more``: how many are left out.
    """
    query = scoped_query(request.GET, request.catalogue_revision)
    listing = get_object_or_404(Listing, key=key)
    if not listing.is_published:
        return None
    here = at_the_place_of(query, listing)
    found = cards(here[:MOST_CARDS])
    if not found:
        return None
    more = max(0, here.count() - MOST_CARDS) if len(found) == MOST_CARDS else 0
    return {
        "place": listing.venue,
        "more": _("%s more here: see the list") % more if more else "",
        "cards": [
            {
                "title": one.title,
                "lang": lang_attribute(one.language),
                "url": one.url,
                "kind": one.kind_label,
                "colour": one.colour,
                "when": one.when,
                "price": one.price,
                "provider": one.provider,
            }
            for one in found
        ],
    }
