"""Learners and what course providers report of them, for the tests of online courses."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.utils import timezone

from tests.lti import build
from wagtail_col.lti import grading, members, placing
from wagtail_col.lti.models import Course, LineItem, Score, ToolUser
from wagtail_col.lti.platform import scores

_seconds = count(1)


def opened(course: Course, learner, place) -> LineItem:
    """The learner has opened the course in a playlist or an opportunity; its own line item."""
    link = placing.place(course, place.key, "Line")
    known = ToolUser.objects.filter(tool=course.tool, user=learner).first()
    members.enter(known or build.make_tool_user(course.tool, learner), link.context, "learner")
    return LineItem.objects.get(resource_link=link, by_tool=False)


def report(
    line_item: LineItem,
    learner,
    given: float | None = None,
    activity: str = "Completed",
    grading_progress: str = "FullyGraded",
    maximum: float = 100.0,
) -> str:
    """The provider reports a score, a moment after the one before; what it meant."""
    tool_user = ToolUser.objects.get(tool=line_item.tool, user=learner)
    timestamp = timezone.now() - timedelta(hours=1) + timedelta(seconds=next(_seconds))
    score = scores.Score(
        user_id=tool_user.sub,
        timestamp=timestamp,
        activity_progress=activity,
        grading_progress=grading_progress,
        given=given,
        maximum=maximum if given is not None else None,
        comment="",
        payload={"timestamp": timestamp.isoformat()},
    )
    grading.record_score(line_item, score)
    return Score.objects.latest("pk").meaning
