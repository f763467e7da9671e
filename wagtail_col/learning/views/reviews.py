"""Learners who have a badge look at what others send in for it, without learning who they are."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_col.learning import reviewing
from wagtail_col.learning.evidence_forms import ReviewForm
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Submission
from wagtail_col.own import learners_own
from wagtail_col.shell import render_page

#: On one page of the queue.
PAGE = 20


@learners_own
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for this learner, the oldest first. A constant number of queries."""
    waiting = Paginator(reviewing.for_peer(request.user), PAGE).get_page(request.GET.get("page"))
    return render_page(request, "wagtail_col/learning/reviews.html", {"waiting": waiting})


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    """One of them: what was sent in, what the badge asks for, and the two answers."""
    submission = reviewing.for_peer(request.user).filter(key=key).first()
    if submission is None:
        if request.method == "POST" and Submission.objects.filter(key=key).exists():
            messages.info(request, _("Somebody else has looked at this already."))
            return redirect("col_learning:reviews")
        raise Http404
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request, submission, form)
    if not form.is_valid():
        return _show(request, submission, form, 422)
    try:
        reviewing.decide(
            submission, request.user, accepts=form.accepts, reason=form.cleaned_data["reason"]
        )
    except Refused as refusal:
        if refusal.code == "decided":
            messages.info(request, refusal.message)
            return redirect("col_learning:reviews")
        form.add_error("reason", refusal.message)
        return _show(request, submission, form, 422)
    said = _("Accepted. The badge is given.") if form.accepts else _("Sent back, with your reason.")
    messages.success(request, said)
    return redirect("col_learning:reviews")


def _show(
    request: HttpRequest, submission: Submission, form: ReviewForm, status: int = 200
) -> HttpResponse:
    context = {
        "submission": submission,
        "badge": submission.achievement,
        "badge_text": submission.achievement.text,
        "form": form,
    }
    return render_page(request, "wagtail_col/learning/review.html", context, status)
