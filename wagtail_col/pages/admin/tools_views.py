"""What the pages about course providers share: who may see them, and where they lead back to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_col.lti.models import Tool

#: Name of the viewset, and namespace of its addresses.
NAME = "col_course_providers"
ICON = "desktop"
#: Any of these lets somebody look.
LOOK = ("add", "change", "delete", "view")

policy = ModelPermissionPolicy(Tool)


def may_look(user) -> bool:
    return policy.user_has_any_permission(user, LOOK)


def url(name: str, *args: Any) -> str:
    """The address of one of the pages about course providers."""
    return reverse(f"{NAME}:{name}", args=args)


class Coordinators(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """For who may look at course providers; teams of organisations may not."""

    permission_policy = policy
    any_permission_required = LOOK
    header_icon = ICON
    request: HttpRequest

    @property
    def may_change(self) -> bool:
        return self.user_has_permission("change")

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, *self.trail(), {"url": "", "label": self.get_page_title()}]

    def trail(self) -> list[dict]:
        """What is between the start page and this one."""
        return [{"url": url("index"), "label": _("Course providers")}]


class ToolView(Coordinators, TemplateView):
    """A page about one course provider."""

    @cached_property
    def tool(self) -> Tool:
        return get_object_or_404(Tool, key=self.kwargs["key"])

    @property
    def tool_url(self) -> str:
        return url("tool", self.tool.key)

    def trail(self) -> list[dict]:
        return [*super().trail(), {"url": self.tool_url, "label": self.tool.name}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            tool=self.tool, tool_url=self.tool_url, may_change=self.may_change, **kwargs
        )
