"""Who an issuer is: its badges, who stands by it, and the keys it signs with."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from wagtail_col.badges import endorsing, keys
from wagtail_col.badges.addresses import achievement_url, did_of, issuer_url
from wagtail_col.badges.endorsement_signing import name_of, subject_of
from wagtail_col.badges.models import Achievement, Endorsement, Issuer, KeyKind
from wagtail_col.badges.presenting import achievement_values, issuer_values
from wagtail_col.badges.views.finding import not_here, other_languages
from wagtail_col.conf import languages
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page

#: Badges shown on an issuer's page, the newest.
MOST_SHOWN = 60


@require_safe
@in_chosen_language
def issuer(request: HttpRequest, slug: str = "") -> HttpResponse:
    """An issuer of this site, or an organisation that stands by badges."""
    found = keys.shown_issuer(slug)
    if found is None:
        return not_here(request)
    context = {
        "issuer": issuer_values(found),
        "is_endorser": found.is_endorser,
        "profile_url": reverse("col_badges:issuer_profile", args=[slug])
        if slug
        else reverse("col_badges:site_profile"),
        "achievements": [] if found.is_endorser else _achievements(found),
        "given": _given(found) if found.is_endorser else [],
        "endorsements": endorsing.shown_for(found),
        "did": did_of(found),
        "keys": _keys(found),
        "keys_url": reverse("col_badges:issuer_did", args=[slug])
        if slug
        else reverse("col_badges:site_did"),
        "languages": other_languages(request.path, list(languages())),
    }
    return render_page(request, "wagtail_col/badges/issuer.html", context)


def _achievements(found: Issuer) -> list[dict[str, Any]]:
    # A badge without an issuer is the site's own.
    given = Q(issuer__slug=found.slug) if found.slug else Q(issuer__slug="") | Q(issuer=None)
    achievements = (
        Achievement.objects.filter(given, live=True).prefetch_related("texts").order_by("-pk")
    )[:MOST_SHOWN]
    return [achievement_values(a) for a in achievements if a.text]


def _given(found: Issuer) -> list[dict[str, Any]]:
    """What an endorser stands by, in public: never a learner's badge."""
    rows = (
        Endorsement.objects.filter(
            endorser=found, award=None, hidden_at=None, withdrawn_at=None, given_at__isnull=False
        )
        .select_related("issuer", "achievement")
        .prefetch_related("achievement__texts")
        .order_by("-given_at", "-pk")
    )[:MOST_SHOWN]
    things = [subject_of(row) for row in rows]
    return [
        {
            "name": name_of(thing),
            "url": issuer_url(thing) if isinstance(thing, Issuer) else achievement_url(thing),
        }
        for thing in things
    ]


def _keys(found: Issuer) -> list[dict[str, Any]]:
    """Its keys, the one that signs now first."""
    if found.pk is None:
        return []
    rows = found.keys.order_by("-created_at", "-pk")
    return [
        {
            "name": key.public_multibase,
            "signs": KeyKind(key.kind).label,
            "since": key.created_at,
            "until": key.retired_at,
        }
        for key in sorted(rows, key=lambda key: key.retired_at is not None)
    ]
