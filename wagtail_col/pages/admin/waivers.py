"""Organisers answer learners who cannot do a step any more and ask for it to be let go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_col.learning import waivers
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Waiver, WaiverState
from wagtail_col.learning.steps import title_of

NAME = "col_waivers"
PAGE = 50


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


class EditorsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_edit_any(request.user)


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


class QueueView(_EditorView):
    """What waits, the oldest first. A constant number of queries."""

    template_name = "wagtail_col/pages/waivers.html"
    page_title = gettext_lazy("Steps to let go")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = for_organiser(self.request.user)
        page = Paginator(found, PAGE).get_page(self.request.GET.get("p"))
        rows = [(waiver, title_of(waiver.step)) for waiver in page]
        return super().get_context_data(waiting=page, rows=rows, **kwargs)


class WaiverView(_EditorView):
    """One of them: who asks, why, and the two answers."""

    template_name = "wagtail_col/pages/waiver.html"

    @cached_property
    def waiver(self) -> Waiver:
        return get_object_or_404(
            Waiver.objects.select_related("learner", "step__playlist", "step__listing", "instead"),
            key=self.kwargs["key"],
        )

    def is_allowed(self) -> bool:
        return may_decide(self.request.user, self.waiver)

    def get_page_title(self) -> str:
        return title_of(self.waiver.step)

    def trail(self) -> list[dict]:
        return [{"url": url("queue"), "label": _("Steps to let go")}]

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
                    return redirect(url("queue"))
                form.add_error("reason", refusal.message)
            else:
                done = _("Let go. The learner is told.")
                not_done = _("Not let go. The learner is told.")
                messages.success(request, done if grants else not_done)
                return redirect(url("queue"))
        messages.error(request, _("Nothing was changed. See below."))
        return self.answer(form)

    def answer(self, form: AnswerForm) -> HttpResponse:
        waiver = self.waiver
        is_own = waiver.learner_id == self.request.user.pk
        return self.render_to_response(
            self.get_context_data(
                waiver=waiver,
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
    menu_label = gettext_lazy("Steps to let go")
    menu_item_class = EditorsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", QueueView.as_view(), name="queue"),
            path("<uuid:key>/", WaiverView.as_view(), name="waiver"),
        ]
