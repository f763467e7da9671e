"""Who edits for a provider: seen and changed by those who may change the site's accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_col.pages.admin.about_page import AboutPageView
from wagtail_col.pages.models import ProviderTeam
from wagtail_col.pages.providers import ensure_team
from wagtail_col.pages.types.provider import ProviderPageMixin


def may_manage_teams(user) -> bool:
    """Whether somebody may put people into teams: who may change accounts anyway."""
    meta = get_user_model()._meta
    return user.has_perm(f"{meta.app_label}.change_{meta.model_name}")


class MemberForm(forms.Form):
    """One account, by its name or e-mail address."""

    who = forms.CharField(
        label=gettext_lazy("E-mail or user name"),
        max_length=254,
        help_text=gettext_lazy("The person needs an account on this site first."),
    )

    def clean_who(self):
        said = self.cleaned_data["who"].strip()
        model = get_user_model()
        names = Q(**{f"{model.USERNAME_FIELD}__iexact": said})
        if email := model.get_email_field_name():
            names |= Q(**{f"{email}__iexact": said})
        found = list(model._default_manager.filter(names, is_active=True)[:2])
        if not found:
            raise ValidationError(_("There is no account with this name or e-mail address."))
        if len(found) > 1:
            raise ValidationError(
                _("Several accounts have this e-mail address. Write the user name.")
            )
        return found[0]


class TeamView(AboutPageView):
    """The members of a provider's team: look, add one, remove one."""

    template_name = "wagtail_col/pages/team.html"
    page_title = gettext_lazy("Team")
    header_icon = "group"

    def is_about(self, page) -> bool:
        return isinstance(page, ProviderPageMixin)

    def is_allowed(self, user) -> bool:
        return may_manage_teams(user)

    @cached_property
    def team(self) -> ProviderTeam:
        team = ensure_team(self.page)
        if team is None:
            raise Http404
        return team

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(MemberForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        members = self.team.group.user_set
        if "remove" in request.POST:
            for user in members.all():
                if str(user.pk) == request.POST["remove"]:
                    members.remove(user)
                    messages.success(
                        request, _("%(who)s is no longer in the team.") % {"who": user}
                    )
            return redirect("col_admin_team", self.page.pk)
        form = MemberForm(request.POST)
        if not form.is_valid():
            return self.answer(form)
        members.add(form.cleaned_data["who"])
        messages.success(
            request, _("%(who)s is in the team now.") % {"who": form.cleaned_data["who"]}
        )
        return redirect("col_admin_team", self.page.pk)

    def answer(self, form: MemberForm) -> HttpResponse:
        members = self.team.group.user_set.order_by(get_user_model().USERNAME_FIELD)
        return self.render_to_response(
            self.get_context_data(page=self.page, team=self.team, members=members, form=form)
        )
