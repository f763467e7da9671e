"""Keeping the scores of tools, and the results that follow from them.

A score is kept as it came. The result, of one learner and line item, is the newest score. Whoever
listens to ``signals.score_received`` says what it meant, within the same transaction: a score, its
result, the step it finishes and the badge are there together, or none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from wagtail_col.lookups import LookUp
from wagtail_col.lti import gradebook
from wagtail_col.lti.models import (
    LineItem,
    Membership,
    MembershipState,
    Result,
    Score,
    ToolUser,
)
from wagtail_col.lti.platform import grades, scores
from wagtail_col.lti.platform.paging import Page
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.signals import score_received
from wagtail_col.lti.writing import insert

_MEMBER = LookUp(
    lambda context, tool, sub: Membership.objects.filter(
        context=context, tool_user__tool=tool, tool_user__sub=sub
    ),
    "tool_user",
    "tool_user__user",
)
_RESULT = LookUp(
    lambda line_item, tool_user: Result.objects.select_for_update().filter(
        line_item=line_item, tool_user=tool_user
    )
)

#: ``Score.meaning`` of a score that nobody was told of: it is not the course's own.
BESIDE_THE_COURSE = "beside-the-course"

#: When there is something to look at, where a tool does not say it (AGS 2.0, 3.2.10).
HANDED_IN = ("Submitted", "Completed")

#: A course and the context it is placed in, by their keys.
Place = tuple[UUID, UUID]


@dataclass(frozen=True)
class OwnResult:
    """What a course said of a learner, for that learner to read (AGS 2.0, section 3.4).

    ``reviewable``: the learner may look at what they handed in (Submission Review 1.0).
    """

    activity_progress: str
    grading_progress: str
    score_given: float | None
    score_maximum: float | None
    comment: str
    reviewable: bool


def record_score(
    line_item: LineItem, score: scores.Score, done: Callable[[], object] = lambda: None
) -> Result:
    """Keep a score of one of the tool's line items; the result as it is now.

    The same score sent again changes nothing. ``done`` is called when all else is written, in the
    same transaction. Raises ``Refused``, with nothing changed: not a
    member, switched off, older than the result, or at its time and different.
    """
    tool_user = _scored(line_item, score.user_id)
    try:
        with transaction.atomic():
            result = _record(line_item, tool_user, score)
            done()
            return result
    except IntegrityError:
        # Deleted after it was found: no row for it can be written any more.
        if not LineItem.objects.filter(pk=line_item.pk).exists():
            raise Refused(grades.LINE_ITEM_UNKNOWN) from None
        if not ToolUser.objects.filter(pk=tool_user.pk).exists():
            raise Refused(scores.SCORE_USER) from None
        raise


def results(line_item: LineItem, page: Page) -> tuple[list[Result], bool]:
    """One page of a line item's results, with their people, and whether more follow. One query."""
    found = Result.objects.filter(line_item=line_item, pk__gt=page.after)
    if page.filters.get("user_id"):
        try:
            sub = scores.read_user_id(page.filters["user_id"])
        except Refused:
            return [], False
        found = found.filter(tool_user__sub=sub)
    rows = list(found.select_related("tool_user").order_by("pk")[: page.limit + 1])
    return rows[: page.limit], len(rows) > page.limit


def own_results(user: AbstractBaseUser, places: Collection[Place]) -> dict[Place, OwnResult]:
    """What courses said of ``user``, by place; nothing for a place without a result. One query."""
    wanted = set(places)
    if not wanted:
        return {}
    rows = (
        Result.objects.filter(
            tool_user__user=user,
            line_item__resource_link__course__key__in={course for course, _context in wanted},
            line_item__resource_link__context__key__in={context for _course, context in wanted},
        )
        .select_related("line_item__resource_link__course", "line_item__resource_link__context")
        # The course's own line item last, and so it stands; of others the newest.
        .order_by("-line_item__by_tool", "timestamp", "pk")
    )
    found = {}
    for result in rows:
        link = result.line_item.resource_link
        place = (link.course.key, link.context.key)
        if place in wanted:
            found[place] = _own(result)
    return found


def _scored(line_item: LineItem, sub: UUID) -> ToolUser:
    """Whom a score is for: a member of the line item's context now. One query when that is so."""
    membership = _MEMBER.first(context=line_item.context_id, tool=line_item.tool_id, sub=sub)
    if membership is None:
        if not ToolUser.objects.filter(tool=line_item.tool_id, sub=sub).exists():
            raise Refused(scores.SCORE_USER, "nobody of this name")
        raise Refused(scores.SCORE_MEMBER, "never opened a course in this place")
    if membership.state != MembershipState.ACTIVE:
        raise Refused(scores.SCORE_MEMBER, "has left")
    if not membership.tool_user.user.is_active:
        raise Refused(scores.SCORE_SUSPENDED)
    return membership.tool_user


def _record(line_item: LineItem, tool_user: ToolUser, score: scores.Score) -> Result:
    said = {
        "timestamp": score.timestamp,
        "activity_progress": score.activity_progress,
        "grading_progress": score.grading_progress,
        "score_given": score.given,
        "score_maximum": score.maximum,
        "comment": score.comment,
    }
    # Locked until the end of the transaction: of scores sent at once one comes after the other.
    # SQLite has no row locks and needs none, its transactions take the write lock as they begin.
    result, is_first = _RESULT.first(line_item=line_item.pk, tool_user=tool_user.pk), False
    if result is None:
        result, is_first = Result.objects.select_for_update().get_or_create(
            line_item=line_item, tool_user=tool_user, defaults=said
        )
    if not is_first:
        if not scores.check_order(score, result.timestamp):
            scores.check_same(score, _payload_of(result))
            return result
        for name, value in said.items():
            setattr(result, name, value)
        result.save(update_fields=[*said, "updated_at"])
    kept = Score(
        line_item=line_item,
        tool_user=tool_user,
        timestamp=score.timestamp,
        payload=dict(score.payload),
    )
    kept.meaning = _meaning(line_item, tool_user, kept, result)
    insert(kept)
    return result


def _payload_of(result: Result) -> dict[str, Any] | None:
    """The score that the result stands for, as it came."""
    found = Score.objects.filter(
        line_item=result.line_item_id, tool_user=result.tool_user_id, timestamp=result.timestamp
    )
    return found.order_by("-pk").values_list("payload", flat=True).first()


def _meaning(line_item: LineItem, tool_user: ToolUser, score: Score, result: Result) -> str:
    """What it led to, as those who listen say."""
    if line_item.resource_link is None:
        return ""
    if not gradebook.counts(line_item):
        return BESIDE_THE_COURSE
    answers = score_received.send(
        sender=Score,
        score=score,
        result=result,
        resource_link=line_item.resource_link,
        user=tool_user.user,
    )
    return ",".join(str(code) for _receiver, code in answers if code)[:100]


def _own(result: Result) -> OwnResult:
    review = result.line_item.submission_review
    states = (review or {}).get("reviewableStatus")
    return OwnResult(
        activity_progress=result.activity_progress,
        grading_progress=result.grading_progress,
        score_given=result.score_given,
        score_maximum=result.score_maximum,
        comment=result.comment,
        reviewable=review is not None and result.activity_progress in (states or HANDED_IN),
    )
