"""Template tags of the editor's side."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from wagtail_col.badges.drawing import BadgeArt, svg
from wagtail_col.badges.models import Achievement

register = template.Library()


@register.simple_tag
def achievement_picture(achievement: Achievement) -> SafeString:
    """The badge's picture as inline SVG, also of a draft that was never saved."""
    texts = list(achievement.texts.all())
    art = BadgeArt(
        name=texts[0].name if texts else "",
        colour=achievement.colour,
        icon=achievement.icon,
        outline=achievement.outline or None,
        place=achievement.place,
    )
    # Drawn by us from values; words inside are escaped there.
    return mark_safe(svg(art))  # noqa: S308
