"""Checking a badge in front of a stranger. Nothing is written, and nothing asked elsewhere."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_col.badges.addresses import badge_key
from wagtail_col.badges.forms import MAX_REQUEST_BYTES, VerifyForm, too_large
from wagtail_col.badges.openbadges.verification import Report
from wagtail_col.badges.presenting import award_values, verification_values
from wagtail_col.badges.verifying import Verdict, verdict, verify_file, verify_text
from wagtail_col.badges.views.finding import not_here, other_languages, visible_award
from wagtail_col.conf import languages
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page


@require_safe
@in_chosen_language
def this_badge(request: HttpRequest, key: UUID) -> HttpResponse:
    """The checks of one badge of this site."""
    award = visible_award(request, key)
    if award is None:
        return not_here(request, key)
    path = reverse("col_badges:verify_badge", args=[key])
    context = {
        **award_values(award),
        **verification_values(verify_text(award.credential)),
        "languages": other_languages(path, list(languages())),
    }
    response = render_page(request, "wagtail_col/badges/verify_badge.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


# It changes nothing, so there is nothing to forge; and a page without the token sets no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
def any_badge(request: HttpRequest) -> HttpResponse:
    """The checks of a badge that is pasted or uploaded."""
    form, status = VerifyForm(), 200
    context = {"languages": other_languages(reverse("col_badges:verify"), list(languages()))}
    if request.method == "POST":
        form, status = _given(request)
        if form.is_valid():
            checked = _checked(request, form)
            if checked is None:
                return not_here(request, form.cleaned_data["key"])
            context |= checked
        elif status == 200:
            status = 400
    return render_page(
        request, "wagtail_col/badges/verify.html", {**context, "form": form}, status=status
    )


def _given(request: HttpRequest) -> tuple[VerifyForm, int]:
    """The form with what was sent; a request that is too large or broken is not read."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST_BYTES:
            raise RequestDataTooBig
        return VerifyForm(request.POST, request.FILES), 200
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        error, status = too_large(), 413
    except (MultiPartParserError, ValueError):
        error, status = ValidationError(_("The file did not arrive whole. Send it again.")), 400
    form = VerifyForm({})
    form.errors.clear()
    form.add_error("file", error)
    return form, status


def _checked(request: HttpRequest, form: VerifyForm) -> dict | None:
    """What the page shows of the checks; None for the address of a badge that is not here, or
    not shared."""
    data = form.cleaned_data
    if "source" not in data:
        award = visible_award(request, data["key"])
        if award is None:
            return None
        return {**award_values(award), **verification_values(verify_text(award.credential))}
    report = (
        verify_file(data["source"])
        if isinstance(data["source"], bytes)
        else verify_text(data["source"])
    )
    return {**_award_of(request, report), **verification_values(report)}


def _award_of(request: HttpRequest, report: Report) -> dict:
    """The badge's own page here, while it is shared. Only for a document that holds: others may
    name any badge."""
    if verdict(report) in (Verdict.FALSE, Verdict.ELSEWHERE, Verdict.UNREADABLE):
        return {}
    found = badge_key(report.document["id"])
    award = visible_award(request, found[1]) if found else None
    return award_values(award) if award else {}
