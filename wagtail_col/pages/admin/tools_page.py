"""One course provider: its state and what to do next, what it may do, numbers, courses, log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import log as note

from wagtail_col.lti import diagnosing, log, registering, toolkeys
from wagtail_col.lti.models import Tool, ToolState
from wagtail_col.pages.admin.tools_changing import WAITING, move
from wagtail_col.pages.admin.tools_forms import MayForm
from wagtail_col.pages.admin.tools_log import in_words
from wagtail_col.pages.admin.tools_numbers import DAYS, with_figures
from wagtail_col.pages.admin.tools_views import ToolView
from wagtail_col.pages.admin.tools_words import missing, standing, values_for

#: Of its courses and of its log the newest; the rest is one click away.
MOST_COURSES = 50
MOST_ENTRIES = 5
#: Where the session keeps what a test has found, until it is shown.
TESTED = "col_lti_tested"


class ToolPage(ToolView):
    """Looked at by who may look; what it may do is said here too."""

    template_name = "wagtail_col/pages/tools_tool.html"

    @cached_property
    def tool(self) -> Tool:
        return get_object_or_404(with_figures(Tool.objects.all()), key=self.kwargs["key"])

    def get_page_title(self) -> str:
        return self.tool.name

    def trail(self) -> list[dict]:
        return super().trail()[:1]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(MayForm(instance=self.tool), self.tested())

    def tested(self) -> list[diagnosing.Check]:
        """What a test has just found: shown once."""
        found = self.request.session.get(TESTED, {})
        if found.get("tool") != str(self.tool.key):
            return []
        del self.request.session[TESTED]
        return [diagnosing.Check(**check) for check in found["checks"]]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_change:
            raise PermissionDenied
        form = MayForm(request.POST, instance=self.tool)
        if not form.is_valid():
            messages.error(request, _("Nothing was saved. See below what to change."))
            return self.answer(form)
        approve = "approve" in request.POST
        if approve and missing(self.tool):
            messages.error(request, _("It cannot be approved yet: something is missing."))
            return redirect(self.tool_url)
        with transaction.atomic():
            self.tool.save(update_fields=form._meta.fields)
            note(instance=self.tool, action="wagtail.edit")
            approved = approve and move(self.tool, ToolState.ACTIVE, WAITING)
        words = _("%(name)s is approved. Its courses can be used now.") if approved else _("Saved.")
        messages.success(request, words % {"name": self.tool.name})
        return redirect(self.tool_url)

    def answer(self, form: MayForm, checks: Sequence[diagnosing.Check] = ()) -> HttpResponse:
        tool = self.tool
        waiting = tool.state in WAITING
        return self.render_to_response(
            self.get_context_data(
                form=form if self.may_change else None,
                media=form.media,
                standing=standing(tool),
                waiting=waiting,
                missing=missing(tool),
                asks=registering.asks(tool) if waiting else [],
                values=values_for(tool),
                checks=checks,
                days=DAYS,
                keys_error=toolkeys.error(tool) if tool.keys_error else "",
                courses=tool.courses.all()[:MOST_COURSES],
                more_courses=max(0, tool.picked - MOST_COURSES),
                entries=[in_words(entry) for entry in log.entries(tool)[:MOST_ENTRIES]],
                may_delete=self.user_has_permission("delete"),
            )
        )


class TestView(ToolView):
    """A test of the connection; the provider's page shows what it has found."""

    any_permission_required = None
    permission_required = "change"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.tool_url)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        checks = [check._asdict() for check in diagnosing.diagnose(self.tool)]
        request.session[TESTED] = {"tool": str(self.tool.key), "checks": checks}
        return redirect(f"{self.tool_url}#test-section")
