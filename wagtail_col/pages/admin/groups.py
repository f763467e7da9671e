"""Groups: an organiser makes one for a playlist, and looks after those they made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group as Team
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_col.learning import groups
from wagtail_col.learning.group_inviting import MOST_LETTERS, invite, invite_again
from wagtail_col.learning.group_rows import member_rows, numbers
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import GroupMember, LearnerGroup, Playlist
from wagtail_col.pages.admin.waivers import may_edit_any

NAME = "col_groups"


def url(name: str, *args: Any) -> str:
    return reverse(f"{NAME}:{name}", args=args)


class GroupForm(forms.Form):
    """``organiser``: whose teams may look after the group as well."""

    playlist = forms.ModelChoiceField(
        label=gettext_lazy("Playlist"),
        queryset=Playlist.objects.none(),
        to_field_name="key",
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the group"),
        max_length=60,
        help_text=gettext_lazy("As its members know it: “Class 7b”."),
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Who looks after it"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("Only I"),
        help_text=gettext_lazy("Members read this before they join."),
    )

    def __init__(self, *args: Any, organiser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Playlist.objects.published().filter(archived_at=None)
        self.fields["playlist"].queryset = offered.prefetch_related("texts")
        self.fields["team"].queryset = organiser.groups.filter(col_provider_team__isnull=False)


class PeopleForm(forms.Form):
    people = forms.CharField(
        label=gettext_lazy("Names or e-mail addresses"),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "One on each line. An address gets an e-mail; for a name there is a card to print. Of "
            "a child write what you call it, and no more: a first name is enough."
        ),
    )


class _GroupsView(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "group"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_edit_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, *self.trail(), {"url": "", "label": self.get_page_title()}]

    def trail(self) -> list[dict]:
        return []


class IndexView(_GroupsView):
    """One's own groups, and a form for another one. A constant number of queries."""

    template_name = "wagtail_col/pages/groups.html"
    page_title = gettext_lazy("Groups")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = {"playlist": request.GET.get("playlist", "")}
        return self.answer(GroupForm(organiser=request.user, initial=wanted))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = GroupForm(request.POST, organiser=request.user)
        if form.is_valid():
            values = form.cleaned_data
            try:
                group = groups.make(
                    values["playlist"], values["name"], request.user, values["team"]
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(url("group", group.key))
        messages.error(request, _("No group was made. See below what to change."))
        return self.answer(form)

    def answer(self, form: GroupForm) -> HttpResponse:
        joined = Count("members", filter=Q(members__learner__isnull=False))
        found = (
            LearnerGroup.objects.filter(pk__in=groups.groups_of(self.request.user).values("pk"))
            .annotate(joined=joined, invited=Count("members") - joined)
            .select_related("playlist")
            .prefetch_related("playlist__texts")
        )
        return self.render_to_response(self.get_context_data(groups=found, form=form))


class GroupView(_GroupsView):
    """One of them: its members, its link, and inviting more. 404 for somebody else's."""

    template_name = "wagtail_col/pages/group.html"

    @cached_property
    def group(self) -> LearnerGroup:
        return get_object_or_404(
            LearnerGroup.objects.filter(
                pk__in=groups.groups_of(self.request.user).values("pk")
            ).select_related("playlist", "made_by", "team"),
            key=self.kwargs["key"],
        )

    def get_page_title(self) -> str:
        return self.group.name

    def trail(self) -> list[dict]:
        return [{"url": url("index"), "label": _("Groups")}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(PeopleForm())

    def answer(self, form: PeopleForm) -> HttpResponse:
        rows = member_rows(self.group)
        return self.render_to_response(
            self.get_context_data(
                group=self.group,
                rows=rows,
                numbers=numbers(rows),
                cards=sum(1 for one in rows if not one.row and not one.member.email),
                mails={one.mail.value for one in rows},
                code=groups.link_code(self.group),
                is_open=groups.is_open(self.group),
                form=form,
            )
        )

    def back(self) -> HttpResponse:
        return redirect(url("group", self.group.key))


class InviteView(GroupView):
    """Invite a pasted list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PeopleForm(request.POST)
        if form.is_valid():
            try:
                done = invite(self.group, form.cleaned_data["people"])
            except Refused as refusal:
                form.add_error("people", refusal.message)
            else:
                messages.success(request, _said(done))
                return self.back()
        messages.error(request, _("Nobody was invited. See below what to change."))
        return self.answer(form)


class AgainView(GroupView):
    """Send an invitation again whose e-mail could not be delivered."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = get_object_or_404(GroupMember, group=self.group, key=self.kwargs["member"])
        if invite_again(member):
            messages.success(request, _("The e-mail is sent again."))
        return self.back()


class LinkView(GroupView):
    """Stop the group's link (``stop``), or make another one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "stop" in request.POST:
            groups.stop_link(self.group)
            messages.success(request, _("The link is stopped. Nobody can join by it any more."))
        else:
            groups.renew_link(self.group)
            messages.success(request, _("There is a new link. The one before opens nothing."))
        return self.back()


class RemoveView(GroupView):
    """Take somebody out of the group, or an invitation back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = get_object_or_404(GroupMember, group=self.group, key=self.kwargs["member"])
        member.delete()
        messages.success(request, _("Taken out of the group. What was done is kept."))
        return self.back()


class EndView(GroupView):
    """End the group: what it knows of its members is deleted, what they did is kept."""

    template_name = "wagtail_col/pages/group_end.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.group.delete()
        messages.success(request, _("The group is over. What its members did is kept."))
        return redirect(url("index"))


def _said(done) -> str:
    said = []
    if done.emails:
        said.append(
            ngettext("%(count)s e-mail goes out.", "%(count)s e-mails go out.", done.emails)
            % {"count": done.emails}
        )
    if done.cards:
        said.append(
            ngettext(
                "%(count)s card can be printed.", "%(count)s cards can be printed.", done.cards
            )
            % {"count": done.cards}
        )
    if done.again:
        said.append(
            ngettext(
                "%(count)s was in the list before.",
                "%(count)s were in the list before.",
                done.again,
            )
            % {"count": done.again}
        )
    return " ".join(said)
