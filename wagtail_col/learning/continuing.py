"""Where a learner goes on: the lines under way, the one they did something on last first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from wagtail_col.learning import device as devices
from wagtail_col.learning.models import Completion, Playlist
from wagtail_col.learning.presenting import line_cards

#: Lines that are offered to go on with; the others are in My learning.
MOST_LINES = 2


def to_go_on(request: HttpRequest | None) -> dict[str, Any]:
    """Context of ``learning/go_on.html``: ``cards``, and whether there are ``more``.

    A constant number of queries; none for who is on no line here.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return _on_device(devices.read(request) if request else None)
    playlists = list(under_way(user)[: MOST_LINES + 1])
    cards = line_cards(playlists[:MOST_LINES], learner=user) if playlists else []
    return {
        "cards": [card for card in cards if card.url and not card.is_complete],
        "more": len(playlists) > MOST_LINES,
    }


def _on_device(device: devices.Device | None) -> dict[str, Any]:
    if device is None or not device.lines:
        return {"cards": [], "more": False}
    playlists = Playlist.objects.published().filter(pk__in=device.lines).order_by("-pk")
    cards = [
        card
        for card in line_cards(playlists, device=device.lines)
        if card.url and not card.is_complete
    ]
    return {"cards": cards[:MOST_LINES], "more": len(cards) > MOST_LINES, "on_device": True}


def under_way(learner: AbstractBaseUser) -> QuerySet[Playlist]:
    """Lines the learner is on and has neither finished nor paused."""
    last = (
        Completion.objects.filter(learner=learner, step__playlist=OuterRef("pk"))
        .order_by("-completed_at")
        .values("completed_at")[:1]
    )
    return (
        Playlist.objects.published()
        .filter(
            enrolments__learner=learner,
            enrolments__completed_at=None,
            enrolments__paused_at=None,
        )
        .order_by(Coalesce(Subquery(last), "enrolments__joined_at").desc(), "-pk")
    )
