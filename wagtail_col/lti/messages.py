"""What a tool is told: from a ticket's records to the claims of its message."""

from __future__ import annotations

import time
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings as django_settings
from django.core import signing

from wagtail_col import __version__, conf
from wagtail_col.lti import addresses, picking, placing
from wagtail_col.lti.models import Course, LaunchTicket, OpensIn, TicketKind, Tool, ToolUser
from wagtail_col.lti.platform import launch
from wagtail_col.lti.platform.custom import as_moment
from wagtail_col.lti.platform.scopes import GRADES

#: Seconds for which a tool can send people back to where they came from: a long weekend.
RETURN_LIFETIME = 4 * 24 * 3600

_RETURN_SALT = "wagtail_col.lti.return"


def message(ticket: LaunchTicket, nonce: str) -> dict[str, Any]:
    """What the tool is told: the claims of the id_token for ``ticket``."""
    envelope = _envelope(ticket, nonce)
    if ticket.kind == TicketKind.DEEP_LINKING:
        return launch.deep_linking_claims(
            envelope,
            deep_link_return_url=addresses.deep_links_url(),
            data=picking.data_for(ticket),
        )
    course = ticket.resource_link.course
    link = launch.Link(str(ticket.resource_link.key), course.title, course.text)
    if ticket.kind == TicketKind.SUBMISSION_REVIEW:
        return launch.submission_review_claims(envelope, link, envelope.person)
    return launch.resource_link_claims(envelope, link)


def course_of(ticket: LaunchTicket) -> Course | None:
    """The course that is opened, None while one is being picked."""
    return ticket.resource_link.course if ticket.resource_link else None


def target_link_uri(ticket: LaunchTicket) -> str:
    """Where the tool goes on: told at its login URL and again in the message (LTI 1.3, 5.3.4)."""
    if ticket.kind == TicketKind.DEEP_LINKING:
        return ticket.tool.deep_linking_url
    return _review(ticket, "url", "") or ticket.resource_link.course.url


def return_url(ticket: LaunchTicket) -> str:
    """Where the tool sends people back to."""
    framed = ticket.opens_in == OpensIn.FRAME
    said = [ticket.tool_user.sub.hex, ticket.return_path, int(framed)]
    return addresses.return_url(signing.dumps(said, salt=_RETURN_SALT))


class Return(NamedTuple):
    """Who comes back (by the pseudonym), to which path, and whether in a frame."""

    sub: UUID
    path: str
    framed: bool


def read_return(token: str) -> Return:
    """What an address to come back to says. Raises ``signing.BadSignature``."""
    sub, path, framed = signing.loads(token, salt=_RETURN_SALT, max_age=RETURN_LIFETIME)
    return Return(UUID(hex=sub), path, bool(framed))


def _envelope(ticket: LaunchTicket, nonce: str) -> launch.Envelope:
    tool, course = ticket.tool, course_of(ticket)
    custom = {**tool.custom, **(course.custom if course else {}), **_review(ticket, "custom", {})}
    return launch.Envelope(
        platform=launch.Platform(addresses.issuer(), _site_name(), __version__),
        client_id=tool.client_id,
        deployment_id=tool.deployment_id,
        target_link_uri=target_link_uri(ticket),
        person=person(tool, ticket.tool_user, ticket.role),
        locale=ticket.language,
        context_id=str(ticket.context.key),
        context_title=ticket.context.title,
        framed=ticket.opens_in == OpensIn.FRAME,
        return_url=return_url(ticket),
        nonce=nonce,
        now=int(time.time()),
        custom=custom,
        variables=_times(course) if course else {},
        grades=_grades(ticket),
        members_url=_roster(ticket),
    )


def person(tool: Tool, known: ToolUser, role: str) -> launch.Person:
    """Name and e-mail address only where the tool may have them and the person has said yes."""
    user = known.user
    shared: dict[str, str] = {}
    if tool.may_names and known.shares_name:
        shared |= {
            "name": user.get_full_name(),
            "given_name": getattr(user, "first_name", ""),
            "family_name": getattr(user, "last_name", ""),
        }
    if tool.may_emails and known.shares_email:
        shared["email"] = getattr(user, user.get_email_field_name(), "") or ""
    return launch.Person(sub=str(known.sub), role=role, **shared)


def _grades(ticket: LaunchTicket) -> launch.Grades | None:
    """The grade services, for a tool that may use them; the line item where there is just one."""
    if ticket.resource_link is None or not ticket.tool.may_grades:
        return None
    if ticket.kind == TicketKind.SUBMISSION_REVIEW:
        found = [ticket.line_item] if ticket.line_item else []
    else:
        found = placing.line_items_of(ticket.resource_link)
    return launch.Grades(
        line_items_url=addresses.line_items_url(ticket.context.key),
        line_item_url=addresses.line_item_url(found[0].key) if len(found) == 1 else "",
        scopes=GRADES,
    )


def _roster(ticket: LaunchTicket) -> str:
    """Where the tool may ask who takes part; "" where it may not, or while courses are picked."""
    if ticket.resource_link is None or not ticket.tool.may_rosters:
        return ""
    return addresses.members_url(ticket.context.key)


def _times(course: Course) -> dict[str, str]:
    """Deep Linking 2.0, section 6: when the course is open, and when work is handed in."""
    times = {
        "available.startDateTime": course.available_from,
        "available.endDateTime": course.available_until,
        "submission.startDateTime": course.submission_from,
        "submission.endDateTime": course.submission_until,
    }
    found = {}
    for name, moment in times.items():
        what, which = name.split(".")
        found[f"ResourceLink.{name}"] = found[f"ResourceLink.{what}.user.{which}"] = as_moment(
            moment
        )
    return found


def _review(ticket: LaunchTicket, member: str, default: Any) -> Any:
    """A member of the line item's ``submissionReview`` (AGS 2.0, 3.2.10), for a review only."""
    if ticket.kind != TicketKind.SUBMISSION_REVIEW or ticket.line_item is None:
        return default
    return (ticket.line_item.submission_review or {}).get(member) or default


def _site_name() -> str:
    named = conf.settings.ISSUER_NAME or getattr(django_settings, "WAGTAIL_SITE_NAME", "")
    return named or ""
