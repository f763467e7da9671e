"""What anybody sees behind a learner's link, without an account, until it is stopped."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from wagtail_col.badges import about_achievement, endorsing, sharing
from wagtail_col.badges.models import Share
from wagtail_col.badges.presenting import award_values, imported_values, share_values
from wagtail_col.badges.shelving import shelf, shown_awards, shown_imported
from wagtail_col.badges.views.finding import (
    find_award,
    kept_by_nobody,
    not_here,
    other_languages,
)
from wagtail_col.conf import languages
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page


@require_safe
@in_chosen_language
def shared(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page of a link: one badge, or a collection."""
    found = sharing.find(key)
    if not isinstance(found, Share):
        return not_here(request, key)
    if found.is_collection:
        return _collection(request, found)
    for badges in (found.awards, found.imported):
        first = badges.values_list("key", flat=True).first()
        if first is not None:
            return _one(request, found, first, reverse("col_badges:shared", args=[key]))
    # The badge was deleted since.
    return not_here(request)


@require_safe
@in_chosen_language
def shared_badge(request: HttpRequest, key: UUID, badge: UUID) -> HttpResponse:
    """One badge of a link."""
    found = sharing.find(key)
    if not isinstance(found, Share):
        return not_here(request, key)
    return _one(request, found, badge, reverse("col_badges:shared_badge", args=[key, badge]))


def _collection(request: HttpRequest, share: Share) -> HttpResponse:
    context = {
        "share": share_values(share),
        "badges": shelf(
            shown_awards(share.awards.all()), shown_imported(share.imported.all()), within=share
        ),
        "languages": other_languages(
            reverse("col_badges:shared", args=[share.key]), list(languages())
        ),
    }
    return kept_by_nobody(render_page(request, "wagtail_col/badges/shared.html", context))


def _one(request: HttpRequest, share: Share, badge: UUID, path: str) -> HttpResponse:
    context = {"share": share_values(share), "shown_name": share.shown_name}
    if share.awards.filter(key=badge).exists():
        award = find_award(badge)
        codes = [text.language for text in award.achievement.texts.all()]
        context |= {
            **award_values(award),
            **about_achievement.of_draft(award.achievement),
            "languages": other_languages(path, codes),
        }
        context["address"] = context["share"]["address"]
        context["endorsements"] = endorsing.shown_for(award)
        template = "wagtail_col/badges/badge.html"
    else:
        brought = share.imported.filter(key=badge).first()
        if brought is None:
            return not_here(request)
        context |= {
            **imported_values(brought),
            "languages": other_languages(path, list(languages())),
        }
        template = "wagtail_col/badges/shared_imported.html"
    return kept_by_nobody(render_page(request, template, context))
