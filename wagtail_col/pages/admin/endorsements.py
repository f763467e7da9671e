"""Endorsements of a badge or an issuer: who was asked, what they said, and asking somebody."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_col.badges import endorsing
from wagtail_col.badges.endorsement_forms import AskForm
from wagtail_col.badges.endorsement_wording import standing
from wagtail_col.badges.endorsing import NotAsked, State
from wagtail_col.badges.models import Achievement, Issuer

#: Requests on the page, the newest.
MOST_SHOWN = 200


class _EndorsementsView(WagtailAdminTemplateMixin, TemplateView):
    """For who looks after what is endorsed; 403 for anybody else."""

    template_name = "wagtail_col/pages/endorsements.html"
    page_title = gettext_lazy("Endorsements")
    header_icon = "col-badge"

    @cached_property
    def thing(self) -> Achievement | Issuer:
        raise NotImplementedError

    def trail(self) -> dict[str, str]:
        """The list that leads here."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not endorsing.may_ask(request.user, self.thing):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(AskForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for act in ("hide", "show"):
            if act in request.POST:
                return self.switch(act, request.POST[act])
        form = AskForm(request.POST)
        if form.is_valid():
            try:
                asked = endorsing.ask(
                    self.thing,
                    by=request.user,
                    language=get_language() or "",
                    **form.cleaned_data,
                )
            except NotAsked as error:
                form.refuse(error)
            else:
                messages.success(request, _("The request was sent to %s.") % asked.email)
                return redirect(request.path)
        messages.error(request, _("Nothing was sent. See below what to change."))
        return self.answer(form)

    def switch(self, act: str, key: str) -> HttpResponse:
        """Off the public page, or on it again."""
        for endorsement in endorsing.of(self.thing)[:MOST_SHOWN]:
            if str(endorsement.key) != key:
                continue
            if act == "hide":
                endorsing.hide(endorsement)
                words = _("It is hidden now. If there was no answer yet, the link is closed.")
            else:
                endorsing.show_again(endorsement)
                words = _("It stands on the page again.")
            messages.success(self.request, words)
        return redirect(self.request.path)

    def answer(self, form: AskForm) -> HttpResponse:
        rows = []
        for endorsement in endorsing.of(self.thing)[:MOST_SHOWN]:
            state = endorsing.state_of(endorsement)
            rows.append(
                {
                    "endorsement": endorsement,
                    "standing": standing(state),
                    "may_hide": state in (State.WAITING, State.GIVEN),
                    "may_show": state == State.HIDDEN,
                }
            )
        is_open = isinstance(self.thing, Issuer) or self.thing.live
        context = self.get_context_data(
            thing=self.thing,
            rows=rows,
            form=form if is_open else None,
            days=endorsing.OPEN_FOR.days,
        )
        return self.render_to_response(context)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            self.trail(),
            {"url": "", "label": f"{self.get_page_title()}: {self.thing}"},
        ]


class BadgeEndorsementsView(_EndorsementsView):
    @cached_property
    def thing(self) -> Achievement:
        badges = Achievement.objects.select_related("issuer").prefetch_related("texts")
        return get_object_or_404(badges, key=self.kwargs["key"])

    def trail(self) -> dict[str, str]:
        list_url = Achievement.snippet_viewset.get_url_name("list")
        return {"url": reverse(list_url), "label": _("Badges")}


class IssuerEndorsementsView(_EndorsementsView):
    @cached_property
    def thing(self) -> Issuer:
        issuer = get_object_or_404(Issuer, pk=self.kwargs["pk"])
        if issuer.is_endorser:
            raise Http404
        return issuer

    def trail(self) -> dict[str, str]:
        return {"url": reverse("col_issuers:index"), "label": _("Issuers")}
