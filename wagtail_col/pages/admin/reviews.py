"""Organisers look at what learners send in for the badges that they may give."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from wagtail_col.badges.permissions import may_award
from wagtail_col.learning import evidence_files, reviewing
from wagtail_col.learning.evidence_forms import ReviewForm
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import EvidenceFile, ReviewState, Submission
from wagtail_col.pages.admin.awarders import AwardersMenuItem, AwarderView

NAME = "col_reviews"
PAGE = 50


def url(name: str, *args: Any) -> str:
    return reverse(f"{NAME}:{name}", args=args)


class QueueView(AwarderView):
    """What waits, the oldest first. A constant number of queries."""

    template_name = "wagtail_col/pages/reviews.html"
    page_title = gettext_lazy("Reviews")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = reviewing.for_organiser(self.request.user)
        page = Paginator(waiting, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(waiting=page, **kwargs)


class ReviewView(AwarderView):
    """One of them: what was sent in, what the badge asks for, and the two answers."""

    template_name = "wagtail_col/pages/review.html"

    @cached_property
    def submission(self) -> Submission:
        return get_object_or_404(
            Submission.objects.select_related("achievement", "learner", "follows"),
            key=self.kwargs["key"],
        )

    def is_allowed(self) -> bool:
        submission = self.submission
        return may_award(self.request.user, submission.achievement)

    def get_page_title(self) -> str:
        return str(self.submission.achievement)

    def trail(self) -> list[dict]:
        return [{"url": url("queue"), "label": _("Reviews")}]

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
                    return redirect(url("queue"))
                if refusal.code == "not-yours":
                    raise PermissionDenied from refusal
                form.add_error("reason", refusal.message)
            else:
                done = _("Accepted. The badge is given.")
                messages.success(
                    request, done if form.accepts else _("Sent back, with your reason.")
                )
                return redirect(url("queue"))
        messages.error(request, _("Nothing was changed. See below."))
        return self.answer(form)

    def answer(self, form: ReviewForm) -> HttpResponse:
        submission = self.submission
        is_own = submission.learner_id == self.request.user.pk
        files = EvidenceFile.objects.filter(submission=submission).defer("content").order_by("pk")
        return self.render_to_response(
            self.get_context_data(
                submission=submission,
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
    menu_label = gettext_lazy("Reviews")
    menu_item_class = AwardersMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", QueueView.as_view(), name="queue"),
            path("<uuid:key>/", ReviewView.as_view(), name="review"),
        ]
