"""Adding a course provider: by the registration link it gave, or by hand."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_col.fetching import FetchRefused
from wagtail_col.lti import registering
from wagtail_col.lti.models import RegistrationInvite
from wagtail_col.pages.admin.tools_forms import LinkForm, NameForm
from wagtail_col.pages.admin.tools_views import Coordinators, policy, url


class _AddingView(Coordinators, TemplateView):
    any_permission_required = None
    permission_required = "add"
    page_title = gettext_lazy("Add a course provider")


class AddView(_AddingView):
    """Both ways side by side."""

    template_name = "wagtail_col/pages/tools_add.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(LinkForm(), NameForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "link" in request.POST:
            return self.by_link(LinkForm(request.POST))
        return self.by_hand(NameForm(request.POST))

    def by_link(self, form: LinkForm) -> HttpResponse:
        if not form.is_valid():
            return self.answer(form, NameForm())
        try:
            started = registering.start(form.cleaned_data["url"], self.request.user)
        except FetchRefused as refused:
            form.add_error("url", str(refused))
            return self.answer(form, NameForm())
        self.template_name = "wagtail_col/pages/tools_register.html"
        response = self.render_to_response(
            self.get_context_data(invite=started.invite, link=started.url)
        )
        # The provider's window says to this one that it has finished; without this, Django's
        # default keeps the two apart.
        response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        return response

    def by_hand(self, form: NameForm) -> HttpResponse:
        if not form.is_valid():
            return self.answer(LinkForm(), form)
        form.instance.created_by = self.request.user
        with transaction.atomic():
            tool = form.save()
            log(instance=tool, action="wagtail.create")
        return redirect(url("addresses" if self.may_change else "tool", tool.key))

    def answer(self, link: LinkForm, name: NameForm) -> HttpResponse:
        if link.errors or name.errors:
            messages.error(self.request, _("Nothing was added. See below what to change."))
        return self.render_to_response(self.get_context_data(link_form=link, name_form=name))


class WaitView(_AddingView):
    """“I am done, show me”: the provider's page, or that nothing has come yet."""

    template_name = "wagtail_col/pages/tools_wait.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invite = get_object_or_404(RegistrationInvite, key=self.kwargs["key"])
        if invite.tool:
            messages.success(request, _("%(name)s has registered.") % {"name": invite.tool})
            return redirect(url("tool", invite.tool.key))
        return self.render_to_response(self.get_context_data(invite=invite))


@never_cache
@require_GET
def arrived(request: HttpRequest, key: Any) -> JsonResponse:
    """``{"arrived": true or false}``: asked again and again by the page that waits."""
    if not policy.user_has_permission(request.user, "add"):
        raise PermissionDenied
    invite = get_object_or_404(RegistrationInvite, key=key)
    return JsonResponse({"arrived": invite.tool_id is not None})
