"""How a request for an endorsement stands, in words for who asked."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.endorsing import State

_STANDING = {
    State.WAITING: _("Asked, no answer yet"),
    State.EXPIRED: _("No answer; the link has expired"),
    State.CANCELLED: _("No longer asked"),
    State.VOID: _("Over: the badge was taken back"),
    State.DECLINED: _("They said no"),
    State.GIVEN: _("Given: it stands on the page"),
    State.HIDDEN: _("Given, and hidden by you"),
    State.WITHDRAWN: _("They took it back"),
}


def standing(state: State) -> str | Promise:
    return _STANDING[state]
