from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.pages import provider_context as catalogue_context
from wagtail_col.learning.models import Playlist, Step
from wagtail_col.learning.presenting import line_cards

#: Lines the page shows at most.
MOST_LINES = 24


def provider_context(request: HttpRequest, key: UUID) -> dict | None:
    """A provider with its opportunities and the lines through them; None without a record.

    Raises BadQuery for parameters that make no sense.
    """
    return catalogue_context(key, request.GET, lines=SimpleLazyObject(lambda: _lines(key)))


def _lines(key: UUID) -> list:
    listings = Listing.objects.published().filter(provider__key=key)
    steps = Step.objects.published().filter(listing__in=listings)
    playlists = Playlist.objects.published().filter(pk__in=steps.values("playlist"))
    return line_cards(playlists.order_by("pk")[:MOST_LINES])
