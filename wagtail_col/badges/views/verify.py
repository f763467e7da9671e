"""Checking a badge in front of a stranger. Nothing is written and nothing is kept."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_col.badges import pacing, sharing
from wagtail_col.badges.addresses import badge_key, is_did_of_this_site
from wagtail_col.badges.forms import VerifyForm
from wagtail_col.badges.models import Award, Share
from wagtail_col.badges.openbadges.checks import Report
from wagtail_col.badges.openbadges.reading import is_address
from wagtail_col.badges.presenting import award_values
from wagtail_col.badges.reporting import verification_values
from wagtail_col.badges.verifying import verify_anything, verify_text
from wagtail_col.badges.views.finding import (
    find_award,
    kept_by_nobody,
    not_here,
    other_languages,
    visible_award,
)
from wagtail_col.badges.views.receiving import received
from wagtail_col.conf import base_url, languages, settings
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page


@require_safe
@in_chosen_language
def this_badge(request: HttpRequest, key: UUID) -> HttpResponse:
    """The checks of one badge of this site, for whoever may see it."""
    award = visible_award(request, key)
    if award is None:
        return not_here(request, key)
    path = reverse("col_badges:verify_badge", args=[key])
    context = {
        **award_values(award),
        **verification_values(verify_text(award.credential)),
        "languages": other_languages(path, list(languages())),
    }
    return kept_by_nobody(render_page(request, "wagtail_col/badges/verify_badge.html", context))


# It changes nothing, so there is nothing to forge; and a page without the token sets no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
def any_badge(request: HttpRequest) -> HttpResponse:
    """The checks of a badge that is pasted or uploaded, or of which the address is given; one of
    this site or of any other."""
    form, status = VerifyForm(), 200
    context = {"languages": other_languages(reverse("col_badges:verify"), list(languages()))}
    if request.method == "POST":
        form, status = received(request, VerifyForm)
        if form.is_valid():
            if pacing.is_too_often(
                "verify", pacing.network(request), settings.CHECKS_PER_MINUTE_AND_ADDRESS
            ):
                form.add_error(None, _("That were many badges in a short time. Wait a minute."))
                status = 429
            else:
                checked = _checked(request, form.cleaned_data["source"], form.cleaned_data["email"])
                if checked is None:
                    return not_here(request)
                context |= checked
                status = 200
    return render_page(
        request, "wagtail_col/badges/verify.html", {**context, "form": form}, status=status
    )


def _checked(request: HttpRequest, source: str | bytes, email: str) -> dict | None:
    """What the page shows of the checks; None for an address of this site with no badge that
    this visitor may see."""
    if isinstance(source, str) and is_address(source) and _is_own_address(source):
        award = _at(request, source)
        if award is None:
            return None
        report = verify_text(award.credential, email=email)
        return {**award_values(award), **verification_values(report)}
    report = verify_anything(source, email=email)
    values = verification_values(report)
    return {**_award_of(request, report), **values} if values["is_real"] else values


def _is_own_address(address: str) -> bool:
    return urlsplit(address).netloc.lower() == urlsplit(base_url()).netloc.lower()


def _at(request: HttpRequest, address: str) -> Award | None:
    """The badge at an address of this site: its own pages and files, or a learner's link."""
    found = badge_key(address)
    if found is not None:
        return visible_award(request, found[1])
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    if match.view_name not in ("col_badges:shared", "col_badges:shared_badge"):
        return None
    share = sharing.find(match.kwargs["key"])
    if not isinstance(share, Share):
        return None
    key = match.kwargs.get("badge") or share.awards.values_list("key", flat=True).first()
    shown = key and share.awards.filter(key=key).exists()
    return find_award(key) if shown else None


def _award_of(request: HttpRequest, report: Report) -> dict:
    """The badge's own page here, for whoever may see it."""
    # Anybody can sign a badge under the address of one of ours.
    is_ours = report.summary and is_did_of_this_site(report.issuer or "")
    found = badge_key(report.summary.identifier) if is_ours else None
    award = visible_award(request, found[1]) if found else None
    return award_values(award) if award else {}
