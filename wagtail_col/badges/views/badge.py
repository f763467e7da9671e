"""The page of a badge at its own address: its learner's, and everybody's while it is shared."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wagtail_col.badges import about_achievement, endorsing, sharing
from wagtail_col.badges.presenting import award_values, share_values
from wagtail_col.badges.views.finding import (
    kept_by_nobody,
    not_here,
    other_languages,
    visible_award,
)
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page


@require_safe
@in_chosen_language
def badge(request: HttpRequest, key: UUID) -> HttpResponse:
    """The badge, who says so and why; without a name, which only a link's page shows."""
    award = visible_award(request, key)
    if award is None:
        return not_here(request, key)
    is_own = sharing.is_own(request.user, award)
    link = sharing.link_to(award) if is_own else None
    codes = [text.language for text in award.achievement.texts.all()]
    context = {
        **award_values(award),
        **about_achievement.of_draft(award.achievement),
        "languages": other_languages(award.get_absolute_url(), codes),
        "endorsements": endorsing.shown_for(award),
        "is_own": is_own,
        "share": share_values(link) if link else None,
    }
    return kept_by_nobody(render_page(request, "wagtail_col/badges/badge.html", context))
