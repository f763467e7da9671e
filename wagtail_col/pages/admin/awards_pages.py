"""What the pages about one badge's awards share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_col.badges.models import Award
from wagtail_col.pages.admin.awarders import AwarderView
from wagtail_col.people.naming import own_name, seen_of

NAME = "col_awards"


def url(name: str, *args: Any) -> str:
    return reverse(f"{NAME}:{name}", args=args)


class BadgeView(AwarderView):
    """For those who may give the badge in the address."""

    def trail(self) -> list[dict]:
        return [
            {"url": url("index"), "label": _("Give badges")},
            {"url": url("who", self.badge.key), "label": str(self.badge)},
        ]

    def to(self, name: str, *args: Any) -> str:
        return url(name, self.badge.key, *args)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The address has one too: its key.
        return super().get_context_data(**{**kwargs, "badge": self.badge})


def person(user) -> str:
    """How somebody who gives badges is called."""
    return own_name(user) if user else ""


def learner(user) -> tuple[str, str]:
    """Name and address of a learner, as those who give badges may see them."""
    name, email = seen_of([user])[user.pk]
    return name or _("a learner"), email


def state(award: Award) -> tuple[str, str]:
    """What an award is worth now: a word for programs, and in words."""
    if award.is_revoked:
        return "revoked", _("Taken back")
    if award.is_suspended:
        return "suspended", _("Suspended")
    if award.is_expired:
        return "expired", _("Expired")
    return "valid", _("Valid")
