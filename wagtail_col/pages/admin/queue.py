"""What waits for somebody's answer: evidence and steps to let go in one list, the oldest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from wagtail_col.learning import reviewing, taking
from wagtail_col.learning.models import Submission, Waiver
from wagtail_col.learning.steps import title_of
from wagtail_col.pages.admin import waivers
from wagtail_col.pages.admin.awarders import may_award_any
from wagtail_col.people.naming import names_of, own_name

NAME = "col_queue"
PAGE = 50


class Kind(models.TextChoices):
    EVIDENCE = "evidence", gettext_lazy("evidence for a badge")
    WAIVER = "waiver", gettext_lazy("a step to let go")


class Owner(models.TextChoices):
    NOBODY = "nobody", gettext_lazy("nobody has taken")
    ME = "me", gettext_lazy("I have taken")


@dataclass(frozen=True)
class Row:
    """One that waits. ``called``: the learner, as far as the organiser may know."""

    kind: Kind
    key: UUID
    url: str
    title: str
    note: str
    called: str
    since: datetime
    owner: str
    is_mine: bool


#: What somebody may answer of each kind, and how it is found when it was sent.
SOURCES: dict[str, tuple[Callable[[Any], QuerySet], str]] = {
    Kind.EVIDENCE: (reviewing.for_organiser, "sent_at"),
    Kind.WAIVER: (waivers.for_organiser, "asked_at"),
}


def may_answer_any(user) -> bool:
    """Whether there can be anything for somebody to answer."""
    return may_award_any(user) or waivers.may_edit_any(user)


def waiting(user, kind: str = "", owner: str = "") -> QuerySet:
    """Kind and key of all that waits for this user, the oldest first: one query for both kinds."""
    parts = []
    for name, (find, at) in SOURCES.items():
        if kind in ("", name):
            found = find(user).prefetch_related(None).order_by()
            if owner == Owner.NOBODY:
                found = found.filter(taken_by=None)
            elif owner == Owner.ME:
                found = found.filter(taken_by=user)
            parts.append(
                found.annotate(
                    queued=Value(name, output_field=models.CharField()), since=F(at)
                ).values_list("queued", "key", "since")
            )
    return parts[0].union(*parts[1:], all=True).order_by("since", "key")


def rows(user, listed: list[tuple[str, UUID, datetime]]) -> list[Row]:
    """What the list shows of these, in the same order. A constant number of queries."""
    things: dict[tuple[str, UUID], Submission | Waiver] = {}
    for kind, (find, _at) in SOURCES.items():
        keys = [key for named, key, _since in listed if named == kind]
        if keys:
            found = find(user).select_related("taken_by").filter(key__in=keys)
            things |= {(kind, thing.key): thing for thing in found}
    names = names_of(thing.learner for thing in things.values())
    return [
        _row(user, Kind(kind), things[kind, key], names, since)
        for kind, key, since in listed
        # Decided a moment ago.
        if (kind, key) in things
    ]


def _row(user, kind: Kind, thing, names: dict[int, str], since: datetime) -> Row:
    if kind is Kind.EVIDENCE:
        url = reverse("col_reviews:review", args=[thing.key])
        title = str(thing.achievement)
        note = _("Others who have the badge may answer it too.") if thing.for_peers else ""
    else:
        url = reverse("col_waivers:waiver", args=[thing.key])
        title, note = title_of(thing.step), str(thing.step.playlist)
    return Row(
        kind=kind,
        key=thing.key,
        url=url,
        title=title,
        note=note,
        called=names[thing.learner_id] or _("A learner"),
        since=since,
        owner=own_name(thing.taken_by) if thing.taken_by else "",
        is_mine=thing.taken_by_id == user.pk,
    )


class QueueMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_answer_any(request.user)


class _QueueView(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "check"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_answer_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class QueueView(_QueueView):
    """All that waits. A constant number of queries."""

    template_name = "wagtail_col/pages/queue.html"
    page_title = gettext_lazy("Waiting for an answer")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, asked = self.request.user, self.request.GET
        kind = asked.get("kind", "") if asked.get("kind") in Kind.values else ""
        owner = asked.get("owner", "") if asked.get("owner") in Owner.values else ""
        found = waiting(user, kind, owner)
        items = Paginator(found, PAGE).get_page(asked.get("p"))
        return super().get_context_data(
            items=items,
            rows=rows(user, list(items)),
            kinds=Kind.choices,
            owners=Owner.choices,
            kind=kind,
            owner=owner,
            **kwargs,
        )


class TakeView(_QueueView):
    """Take one (``over`` is "1": from somebody else), or give it back. Only by POST, and only what
    this user may answer."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["kind"] not in SOURCES:
            raise Http404
        find, _at = SOURCES[kwargs["kind"]]
        thing = find(request.user).filter(key=kwargs["key"]).first()
        if thing is None:
            messages.warning(request, _("It does not wait for you any more."))
        elif "back" in request.POST:
            if taking.give_back(thing, request.user):
                messages.success(request, _("Given back: others see that nobody has it."))
        elif taking.take(thing, request.user, over=request.POST.get("over") == "1"):
            messages.success(request, _("You have it now. Others see that."))
        else:
            messages.warning(request, _("Somebody else has just taken it."))
        return redirect(f"{NAME}:queue")


class QueueViewSet(ViewSet):
    """What waits for somebody's answer."""

    name = NAME
    url_prefix = "learning/waiting"
    icon = "check"
    menu_label = gettext_lazy("Waiting for an answer")
    menu_item_class = QueueMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", QueueView.as_view(), name="queue"),
            path("<str:kind>/<uuid:key>/take/", TakeView.as_view(), name="take"),
        ]
