"""Tickets: somebody is on the way to a tool, and may get one message there within five minutes.

A tool carries two hints from our login to our answer. Both are signed and name the ticket: the
login hint with the person, the message hint with the tool. The row in the database says the rest,
and is used once, whichever process asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_col.lookups import LookUp
from wagtail_col.lti.models import LaunchTicket, ResourceLink, Tool
from wagtail_col.lti.platform.login import AuthenticationRequest
from wagtail_col.lti.platform.requirements import Refused, requirement
from wagtail_col.lti.writing import Change, insert

LIFETIME = timedelta(minutes=5)

_SECTION = "Security Framework 1.0, 5.1.1.2"
_AGAIN = _("Nothing is broken. Open the course from this site again.")

LOGIN_REQUIRED = requirement(
    "ticket-login",
    "OpenID Connect Core 1.0, 3.1.2.6",
    "prompt",
    _("Nobody was logged in here when the course provider answered."),
    _("Log in and open the course from this site. If it happens to many, look at the cookies."),
    error="login_required",
    status=403,
)
LOGIN_HINT_FORGED = requirement(
    "ticket-login-hint",
    _SECTION,
    "login_hint",
    _("The course provider sent back another login hint than it was given."),
    _("Open the course from this site again. If that fails too, tell the provider’s support."),
)
MESSAGE_HINT_FORGED = requirement(
    "ticket-message-hint",
    "LTI 1.3, 4.1.1",
    "lti_message_hint",
    _("The course provider sent back another message hint than it was given."),
    _("Open the course from this site again. If that fails too, tell the provider’s support."),
)
EXPIRED = requirement(
    "ticket-expired",
    _SECTION,
    "login_hint",
    _("It took more than five minutes until the course provider answered."),
    _AGAIN,
    error="access_denied",
    status=403,
)
OTHER_TOOL = requirement(
    "ticket-tool",
    "LTI 1.3, 4.1.1",
    "lti_message_hint",
    _("A course provider answered for a course of another provider."),
    _("If it happens again, suspend this course provider and ask it why."),
    error="unauthorized_client",
    status=403,
)
OTHER_PERSON = requirement(
    "ticket-person",
    _SECTION,
    "login_hint",
    _("Somebody else is logged in than the person who began to open the course."),
    _AGAIN,
    error="access_denied",
    status=403,
)
OTHER_SESSION = requirement(
    "ticket-session",
    _SECTION,
    "login_hint",
    _("The course was begun to open in another browser, or before logging in again."),
    _AGAIN,
    error="access_denied",
    status=403,
)
USED = requirement(
    "ticket-used",
    _SECTION,
    "lti_message_hint",
    _("The same answer of the course provider came twice."),
    _AGAIN,
    error="access_denied",
    status=403,
)

_LOGIN = signing.TimestampSigner(salt="wagtail_col.lti.login_hint", sep=".")
_MESSAGE = signing.TimestampSigner(salt="wagtail_col.lti.message_hint", sep=".")
_BY_KEY = LookUp(lambda key: LaunchTicket.objects.filter(key=key), "tool", "tool_user", "context")
#: Not with the ticket: PostgreSQL plans two small joins faster than a large one.
_LINK = LookUp(lambda pk: ResourceLink.objects.filter(pk=pk), "course")
_USE = Change(
    lambda pk, now: LaunchTicket.objects.filter(pk=pk, used_at=None, expires_at__gt=now),
    used_at="now",
)


def make(*, session_key: str, **values) -> LaunchTicket:
    """A ticket for one message. ``values``: the other fields of ``LaunchTicket``."""
    ticket = LaunchTicket(
        session=_digest(session_key), expires_at=timezone.now() + LIFETIME, **values
    )
    insert(ticket)
    return ticket


def login_hint(ticket: LaunchTicket) -> str:
    """Names the ticket and the person, by pseudonym."""
    return _LOGIN.sign(f"{ticket.key.hex}-{ticket.tool_user.sub.hex}")


def message_hint(ticket: LaunchTicket) -> str:
    """Names the ticket and the tool."""
    return _MESSAGE.sign(f"{ticket.key.hex}-{ticket.tool.key.hex}")


@dataclass(frozen=True)
class Named:
    """What the two hints of a request name. ``refused``: why they are not believed, if so."""

    ticket: LaunchTicket | None = None
    person: UUID | None = None
    tool_key: UUID | None = None
    refused: Refused | None = None


def named(request: AuthenticationRequest) -> Named:
    """The ticket that the hints of ``request`` name, with its tool, person and context.

    One query, none for hints that are not ours. Refuses nothing yet: ``find`` does.
    """
    try:
        key, person = _read(_LOGIN, request.login_hint, LOGIN_HINT_FORGED)
        same_key, tool_key = _read(_MESSAGE, request.lti_message_hint, MESSAGE_HINT_FORGED)
        if key != same_key:
            raise Refused(MESSAGE_HINT_FORGED, "the two hints are of two logins")
    except Refused as refused:
        return Named(refused=refused)
    return Named(_BY_KEY.first(key=key), person, tool_key)


def find(hinted: Named, tool: Tool) -> LaunchTicket:
    """The ticket that the hints name, for ``tool``, which is the one that asks.

    Raises ``Refused`` where they are forged, too old, of two tickets or of another tool's.
    """
    if hinted.refused:
        raise hinted.refused
    if hinted.tool_key != tool.key:
        raise Refused(OTHER_TOOL)
    ticket = hinted.ticket
    if ticket is None:
        raise Refused(EXPIRED, "cleaned up")
    if ticket.tool_id != tool.pk or ticket.tool_user.sub != hinted.person:
        raise Refused(LOGIN_HINT_FORGED, "not of this ticket")
    if ticket.resource_link_id:
        link = _LINK.first(pk=ticket.resource_link_id)
        if link is None:
            # Deleted a moment ago, and the ticket with it.
            raise Refused(EXPIRED, "cleaned up")
        link.course.tool, link.context, ticket.resource_link = ticket.tool, ticket.context, link
    return ticket


def check_bearer(ticket: LaunchTicket, user, session_key: str | None) -> None:
    """Refuses whoever is not the person, in the session, that the ticket was made for."""
    if not user.is_authenticated:
        raise Refused(LOGIN_REQUIRED)
    if ticket.tool_user.user_id != user.pk:
        raise Refused(OTHER_PERSON)
    if not session_key or ticket.session != _digest(session_key):
        raise Refused(OTHER_SESSION)
    ticket.tool_user.user = user


def use(ticket: LaunchTicket) -> None:
    """Use it up. Of many who try at the same moment, in whichever process, one succeeds."""
    now = timezone.now()
    if _USE.make(pk=ticket.pk, now=now):
        ticket.used_at = now
        return
    raise Refused(EXPIRED if ticket.expires_at <= now else USED)


def _read(signer: signing.TimestampSigner, hint: str, forged) -> tuple[UUID, UUID]:
    try:
        key, _dash, other = signer.unsign(hint, max_age=LIFETIME).partition("-")
        return UUID(hex=key), UUID(hex=other)
    except signing.SignatureExpired as error:
        raise Refused(EXPIRED, forged.field) from error
    except (signing.BadSignature, ValueError) as error:
        raise Refused(forged, "the signature is wrong") from error


def _digest(session_key: str) -> str:
    """The session's key opens the session: it is not kept a second time."""
    return sha256(session_key.encode()).hexdigest()
