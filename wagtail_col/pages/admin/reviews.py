"""Organisers look at what learners send in for the badges that they may give. What waits is listed
in ``queue``."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import RedirectView
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from wagtail_col.badges.permissions import may_award
from wagtail_col.learning import evidence_files, reviewing
from wagtail_col.learning.evidence_forms import ReviewForm
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import EvidenceFile, ReviewState, Submission
from wagtail_col.pages.admin.awarders import AwarderView
from wagtail_col.people.naming import names_of, own_name

NAME = "col_reviews"


def url(name: str, *args: Any) -> str:
    return reverse(f"{NAME}:{name}", args=args)


def other_owner(thing, user) -> str:
    """Who else has said that they look at this; empty: nobody."""
    if thing.taken_by is None or thing.taken_by_id == user.pk:
        return ""
    return own_name(thing.taken_by)


class ReviewView(AwarderView):
    """One of them: what was sent in, what the badge asks for, and the two answers."""

    template_name = "wagtail_col/pages/review.html"

    @cached_property
    def submission(self) -> Submission:
        return get_object_or_404(
            Submission.objects.select_related("achievement", "learner", "follows", "taken_by"),
            key=self.kwargs["key"],
        )

    def is_allowed(self) -> bool:
        submission = self.submission
        return may_award(self.request.user, submission.achievement)

    def get_page_title(self) -> str:
        return str(self.submission.achievement)

    def trail(self) -> list[dict]:
        return [{"url": reverse("col_queue:queue"), "label": _("Waiting for an answer")}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(ReviewForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReviewForm(request.POST)
        if form.is_valid():
            try:
                reviewing.decide(
                    self.submission,
                    request.user,
                    accepts=form.accepts,
                    reason=form.cleaned_data["reason"],
                )
            except Refused as refusal:
                if refusal.code in ("decided", "own"):
                    messages.warning(request, refusal.message)
                    return redirect("col_queue:queue")
                if refusal.code == "not-yours":
                    raise PermissionDenied from refusal
                form.add_error("reason", refusal.message)
            else:
                done = _("Accepted. The badge is given.")
                messages.success(
                    request, done if form.accepts else _("Sent back, with your reason.")
                )
                return redirect("col_queue:queue")
        messages.error(request, _("Nothing was changed. See below."))
        return self.answer(form)

    def answer(self, form: ReviewForm) -> HttpResponse:
        submission = self.submission
        is_own = submission.learner_id == self.request.user.pk
        files = EvidenceFile.objects.filter(submission=submission).defer("content").order_by("pk")
        return self.render_to_response(
            self.get_context_data(
                submission=submission,
                called=names_of([submission.learner])[submission.learner_id] or _("a learner"),
                taken_by=other_owner(submission, self.request.user),
                files=files,
                has_documents=any(file.media_type != evidence_files.PHOTO for file in files),
                badge=submission.achievement,
                text=submission.achievement.text,
                form=form,
                is_own=is_own,
                is_open=submission.state == ReviewState.WAITING and not is_own,
            )
        )


class ReviewsViewSet(ViewSet):
    """Look at what learners send in to show that they earned a badge."""

    name = NAME
    url_prefix = "learning/reviews"
    icon = "check"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path(
                "",
                RedirectView.as_view(pattern_name="col_queue:queue"),
                name="queue",
            ),
            path("<uuid:key>/", ReviewView.as_view(), name="review"),
        ]
