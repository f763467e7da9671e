"""Organisers answer learners who cannot do a step any more and ask for it to be let go. What waits
is listed in ``queue``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import RedirectView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_col.learning import waivers
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Waiver, WaiverState
from wagtail_col.learning.steps import title_of
from wagtail_col.pages.admin.reviews import other_owner
from wagtail_col.people.naming import names_of

NAME = "col_waivers"


def url(name: str, *args: Any) -> str:
    return reverse(f"{NAME}:{name}", args=args)


def may_edit_any(user) -> bool:
    """Whether somebody may edit some page: only they can have anything to decide."""
    return PagePermissionPolicy().user_has_any_permission(user, {"add", "change"})


def may_decide(user, waiver: Waiver) -> bool:
    """Whether somebody may edit the page of the step's opportunity, or of the playlist."""
    step = waiver.step
    keys = [step.playlist.key, *([step.listing.key] if step.listing else [])]
    return _pages(user).filter(translation_key__in=keys).exists()


def editable(user, keys: Collection[UUID]) -> set[UUID]:
    """Those of these keys of whose pages somebody may edit one. One query beside Wagtail's."""
    found = _pages(user).filter(translation_key__in=keys)
    return set(found.values_list("translation_key", flat=True))


def _pages(user) -> QuerySet[Page]:
    """The pages the user may edit."""
    return PagePermissionPolicy().instances_user_has_permission_for(user, "change")


def for_organiser(user) -> QuerySet[Waiver]:
    """What waits for this organiser, the oldest first. Not their own."""
    keys = _pages(user).values("translation_key")
    return (
        waivers.waiting()
        .exclude(learner=user)
        .filter(Q(step__playlist__key__in=keys) | Q(step__listing__key__in=keys))
    )


class AnswerForm(forms.Form):
    """Let it go or not, with words."""

    decision = forms.ChoiceField(choices=[("grant", ""), ("refuse", "")])
    reason = forms.CharField(required=False, max_length=waivers.MOST_LETTERS)


class _EditorView(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "check"
    request: HttpRequest

    def is_allowed(self) -> bool:
        return may_edit_any(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_allowed():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, *self.trail(), {"url": "", "label": self.get_page_title()}]

    def trail(self) -> list[dict]:
        return []


class WaiverView(_EditorView):
    """One of them: who asks, why, and the two answers."""

    template_name = "wagtail_col/pages/waiver.html"

    @cached_property
    def waiver(self) -> Waiver:
        return get_object_or_404(
            Waiver.objects.select_related(
                "learner", "step__playlist", "step__listing", "instead", "taken_by"
            ),
            key=self.kwargs["key"],
        )

    def is_allowed(self) -> bool:
        return may_decide(self.request.user, self.waiver)

    def get_page_title(self) -> str:
        return title_of(self.waiver.step)

    def trail(self) -> list[dict]:
        return [{"url": reverse("col_queue:queue"), "label": _("Waiting for an answer")}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(AnswerForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AnswerForm(request.POST)
        if form.is_valid():
            grants = form.cleaned_data["decision"] == "grant"
            try:
                waivers.decide(
                    self.waiver, request.user, grants=grants, reason=form.cleaned_data["reason"]
                )
            except Refused as refusal:
                if refusal.code in ("decided", "own"):
                    messages.warning(request, refusal.message)
                    return redirect("col_queue:queue")
                form.add_error("reason", refusal.message)
            else:
                done = _("Let go. The learner is told.")
                not_done = _("Not let go. The learner is told.")
                messages.success(request, done if grants else not_done)
                return redirect("col_queue:queue")
        messages.error(request, _("Nothing was changed. See below."))
        return self.answer(form)

    def answer(self, form: AnswerForm) -> HttpResponse:
        waiver = self.waiver
        is_own = waiver.learner_id == self.request.user.pk
        return self.render_to_response(
            self.get_context_data(
                waiver=waiver,
                called=names_of([waiver.learner])[waiver.learner_id] or _("a learner"),
                taken_by=other_owner(waiver, self.request.user),
                form=form,
                is_own=is_own,
                is_open=waiver.state == WaiverState.WAITING and not is_own,
            )
        )


class WaiversViewSet(ViewSet):
    """Answer learners who cannot do a step any more."""

    name = NAME
    url_prefix = "learning/waivers"
    icon = "check"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path(
                "",
                RedirectView.as_view(pattern_name="col_queue:queue"),
                name="queue",
            ),
            path("<uuid:key>/", WaiverView.as_view(), name="waiver"),
        ]
