"""The pages of achievements, which credentials refer to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from wagtail_col.badges import about_achievement, endorsing, keys
from wagtail_col.badges.presenting import achievement_values, issuer_values
from wagtail_col.badges.views import documents
from wagtail_col.badges.views.finding import find_achievement, not_here, other_languages
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page


def achievement(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a badge is for and how it is earned: as a page, or as JSON for who asks for that."""
    offered = ["text/html", "application/ld+json", "application/json"]
    if request.get_preferred_type(offered) in offered[1:]:
        response = documents.achievement(request, key)
    else:
        response = _achievement_page(request, key)
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
@in_chosen_language
def _achievement_page(request: HttpRequest, key: UUID) -> HttpResponse:
    found = find_achievement(key)
    if found is None or found.text is None:
        return not_here(request)
    codes = [text.language for text in found.texts.all()]
    learner = request.user if request.user.is_authenticated else None
    context = {
        **achievement_values(found),
        **about_achievement.values(found, learner),
        "issuer": issuer_values(found.issuer or keys.shown_issuer()),
        "endorsements": endorsing.shown_for(found),
        "languages": other_languages(found.get_absolute_url(), codes),
    }
    response = render_page(request, "wagtail_col/badges/achievement.html", context)
    if learner is not None:
        # How far this learner has come is for nobody else, and over with the next badge.
        patch_cache_control(response, private=True, no_store=True)
    return response
