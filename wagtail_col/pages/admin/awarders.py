"""What pages for those who give badges share: who may see them, and the badge they are about."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_col.badges.models import Achievement
from wagtail_col.badges.permissions import is_editor, may_award, teams_of


def may_award_any(user) -> bool:
    """Whether somebody may give badges: those of the whole site, or of an issuer."""
    return is_editor(user) or teams_of(user).exists()


class AwardersMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_award_any(request.user)


class AwarderView(WagtailAdminTemplateMixin, TemplateView):
    """For those who may give badges. ``badge`` of the address names one that they may give: 404
    for one that is not there, refused for somebody else's."""

    header_icon = "col-badge"
    request: HttpRequest

    @cached_property
    def badge(self) -> Achievement:
        found = (
            Achievement.objects.select_related("issuer")
            .prefetch_related("texts")
            .filter(key=self.kwargs["badge"])
            .first()
        )
        if found is None:
            raise Http404
        return found

    def is_allowed(self) -> bool:
        if "badge" in self.kwargs:
            return may_award(self.request.user, self.badge)
        return may_award_any(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_allowed():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def trail(self) -> list[dict]:
        """What is between the start page and this one."""
        return []

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, *self.trail(), {"url": "", "label": self.get_page_title()}]
