"""Scores that tools publish, and the results they read back.

Source: Assignment and Grade Services 2.0, sections 3.3 and 3.4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform.grades import number
from wagtail_col.lti.platform.moments import read_moment
from wagtail_col.lti.platform.points import read_points
from wagtail_col.lti.platform.requirements import Refused, requirement

#: Media types (sections 3.3.4 and 3.4.3).
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
#: Sections 3.4.7 and 3.4.8.
ACTIVITY = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")
#: How far a tool's clock may be ahead: a score from the future would keep out all that follow.
AHEAD = timedelta(minutes=5)

_TELL = _("The course provider sends scores in a wrong way. Tell its support.")
_LEARNER = _(
    "The score was not kept. If the learner should get it, they open the course here again."
)

SCORE_USER = requirement(
    "score-user",
    "Assignment and Grade Services 2.0, 3.4.5",
    "userId",
    _("The score is for nobody this course provider knows from here."),
    _("The course provider has to send the “sub” of the launch as “userId”. Tell its support."),
)
SCORE_MEMBER = requirement(
    "score-member",
    "Assignment and Grade Services 2.0, 3.4.5",
    "userId",
    _("The score is for somebody who never opened this course, or has left."),
    _LEARNER,
)
SCORE_SUSPENDED = requirement(
    "score-suspended",
    "Assignment and Grade Services 2.0, 3.4.5",
    "userId",
    _("The score is for somebody whose account is switched off."),
    _("Nothing has to be done, unless the account was switched off by mistake."),
)
SCORE_POINTS = requirement(
    "score-points",
    "Assignment and Grade Services 2.0, 3.4.4",
    "scoreGiven, scoreMaximum",
    _("The points are not numbers that can be used."),
    _(
        "“scoreGiven” is 0 or more, with a “scoreMaximum” above 0 beside it. Tell the course"
        " provider’s support."
    ),
)
SCORE_ACTIVITY = requirement(
    "score-activity",
    "Assignment and Grade Services 2.0, 3.4.7",
    "activityProgress",
    _("The score does not say how far the learner is, in one of the words of LTI."),
    _TELL,
)
SCORE_GRADING = requirement(
    "score-grading",
    "Assignment and Grade Services 2.0, 3.4.8",
    "gradingProgress",
    _("The score does not say whether it is final, in one of the words of LTI."),
    _TELL,
)
SCORE_COMMENT = requirement(
    "score-comment",
    "Assignment and Grade Services 2.0, 3.4.11",
    "comment",
    _("The comment is not a text of at most 10,000 characters."),
    _TELL,
)
SCORE_TIMESTAMP = requirement(
    "score-timestamp",
    "Assignment and Grade Services 2.0, 3.4.9",
    "timestamp",
    _("The score does not say when it was given, with a time zone."),
    _TELL,
)
SCORE_FUTURE = requirement(
    "score-future",
    "Assignment and Grade Services 2.0, 3.4.9",
    "timestamp",
    _("The score comes from the future."),
    _("The course provider’s clock is wrong. Tell its support."),
)
SCORE_OLDER = requirement(
    "score-older",
    "Assignment and Grade Services 2.0, 3.4.9",
    "timestamp",
    _("A newer score is there already."),
    _("Nothing has to be done: the newer score counts."),
    error="conflict",
    status=409,
)
SCORE_SAME_TIME = requirement(
    "score-same-time",
    "Assignment and Grade Services 2.0, 3.4.9",
    "timestamp",
    _("Another score of exactly the same time is there already."),
    _("The course provider has to write fractions of a second. Tell its support."),
    error="conflict",
    status=409,
)

_LONGEST_COMMENT = 10_000


@dataclass(frozen=True)
class Score:
    """A score as a tool publishes it. ``given`` None: there is no score (any more)."""

    user_id: UUID
    timestamp: datetime
    activity_progress: str
    grading_progress: str
    given: float | None
    maximum: float | None
    comment: str
    #: As it came.
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What we answer about one learner and line item."""

    user_id: str
    given: float | None
    maximum: float | None
    comment: str


def read_score(value: Mapping[str, Any], now: datetime) -> Score:
    """A score from its JSON. Raises ``Refused``, saying which member is wrong.

    More points than the maximum are extra credit (section 3.4.4). ``submission`` and extensions
    are kept as they came and not looked at.
    """
    given, maximum = _points(value)
    return Score(
        user_id=read_user_id(value.get("userId")),
        timestamp=_timestamp(value.get("timestamp"), now),
        activity_progress=_one_of(value, "activityProgress", ACTIVITY, SCORE_ACTIVITY),
        grading_progress=_one_of(value, "gradingProgress", GRADING, SCORE_GRADING),
        given=given,
        maximum=maximum,
        comment=_comment(value.get("comment")),
        payload=value,
    )


def read_user_id(value: Any) -> UUID:
    """A ``sub`` of ours. Raises ``Refused`` for anything else, which is nobody."""
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError as error:
        raise Refused(SCORE_USER, "not a “sub” of ours") from error
    # UUID() also reads other ways to write one.
    if found is None or str(found) != value.lower():
        raise Refused(SCORE_USER, "not a “sub” of ours" if found else "no text")
    return found


def check_order(score: Score, last: datetime | None) -> bool:
    """Whether a score is newer than ``last``, that of the result; False at the same time.

    Raises ``Refused`` when it is older. At the same time it is a repetition, or refused by
    ``check_same``.
    """
    if last is None or score.timestamp > last:
        return True
    if score.timestamp < last:
        raise Refused(SCORE_OLDER, f"{last - score.timestamp} older")
    return False


def check_same(score: Score, kept: Mapping[str, Any] | None) -> None:
    """A score of the same time as ``kept`` says the same, or is refused (section 3.4.9)."""
    # The same moment can be written in two ways.
    without_time = [
        {name: said for name, said in payload.items() if name != "timestamp"}
        for payload in (score.payload, kept or {})
    ]
    if without_time[0] != without_time[1]:
        raise Refused(SCORE_SAME_TIME)


def result_json(
    result: Result, *, line_item_url: str, url: str, line_item_maximum: float
) -> dict[str, Any]:
    """A result as we answer it, scaled to the line item's maximum (section 3.4.4)."""
    members: dict[str, Any] = {"id": url, "scoreOf": line_item_url, "userId": result.user_id}
    if result.given is not None and result.maximum:
        scaled = result.given / result.maximum * line_item_maximum
        if not math.isfinite(scaled):
            scaled, line_item_maximum = result.given, result.maximum
        # Without the traces of the division: 7.000000000000001 is 7.
        members["resultScore"] = number(round(scaled, 6))
        members["resultMaximum"] = number(line_item_maximum)
    if result.comment:
        members["comment"] = result.comment
    return members


def _points(value: Mapping[str, Any]) -> tuple[float | None, float | None]:
    given, maximum = value.get("scoreGiven"), value.get("scoreMaximum")
    if given is not None and maximum is None:
        raise Refused(SCORE_POINTS, "scoreMaximum is missing")
    if maximum is not None:
        maximum = read_points(maximum, SCORE_POINTS, "scoreMaximum", above_zero=True)
    if given is not None:
        given = read_points(given, SCORE_POINTS, "scoreGiven")
    return given, maximum


def _timestamp(value: Any, now: datetime) -> datetime:
    try:
        moment = read_moment(value)
    except ValueError as error:
        raise Refused(SCORE_TIMESTAMP, str(value)[:60]) from error
    if moment > now + AHEAD:
        raise Refused(SCORE_FUTURE, f"{moment - now} ahead")
    if moment.year < 2000:
        raise Refused(SCORE_TIMESTAMP, str(value)[:60])
    return moment


def _one_of(value: Mapping[str, Any], name: str, words: tuple[str, ...], refusal: Any) -> str:
    said = value.get(name)
    if not isinstance(said, str) or said not in words:
        raise Refused(refusal, str(said)[:60])
    return said


def _comment(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST_COMMENT:
        raise Refused(SCORE_COMMENT)
    return value.strip()
