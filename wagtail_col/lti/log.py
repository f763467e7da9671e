"""The launch log: each message between a tool and us, and what came of it, for editors to read.

Without names, tokens or addresses of learners. ``cleaning`` takes entries out after 30 days.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from wagtail_col.lti.models import Course, LogEntry, Message, Outcome, Tool
from wagtail_col.lti.platform.requirements import REQUIREMENTS, Refused
from wagtail_col.lti.writing import insert

#: Of each kind of message. Who sends nonsense all day fills neither the database nor the editor's
#: page, and does not keep refusals of another kind out of it.
MOST_REFUSALS_A_MINUTE = 20


def done(tool: Tool, message: Message, *, course: Course | None = None) -> None:
    """A message was as it has to be."""
    insert(LogEntry(tool=tool, message=message, outcome=Outcome.DONE, course=course))


def refused(
    tool: Tool | None, message: Message, refused: Refused, *, course: Course | None = None
) -> None:
    """A message was refused, and why. ``tool`` is None when nobody knows which one it was.

    Call it outside of a transaction that is rolled back, or it is gone with it.
    """
    since = timezone.now() - timedelta(minutes=1)
    recent = LogEntry.objects.filter(
        tool=tool, message=message, at__gt=since, outcome=Outcome.REFUSED
    )
    # One more or fewer does not matter: nothing is locked for it.
    if recent.count() >= MOST_REFUSALS_A_MINUTE:
        return
    requirement = refused.requirement
    LogEntry.objects.create(
        tool=tool,
        message=message,
        outcome=Outcome.REFUSED,
        requirement=requirement.code[:60],
        field=requirement.field[:60],
        detail=refused.detail[:300],
        course=course,
    )


def entries(tool: Tool | None = None) -> QuerySet[LogEntry]:
    """The log, the newest first: of one tool, or all of it. With tool and course."""
    found = LogEntry.objects.select_related("tool", "course")
    return found.filter(tool=tool) if tool is not None else found


def says(entry: LogEntry) -> str:
    """What was wrong, in words for somebody who has never heard of LTI; "" when nothing was."""
    requirement = REQUIREMENTS.get(entry.requirement)
    # An older version of the package may have had a requirement that is no more.
    return str(requirement.says) if requirement else entry.requirement


def mend(entry: LogEntry) -> str:
    """How to mend it, in words for a coordinator; "" when there is nothing to say."""
    requirement = REQUIREMENTS.get(entry.requirement)
    return str(requirement.mend) if requirement else ""
