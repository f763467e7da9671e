"""Who has a badge, and who was invited and has not answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_col.badges import inviting, reasons
from wagtail_col.badges.models import Award, Invitation
from wagtail_col.pages.admin.awards_pages import BadgeView, person, state
from wagtail_col.pages.admin.tables import day, streamed
from wagtail_col.people.naming import by_name, seen_of

#: Rows on one page.
PAGE = 50


def searched(awards: QuerySet[Award], query: str) -> QuerySet[Award]:
    """Awards of learners whose name, user name or address contains every word of ``query``."""
    model = get_user_model()
    fields = [model.USERNAME_FIELD, model.get_email_field_name()]
    known = {field.name for field in model._meta.get_fields()}
    fields += [name for name in ("first_name", "last_name") if name in known]
    for word in query.split()[:10]:
        found = Q()
        for name in fields:
            found |= Q(**{f"learner__{name}__icontains": word})
        awards = awards.filter(by_name("learner", found, word))
    return awards


def rows_of(awards: Iterable[Award]) -> list[dict[str, Any]]:
    """Awards as the table shows them."""
    awards = list(awards)
    seen = seen_of(award.learner for award in awards)
    return [_row(award, *seen[award.learner_id]) for award in awards]


def _row(award: Award, name: str, email: str) -> dict[str, Any]:
    code, words = state(award)
    return {
        "award": award,
        "learner": name or _("a learner"),
        "email": email,
        "why": reasons.in_words(award.because)[0],
        "by": person(award.awarded_by),
        "state": code,
        "state_in_words": words,
    }


class _Awards(BadgeView):
    @property
    def query(self) -> str:
        return self.request.GET.get("q", "").strip()[:100]

    def awards(self) -> QuerySet[Award]:
        awards = (
            self.badge.awards.select_related("learner", "awarded_by")
            .defer("credential", "compact")
            .order_by("-awarded_at", "-pk")
        )
        return searched(awards, self.query)


class WhoView(_Awards):
    """The learners who have the badge, the newest first."""

    template_name = "wagtail_col/pages/awards_who.html"

    def get_page_title(self) -> str:
        return str(self.badge)

    def trail(self) -> list[dict]:
        return super().trail()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.awards(), PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            items=page,
            rows=rows_of(page),
            query=self.query,
            invited=inviting.open_ones(self.badge).count(),
            unfinished=self.badge.award_lists.filter(finished_at=None).order_by("-pk")[:5],
            **kwargs,
        )


class ExportView(_Awards):
    """The same as CSV, all of them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return streamed(str(self.badge) or "badge", self.lines())

    def lines(self) -> Iterator[list[str]]:
        yield ["name", "email", "given", "until", "state", "reason", "why", "narrative", "by"]
        awards = self.awards().iterator(chunk_size=500)
        while some := list(islice(awards, 500)):
            yield from map(_cells, rows_of(some))


def _cells(told: dict[str, Any]) -> list[str]:
    award = told["award"]
    return [
        told["learner"],
        told["email"],
        day(award.awarded_at),
        day(award.valid_until),
        told["state"],
        award.revocation_reason or award.suspension_reason,
        told["why"],
        award.narrative,
        told["by"],
    ]


class InvitedView(BadgeView):
    """Those who have a link in an e-mail and have not used it."""

    template_name = "wagtail_col/pages/awards_invited.html"
    page_title = gettext_lazy("Invited")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opened = inviting.open_ones(self.badge).order_by("-made_at", "-pk")
        page = Paginator(opened, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(items=page, **kwargs)


class _InvitationView(BadgeView):
    http_method_names = ["post"]

    @cached_property
    def invitation(self) -> Invitation:
        return get_object_or_404(inviting.open_ones(self.badge), key=self.kwargs["key"])


class WithdrawInvitationView(_InvitationView):
    """The link gives nothing any more."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        email = self.invitation.email
        inviting.withdraw(self.invitation)
        messages.success(
            request, _("The link for %(email)s gives nothing any more.") % {"email": email}
        )
        return redirect(self.to("invited"))


class InviteAgainView(_InvitationView):
    """The same link in another e-mail."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        inviting.send_again(self.invitation)
        messages.success(
            request,
            _("Another e-mail goes to %(email)s, with the same link.")
            % {"email": self.invitation.email},
        )
        return redirect(self.to("invited"))
