"""A learner sends in what they did for a badge, and sees what came of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wagtail_col.badges.models import Achievement
from wagtail_col.conf import settings
from wagtail_col.learning import evidence_files, reviewing, submissions
from wagtail_col.learning.evidence_forms import MOST_REQUEST_BYTES, EvidenceForm
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import EvidenceFile, ReviewState, Submission
from wagtail_col.learning.views.lines import say_earned
from wagtail_col.own import learners_own, never_kept
from wagtail_col.shell import render_page

#: Of one's own submissions, the newest are shown.
MOST_SHOWN = 50


@learners_own
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """What one has sent in, the newest first, and what came of it. A constant number of queries."""
    own = (
        Submission.objects.filter(learner=request.user)
        .select_related("achievement", "followed_by")
        .prefetch_related(
            "achievement__texts",
            Prefetch("files", EvidenceFile.objects.defer("content").order_by("pk")),
        )[:MOST_SHOWN]
    )
    context = {"submissions": own, "is_peer": reviewing.is_peer(request.user)}
    return render_page(request, "wagtail_col/learning/evidence.html", context)


# Django's protection against forged requests reads the whole request. What is too large is
# refused before that; everything else is protected as usual.
@csrf_exempt
@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def send_evidence(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form to send something in for a badge; only a POST does."""
    achievement = Achievement.objects.filter(key=key, live=True).prefetch_related("texts").first()
    if achievement is None or achievement.text is None:
        raise Http404
    if request.method == "POST" and _length(request) > MOST_REQUEST_BYTES:
        form = EvidenceForm(achievement, {})
        form.add_error(None, evidence_files.too_large().message)
        # It is not read, so the connection cannot be used again.
        response = _show(request, achievement, form, 413)
        response.headers["Connection"] = "close"
        return response
    return _send(request, achievement)


@csrf_protect
def _send(request: HttpRequest, achievement: Achievement) -> HttpResponse:
    if request.method != "POST":
        return _show(request, achievement, EvidenceForm(achievement))
    try:
        form = EvidenceForm(achievement, request.POST, request.FILES)
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError):
        form = EvidenceForm(achievement, {})
        form.add_error(None, _("What you sent did not arrive whole. Send it again."))
        return _show(request, achievement, form, 400)
    if not form.is_valid():
        return _show(request, achievement, form, 422)
    try:
        submission = submissions.send_in(request.user, achievement, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, achievement, form, 422)
    if submission.state == ReviewState.ACCEPTED:
        award = submission.learner.col_awards.get(achievement=achievement)
        say_earned(request, award)
        return redirect(award.get_absolute_url())
    messages.success(request, _("It is on its way. You get an e-mail when somebody has looked."))
    return redirect(_own_page(request))


@learners_own
@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Delete what waits and was not looked at yet."""
    submission = get_object_or_404(Submission, key=key, learner=request.user)
    try:
        submissions.take_back(submission, request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is deleted. You can send something else."))
    return redirect(_own_page(request))


@never_kept
@login_required
@require_safe
def evidence_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """One file, for whose it is and who looks at it; everybody else: 404.

    A photo, encoded anew, is shown; a document is saved, never opened by the browser.
    """
    found = reviewing.find_file(key, request.user)
    if found is None:
        raise Http404
    file, name = found
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    if file.media_type == evidence_files.TEXT:
        response.headers["Content-Type"] = f"{evidence_files.TEXT}; charset=utf-8"
    is_shown = file.media_type == evidence_files.PHOTO
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Disposition"] = content_disposition_header(not is_shown, name)
    return response


def _show(
    request: HttpRequest, achievement: Achievement, form: EvidenceForm, status: int = 200
) -> HttpResponse:
    refusal, before = None, None
    try:
        before = submissions.check_open(request.user, achievement)
    except Refused as refused:
        refusal = refused
    if before is not None:
        form.follow(before)
    context = {
        "form": form,
        "days": settings.EVIDENCE_DAYS,
        "badge": achievement,
        "badge_text": achievement.text,
        "refusal": refusal,
        "before": before,
    }
    return render_page(request, "wagtail_col/learning/evidence_send.html", context, status)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _own_page(request: HttpRequest) -> str:
    page = reverse("col_learning:evidence")
    return f"{page}?lang={request.LANGUAGE_CODE}" if "lang" in request.GET else page
