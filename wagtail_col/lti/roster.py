"""The learners a tool may list: members of a context with its courses who agreed to be known to it.

Whoever said yes to name or e-mail address is listed, whatever their role; nobody else is, not even
under their pseudonym. Somebody who takes both back is a "Deleted" member once, in the differences,
with nothing but the pseudonym.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from wagtail_col.lti import gradebook
from wagtail_col.lti.messages import person
from wagtail_col.lti.models import (
    Context,
    Membership,
    MembershipState,
    ResourceLink,
    Tool,
)
from wagtail_col.lti.platform import roster
from wagtail_col.lti.platform.paging import Page, read_page
from wagtail_col.lti.platform.requirements import Refused

#: What only we write into the address of a further page: since when differences are wanted, and
#: when the first page was asked for. In seconds since 1970.
_INNER = ("since", "asked")
#: Changes are dated before their transaction ends: a tool is told again of those just before.
_OVERLAP = timedelta(seconds=10)

_SHARES = Q(tool_user__shares_name=True) | Q(tool_user__shares_email=True)


class Roster(NamedTuple):
    """One page of members. ``rlid``: the placed course they were asked for, or "". ``next``: query
    of the next page, or "". ``differences``: query that tells what has changed since the first
    page was asked for."""

    rlid: str
    members: list[dict[str, Any]]
    next: str
    differences: str


def members(tool: Tool, context: Context, query: Iterable[tuple[str, str]]) -> Roster:
    """What a query asks for of a context's members. A constant number of queries.

    Raises ``Refused``.
    """
    page = read_page(query, roster.FILTERS, _INNER)
    asked = page.filters.get("asked") or str(int(time.time()))
    found = _wanted(tool, context, page)
    custom = _custom(tool, context, page)
    rows = list(
        found.filter(pk__gt=page.after)
        .select_related("tool_user__user")
        .order_by("pk")[: page.limit + 1]
    )
    shown = rows[: page.limit]
    kept = {name: value for name, value in page.filters.items() if name in roster.FILTERS}
    return Roster(
        rlid=kept.get("rlid", ""),
        members=[roster.member_json(_member(tool, row), custom) for row in shown],
        next=page.query(after=str(shown[-1].pk), asked=asked) if len(rows) > page.limit else "",
        differences=page._replace(filters=kept).query(after="0", since=asked),
    )


def _wanted(tool: Tool, context: Context, page: Page) -> QuerySet[Membership]:
    found = Membership.objects.filter(context=context, tool_user__tool=tool)
    if page.filters.get("role"):
        found = found.filter(role__in=roster.roles_like(page.filters["role"]))
    if "since" not in page.filters:
        return found.filter(_SHARES, state=MembershipState.ACTIVE)
    # Nobody writes down when an account was switched off: those are told of each time.
    changed = Q(changed_at__gte=_since(page) - _OVERLAP)
    switched_off = Q(state=MembershipState.ACTIVE, tool_user__user__is_active=False)
    # Who said no before they came was never listed: their membership is younger than their no.
    took_back = Q(changed_at__lte=F("tool_user__decided_at"))
    return found.filter(changed & took_back | _SHARES & (changed | switched_off))


def _since(page: Page) -> datetime:
    if not re.fullmatch("[0-9]{1,11}", page.filters["since"]):
        raise Refused(roster.MEMBERS_SINCE)
    return datetime.fromtimestamp(int(page.filters["since"]), UTC)


def _custom(tool: Tool, context: Context, page: Page) -> Mapping[str, Any] | None:
    """The custom parameters of the course that the members are asked for, None for none."""
    if not page.filters.get("rlid"):
        return None
    key = gradebook.as_key(page.filters["rlid"])
    links = ResourceLink.objects.select_related("course")
    link = key and links.filter(key=key, context=context, course__tool=tool).first()
    if not link:
        raise Refused(roster.MEMBERS_LINK)
    return {**tool.custom, **link.course.custom}


def _member(tool: Tool, membership: Membership) -> roster.Member:
    known = membership.tool_user
    shares = known.shares_name or known.shares_email
    if membership.state != MembershipState.ACTIVE or not shares:
        nobody = roster.Person(sub=str(known.sub), role=membership.role)
        return roster.Member(nobody, roster.DELETED)
    status = roster.ACTIVE if known.user.is_active else roster.INACTIVE
    return roster.Member(person(tool, known, membership.role), status)
