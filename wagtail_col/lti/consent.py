"""What a person lets a tool know about them: asked once, before the first launch, and again when
the tool may know more. Without a yes a course opens under a pseudonym.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from wagtail_col.lti.members import tool_user
from wagtail_col.lti.models import Membership, Tool, ToolUser
from wagtail_col.people.may import Purpose, may


@dataclass(frozen=True)
class Question:
    """What would be passed on. ``name``, ``email``: only with a yes of the person. ``grades``: the
    tool reports progress here. ``roster``: it may list those who take part."""

    provider: str
    policy_url: str
    name: bool
    email: bool
    grades: bool
    roster: bool

    @property
    def asks(self) -> bool:
        """Whether there is anything to say yes or no to."""
        return self.name or self.email


def question(tool: Tool, user=None) -> Question:
    """What opening a course of ``tool`` passes on. Who needs a guardian's yes is asked nothing."""
    allowed = user is None or may(user, Purpose.NAMES)
    return Question(
        provider=tool.name,
        policy_url=tool.policy_url,
        name=tool.may_names and allowed,
        email=tool.may_emails and allowed,
        grades=tool.may_grades,
        roster=tool.may_rosters,
    )


def needed(tool: Tool, known: ToolUser | None) -> bool:
    """Whether a person has to be asked first: never asked, or the tool may know more now.

    ``known``: who they are at the tool (``members.find_tool_user``).
    """
    if known is None or known.decided_at is None:
        return True
    asked_name = known.shares_name is not None or not tool.may_names
    asked_email = known.shares_email is not None or not tool.may_emails
    return not (asked_name and asked_email)


def decide(tool: Tool, user, *, name: bool, email: bool) -> ToolUser:
    """Keep what the person chose. Can be chosen anew at any time; tools see it in their rosters.

    What the tool may not know anyway stays undecided, so that it is asked should that change.
    """
    known = tool_user(tool, user)
    before = known.shares_name, known.shares_email
    allowed = may(user, Purpose.NAMES)
    known.shares_name = (name and allowed) if tool.may_names else None
    known.shares_email = (email and allowed) if tool.may_emails else None
    known.decided_at = timezone.now()
    known.save(update_fields=["shares_name", "shares_email", "decided_at"])
    if before != (known.shares_name, known.shares_email):
        Membership.objects.filter(tool_user=known).update(changed_at=known.decided_at)
    return known


def take_back(sender: type, person, purposes: set, **kwargs: Any) -> None:
    """A receiver of ``people.signals.no_longer_allowed``: no provider gets name or address."""
    if Purpose.NAMES in purposes:
        for known in ToolUser.objects.filter(user=person).select_related("tool"):
            if known.shares_name or known.shares_email:
                decide(known.tool, person, name=False, email=False)
