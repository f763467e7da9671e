"""What the score of an online course means for a step. Pure: no database, no texts.

The words of Assignment and Grade Services 2.0, sections 3.4.7 and 3.4.8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

#: ``activityProgress``: the learner has done what there was to do, or has handed it in.
COMPLETED = "Completed"
SUBMITTED = "Submitted"
IN_PROGRESS = "InProgress"
STARTED = "Started"
#: ``gradingProgress``: the score is final, waits for a marker, or could not be worked out.
FULLY_GRADED = "FullyGraded"
PENDING = "Pending"
PENDING_MANUAL = "PendingManual"
FAILED = "Failed"


@dataclass(frozen=True)
class Reported:
    """What a course says of one learner: how far they are, and the points if there are any."""

    activity_progress: str
    grading_progress: str
    score_given: float | None = None
    score_maximum: float | None = None


def completes(reported: Reported, pass_percent: int | None) -> bool:
    """Whether the step is done with it.

    Without ``pass_percent`` it is done when the course says "completed" and has not failed to mark
    it. With it, when a final score is at least that part of the maximum.
    """
    if pass_percent is None:
        return reported.activity_progress == COMPLETED and reported.grading_progress != FAILED
    return (
        reported.activity_progress in (COMPLETED, SUBMITTED)
        and reported.grading_progress == FULLY_GRADED
        and reaches(reported.score_given, reported.score_maximum, pass_percent)
    )


def reaches(given: float | None, maximum: float | None, percent: int) -> bool:
    """Whether ``given`` of ``maximum`` points are at least so many percent.

    Exact, with the decimals that were written: 0.7 of 1 is 70 percent, which binary fractions
    fall short of.
    """
    if given is None or maximum is None or not (math.isfinite(given) and math.isfinite(maximum)):
        return False
    if maximum <= 0:
        return False
    return _written(given) * 100 >= _written(maximum) * percent


def _written(number: float) -> Fraction:
    return Fraction(repr(number))
