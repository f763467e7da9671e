"""A course provider's addresses, and the steps that take it in or out of use."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_col.lti import registering, toolkeys
from wagtail_col.lti.models import Tool, ToolState
from wagtail_col.pages.admin.tools_forms import AddressesForm
from wagtail_col.pages.admin.tools_views import ToolView
from wagtail_col.pages.admin.tools_words import values_for

WAITING = (ToolState.PENDING, ToolState.REFUSED)


def move(tool: Tool, to: ToolState, since: tuple[ToolState, ...]) -> bool:
    """Put a provider into another state, if it is still in one of those. Said in the history.

    Approved with the permissions it has, whatever it asked for. Raises NotReady.
    """
    with transaction.atomic():
        current = Tool.objects.select_for_update().get(pk=tool.pk)
        if current.state not in since:
            return False
        before = current.state
        if to == ToolState.ACTIVE:
            registering.approve(
                current,
                names=current.may_names,
                emails=current.may_emails,
                grades=current.may_grades,
                rosters=current.may_rosters,
            )
        elif to == ToolState.SUSPENDED:
            registering.suspend(current)
        else:
            registering.refuse(current)
        log(instance=current, action=f"col.{ACTIONS[before, to]}")
    return True


#: What the history calls it.
ACTIONS = {
    (ToolState.PENDING, ToolState.ACTIVE): "approve",
    (ToolState.REFUSED, ToolState.ACTIVE): "approve",
    (ToolState.PENDING, ToolState.REFUSED): "refuse",
    (ToolState.ACTIVE, ToolState.SUSPENDED): "suspend",
    (ToolState.SUSPENDED, ToolState.ACTIVE): "resume",
}


class AddressesView(ToolView):
    """Both sides' values on one page: those to copy, those to write in."""

    template_name = "wagtail_col/pages/tools_addresses.html"
    any_permission_required = None
    permission_required = "change"
    page_title = gettext_lazy("Addresses")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(AddressesForm(instance=self.tool))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key_set = self.tool.jwks_url
        form = AddressesForm(request.POST, instance=self.tool)
        if not form.is_valid():
            messages.error(request, _("Nothing was saved. See below what to change."))
            # The heading keeps the name that is saved.
            self.tool.name = form.initial["name"]
            return self.answer(form)
        with transaction.atomic():
            self.tool.save(update_fields=form._meta.fields)
            if self.tool.jwks_url != key_set:
                toolkeys.forget(self.tool)
            log(instance=self.tool, action="wagtail.edit")
        messages.success(request, _("Saved. Test the connection next."))
        return redirect(self.tool_url)

    def answer(self, form: AddressesForm) -> HttpResponse:
        context = self.get_context_data(form=form, media=form.media, values=values_for(self.tool))
        return self.render_to_response(context)


class _StepView(ToolView):
    """Asks first, then does it: something that may be hard on those who are learning."""

    template_name = "wagtail_col/pages/tools_confirm.html"
    any_permission_required = None
    permission_required = "change"
    to: ToolState
    since: tuple[ToolState, ...]
    question: Any
    button: Any
    done: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.tool.state not in self.since:
            return redirect(self.tool_url)
        return self.render_to_response(
            self.get_context_data(
                question=self.question, button=self.button, dangerous=self.to != ToolState.ACTIVE
            )
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if move(self.tool, self.to, self.since):
            messages.success(request, self.done % {"name": self.tool.name})
        else:
            messages.warning(request, _("Somebody has changed this meanwhile. Look again."))
        return redirect(self.tool_url)


class RefuseView(_StepView):
    page_title = gettext_lazy("Refuse")
    to, since = ToolState.REFUSED, (ToolState.PENDING,)
    question = gettext_lazy(
        "Nobody will be able to use this course provider. You can still approve it later."
    )
    button = gettext_lazy("Refuse this course provider")
    done = gettext_lazy("%(name)s is refused.")


class SuspendView(_StepView):
    page_title = gettext_lazy("Suspend")
    to, since = ToolState.SUSPENDED, (ToolState.ACTIVE,)
    question = gettext_lazy(
        "Nobody will be able to open its courses, and it cannot report scores, until you resume "
        "it. Learners read that the course is not available at the moment. What they have done "
        "so far is kept."
    )
    button = gettext_lazy("Suspend this course provider")
    done = gettext_lazy("%(name)s is suspended.")


class ResumeView(_StepView):
    page_title = gettext_lazy("Resume")
    to, since = ToolState.ACTIVE, (ToolState.SUSPENDED,)
    question = gettext_lazy("Its courses can be opened again, as before.")
    button = gettext_lazy("Resume this course provider")
    done = gettext_lazy("%(name)s is in use again.")


def used(tool: Tool) -> bool:
    """Whether courses of it were picked or somebody has been there: then it stays."""
    return tool.courses.exists() or tool.users.exists()


class DeleteView(ToolView):
    """Only what was never used is deleted: pages and results point at the rest."""

    template_name = "wagtail_col/pages/tools_delete.html"
    any_permission_required = None
    permission_required = "delete"
    page_title = gettext_lazy("Delete")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(used=used(self.tool), active=self.tool.is_active, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            # Held, so that no course is picked between the question and the answer.
            tool = Tool.objects.select_for_update().get(pk=self.tool.pk)
            if used(tool):
                return self.render_to_response(self.get_context_data())
            log(instance=tool, action="wagtail.delete", deleted=True)
            tool.delete()
        messages.success(request, _("%(name)s is deleted.") % {"name": tool.name})
        return redirect(self.index_url)

    @property
    def index_url(self) -> str:
        return self.trail()[0]["url"]
