"""Opening a tool: the way there, and the message it gets when it has answered as it should.

``begin`` → the browser goes to the tool's login URL → the tool sends it to ``views.auth`` →
``answer`` → the browser posts the signed message to the tool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from wagtail_col.lti import addresses, keys, log, members, placing, reaching, tasks, tickets
from wagtail_col.lti.courses import opens_in_of
from wagtail_col.lti.messages import course_of, message, target_link_uri
from wagtail_col.lti.models import (
    Course,
    LaunchTicket,
    LineItem,
    Message,
    OpensIn,
    ResourceLink,
    TicketKind,
    Tool,
    ToolUser,
)
from wagtail_col.lti.platform import jwt
from wagtail_col.lti.platform.login import Initiation, initiation_url
from wagtail_col.lti.platform.requirements import Refused, requirement

#: How the launch log calls a message of each kind.
MESSAGES = {
    TicketKind.RESOURCE_LINK: Message.LAUNCH,
    TicketKind.DEEP_LINKING: Message.PICK,
    TicketKind.SUBMISSION_REVIEW: Message.REVIEW,
}
#: Our pages hand on what a framed tool wants to remember to the frame of this name.
STORAGE_TARGET = "_parent"

TOOL_NOT_IN_USE = requirement(
    "tool-not-in-use",
    "Security Framework 1.0, 5.1.1.2",
    "client_id",
    _("This course provider is not in use: it waits for approval, was suspended or refused."),
    _("Look at the course provider. If it should be in use, approve it."),
    error="unauthorized_client",
    status=403,
)
PERSON_NOT_ACTIVE = requirement(
    "person-not-active",
    "OpenID Connect Core 1.0, 3.1.2.6",
    "login_hint",
    _("The account of the person who wanted to open the course is not active."),
    _("Activate the account if this person may learn here."),
    error="access_denied",
    status=403,
)
NO_CATALOGUE = requirement(
    "no-catalogue",
    "Deep Linking 2.0, 3.1",
    "deep_linking_url",
    _("This course provider has no address where courses are picked."),
    _("Look for the provider’s “deep linking URL” and enter it in its settings here."),
)
NOTHING_TO_REVIEW = requirement(
    "nothing-to-review",
    "Submission Review 1.0, 2.2",
    "lineitem",
    _("Nothing that was handed in for this course can be looked at."),
    _("Check whether the course provider may report progress and scores."),
)


class Unavailable(Exception):
    """A tool is not opened, and nothing has been sent.

    ``refused`` says why, ``code`` in short; ``message`` is a sentence for who wanted to open it.
    """

    def __init__(self, refused: Refused, message: Any) -> None:
        super().__init__(refused.requirement.code)
        self.code = refused.requirement.code
        self.refused = refused
        self.message = message


@dataclass(frozen=True)
class Opening:
    """Where the browser goes now. ``opens_in``: an ``OpensIn``."""

    url: str
    tool: Tool
    opens_in: str
    ticket: LaunchTicket


def begin(
    kind: str,
    *,
    tool: Tool,
    user,
    context_key: UUID,
    context_title: str,
    role: str,
    session_key: str,
    language: str,
    return_path: str,
    course: Course | None = None,
    line_item: LineItem | None = None,
    opens_in: str | None = None,
    known: ToolUser | None = None,
    placed: ResourceLink | None = None,
    unasked: bool = False,
) -> Opening:
    """Send ``user`` on the way to ``tool``.

    ``kind``: a ``TicketKind``; opening a course needs ``course``, looking at a submission
    ``line_item``. ``role``: a ``Role``. ``session_key``: of the request's session, the only one
    in which the answer is given. ``return_path``: a path of this site. ``known``: the person as the
    tool knows them, and ``placed`` the course in its place, where that was looked up before.
    ``unasked``: also when the tool's server does not answer us; it may answer the browser.
    Raises ``Unavailable``.
    """
    if course is None and _is_placed(line_item):
        course = line_item.resource_link.course
    _check_may_open(kind, tool, user, course, line_item, unasked)
    if not url_has_allowed_host_and_scheme(return_path, allowed_hosts=None):
        return_path = "/"
    if kind == TicketKind.DEEP_LINKING:
        link, place = None, placing.context(context_key, context_title)
    else:
        link = placing.link_of(course, context_key, context_title, placed)
        place = link.context
    opens_in = opens_in or opens_in_of(course, tool)
    ticket = tickets.make(
        kind=kind,
        tool=tool,
        tool_user=known or members.tool_user(tool, user),
        context=place,
        resource_link=link,
        line_item=line_item,
        session_key=session_key,
        role=role,
        language=language,
        opens_in=opens_in,
        return_path=return_path[:2000],
    )
    initiation = Initiation(
        issuer=addresses.issuer(),
        target_link_uri=target_link_uri(ticket),
        login_hint=tickets.login_hint(ticket),
        message_hint=tickets.message_hint(ticket),
        client_id=tool.client_id,
        deployment_id=tool.deployment_id,
        storage_target=STORAGE_TARGET if opens_in == OpensIn.FRAME else "",
    )
    tasks.clean_sometimes()
    return Opening(initiation_url(tool.login_url, initiation), tool, opens_in, ticket)


def answer(ticket: LaunchTicket, nonce: str) -> str:
    """The signed message for a ticket that has been checked: it is used up, once and for all.

    Raises ``Refused`` (used before, too old, not complete): then nothing has changed.
    """
    claims = message(ticket, nonce)
    key = keys.active_key()
    with transaction.atomic():
        tickets.use(ticket)
        if ticket.kind == TicketKind.RESOURCE_LINK:
            members.enter(ticket.tool_user, ticket.context, ticket.role)
        log.done(ticket.tool, MESSAGES[ticket.kind], course=course_of(ticket))
    reaching.answered(ticket.tool)
    return jwt.sign(claims, key)


def check_tool(tool: Tool) -> None:
    """Refuses a tool that is not in use."""
    if not tool.is_active:
        raise Refused(TOOL_NOT_IN_USE, tool.state)


def check_person(user) -> None:
    """Refuses somebody whose account is not active."""
    if not user.is_active:
        raise Refused(PERSON_NOT_ACTIVE)


def _is_placed(line_item: LineItem | None) -> bool:
    return line_item is not None and line_item.resource_link is not None


def _check_may_open(
    kind: str,
    tool: Tool,
    user,
    course: Course | None,
    line_item: LineItem | None,
    unasked: bool,
) -> None:
    try:
        check_tool(tool)
        check_person(user)
        if kind == TicketKind.DEEP_LINKING and not tool.deep_linking_url:
            raise Refused(NO_CATALOGUE)
        if kind == TicketKind.SUBMISSION_REVIEW and not (_is_placed(line_item) and tool.may_grades):
            raise Refused(NOTHING_TO_REVIEW)
        if not unasked:
            reaching.check(tool)
    except Refused as refused:
        log.refused(tool, MESSAGES[TicketKind(kind)], refused, course=course)
        raise Unavailable(refused, _SENTENCES[refused.requirement.code]) from refused
    if kind != TicketKind.DEEP_LINKING and (course is None or course.tool_id != tool.pk):
        raise ValueError("A course of this tool has to be named.")


_SENTENCES = {
    TOOL_NOT_IN_USE.code: _("Courses of this provider cannot be opened at the moment."),
    PERSON_NOT_ACTIVE.code: _("Your account is not active, so courses cannot be opened."),
    NO_CATALOGUE.code: _("This course provider has no catalogue to pick courses from."),
    NOTHING_TO_REVIEW.code: _("This course does not show what was handed in."),
    reaching.TOOL_AWAY.code: _(
        "The course provider’s server does not answer. It is mostly back after a while."
    ),
}
