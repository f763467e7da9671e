from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from wagtail_col.catalogue.models import Territory
from wagtail_col.catalogue.pages import territory_context as catalogue_context
from wagtail_col.learning.models import Playlist
from wagtail_col.learning.presenting import line_cards

#: Lines the page shows at most.
MOST_LINES = 24


def territory_context(request: HttpRequest, key: UUID) -> dict | None:
    """The Find screen of a territory with its lines; None when there is no published record."""
    context = catalogue_context(key, request.GET)
    if context is not None:
        find = context["find"]
        lines = SimpleLazyObject(lambda: find.common("lines", lambda: _lines(key)))
        context["shared"]["lines"] = lines
    return context


def _lines(key: UUID) -> list:
    within = Territory.objects.filter(path__contains=f"{key.hex}/")
    playlists = Playlist.objects.published().filter(territory__in=within).order_by("pk")
    return line_cards(playlists[:MOST_LINES])
