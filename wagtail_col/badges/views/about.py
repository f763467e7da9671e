"""The pages of achievements and issuers, which credentials refer to."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from wagtail_col.badges import keys
from wagtail_col.badges.models import Achievement
from wagtail_col.badges.presenting import achievement_values, issuer_values
from wagtail_col.badges.views import documents
from wagtail_col.badges.views.finding import find_achievement, not_here, other_languages
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page

#: Badges shown on an issuer's page, the newest.
MOST_SHOWN = 60


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
    context = {
        **achievement_values(found),
        "issuer": issuer_values(found.issuer or keys.shown_issuer()),
        "languages": other_languages(found.get_absolute_url(), codes),
    }
    return render_page(request, "wagtail_col/badges/achievement.html", context)


@require_safe
@in_chosen_language
def issuer(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Who an issuer is and which badges it gives."""
    found = keys.shown_issuer(slug)
    if found is None:
        return not_here(request)
    given = Q(issuer__slug=slug) if slug else Q(issuer__slug="") | Q(issuer=None)
    achievements = (
        Achievement.objects.filter(given, live=True).prefetch_related("texts").order_by("-pk")
    )[:MOST_SHOWN]
    context = {
        "issuer": issuer_values(found),
        "profile_url": reverse("col_badges:issuer_profile", args=[slug])
        if slug
        else reverse("col_badges:site_profile"),
        "achievements": [achievement_values(a) for a in achievements if a.text],
    }
    return render_page(request, "wagtail_col/badges/issuer.html", context)
