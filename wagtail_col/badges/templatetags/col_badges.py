"""Template tags of the badges."""

from __future__ import annotations

from typing import Any

from django import template

from wagtail_col.badges import about_achievement
from wagtail_col.badges.models import Achievement
from wagtail_col.badges.presenting import preview_of

register = template.Library()


@register.simple_tag
def achievement_preview(achievement: Achievement) -> dict[str, Any]:
    """What an editor's preview shows of an achievement, also of one that was never saved."""
    return {**preview_of(achievement), **about_achievement.of_draft(achievement)}
