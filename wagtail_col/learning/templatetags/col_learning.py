"""Template tags of a learner's way."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from wagtail_col.learning.continuing import to_go_on
from wagtail_col.learning.drawing import (
    Reader,
    drawn,
    drawn_above,
    drawn_beside,
    drawn_terminus,
    drawn_way,
)
from wagtail_col.learning.structured import playlist_page

register = template.Library()


@register.inclusion_tag("wagtail_col/learning/go_on.html", takes_context=True)
def go_on(context: template.Context) -> dict[str, Any]:
    """``{% go_on %}``: the lines the reader is on and was at last; nothing for who is on none.

    It is one person's own: put it outside of ``{% for_everyone %}``.
    """
    return to_go_on(context.get("request"))


@register.simple_tag
def stations(view: Any) -> SafeString:
    """``{% stations view %}``: the stations of a playlist's page (``pages.views.playlist``)."""
    reader = Reader(
        is_joined=view.is_joined,
        enrolment=view.enrolment is not None,
        on_device=view.on_device,
        language=view.language,
    )
    return drawn(view.playlist.pk, view.stations, view.prints, reader)


@register.simple_tag
def above(view: Any) -> SafeString:
    """``{% above view %}``: the way down to the line, and its other languages."""
    return drawn_above(view)


@register.simple_tag
def terminus(view: Any) -> SafeString:
    """``{% terminus view %}``: the badge at the end, one's own or the one to earn."""
    return drawn_terminus(view)


@register.simple_tag
def structured_playlist(view: Any) -> SafeString:
    """``{% structured_playlist view %}``: the playlist in the words of schema.org. Nobody's own."""
    if view.text is None:
        return SafeString("")
    territory = view.trail[-1].name if view.trail else ""
    said = playlist_page(view.text, view.line, view.badge_name, territory)
    return mark_safe(f'<script type="application/ld+json">{said}</script>')  # noqa: S308


@register.simple_tag
def your_way(view: Any) -> SafeString:
    """``{% your_way view %}``: how to pause and leave, and who sees what."""
    return drawn_way(view)


@register.simple_tag
def beside(view: Any) -> SafeString:
    """``{% beside view %}``: the line on its map, on paper, and what it asks for."""
    return drawn_beside(view)
