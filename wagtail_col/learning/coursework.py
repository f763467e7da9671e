"""Online courses as learners see them: what a course is, and how far one is in it.

Everything this floor asks of ``wagtail_col.lti`` for reading. A site without it has no courses:
every answer is empty then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.presenting import own_image
from wagtail_col.learning import scoring

#: A course and where it is placed (a playlist or an opportunity), by their keys.
Place = tuple[UUID, UUID]


@dataclass(frozen=True)
class OnlineCourse:
    """A course an editor picked. ``picture``: an address on this site; empty values: not known.

    ``is_offered``: its provider is in use. ``in_window``: it opens in a new window, not inside a
    page of ours. ``opens``: from when on, or since when no more, in words; empty when it can be
    opened. ``opens_at``: when it does, if that lies ahead.
    """

    key: UUID
    title: str
    provider: str
    provider_key: UUID
    picture: str
    minutes: int | None
    is_offered: bool
    in_window: bool
    opens: str
    opens_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.is_offered and not self.opens


def are_there() -> bool:
    """Whether this site has online courses at all."""
    return apps.is_installed("wagtail_col.lti")


def courses_of(keys: Iterable[UUID | None]) -> dict[UUID, OnlineCourse]:
    """The courses with these keys, those that are known. One query, none without keys."""
    wanted = {key for key in keys if key is not None}
    if not wanted or not are_there():
        return {}
    from wagtail_col.lti.courses import courses
    from wagtail_col.lti.models import OpensIn

    now = timezone.now()
    return {
        key: OnlineCourse(
            key=key,
            title=view.title,
            provider=view.provider,
            provider_key=view.tool_key,
            picture=own_image(view.picture),
            minutes=view.minutes,
            is_offered=view.is_active,
            in_window=view.opens_in != OpensIn.FRAME,
            opens=opens_in_words(view.available_from, view.available_until, now),
            opens_at=_ahead(view.available_from, now),
        )
        for key, view in courses(wanted).items()
    }


def _ahead(start: datetime | None, now: datetime) -> datetime | None:
    return start if start and start > now else None


def opens_in_words(start: datetime | None, end: datetime | None, now: datetime) -> str:
    """Why a course cannot be opened at this time; empty when it can."""
    if start and now < start:
        return _("Opens on %(when)s") % {"when": saying.date_in_words(start, start, now=now)}
    if end and now > end:
        return _("Closed since %(when)s") % {"when": saying.date_in_words(end, end, now=now)}
    return ""


def done_when_in_words(pass_percent: int | None) -> str:
    """What finishes a step with a course."""
    if pass_percent is None:
        return _("Done when the course says so")
    return _("Done at %(percent)s %%") % {"percent": pass_percent}


def result_in_words(result: Any) -> str:
    """``In progress · 45 of 100 points``: what a course said last of a learner."""
    activity, grading = result.activity_progress, result.grading_progress
    if grading == scoring.FAILED:
        return _("There could be no mark. Ask the course provider.")
    if activity in (scoring.SUBMITTED, scoring.COMPLETED):
        if grading in (scoring.PENDING, scoring.PENDING_MANUAL):
            return _("Handed in, waiting for a mark")
        state = _("Finished") if activity == scoring.COMPLETED else _("Handed in")
    elif activity in (scoring.STARTED, scoring.IN_PROGRESS):
        state = _("In progress")
    else:
        state = _("Opened")
    return " · ".join(part for part in (state, _points(result)) if part)


def _points(result: Any) -> str:
    given, maximum = result.score_given, result.score_maximum
    if given is None or maximum is None:
        return ""
    return ngettext(
        "%(given)s of %(maximum)s point", "%(given)s of %(maximum)s points", round(maximum)
    ) % {"given": _number(given), "maximum": _number(maximum)}


def _number(number: float) -> str:
    number = round(number, 2)
    return number_format(int(number) if number.is_integer() else number)


def own_results(learner: AbstractBaseUser, places: Collection[Place]) -> dict[Place, Any]:
    """What the courses said of the learner, by place: ``lti.grading.OwnResult``."""
    if not places or not are_there():
        return {}
    from wagtail_col.lti.grading import own_results

    return own_results(learner, places)


def results_anywhere(learner: AbstractBaseUser, courses: Collection[UUID]) -> dict[UUID, list]:
    """What these courses said of the learner, of the course as a whole, wherever it was opened."""
    found: dict[UUID, list] = defaultdict(list)
    if not courses or not are_there():
        return found
    from wagtail_col.lti import gradebook
    from wagtail_col.lti.models import Result

    results = Result.objects.filter(
        tool_user__user=learner, line_item__resource_link__course__key__in=courses
    ).select_related("line_item__resource_link__course")
    for result in filter(lambda result: gradebook.counts(result.line_item), results):
        found[result.line_item.resource_link.course.key].append(result)
    return found


def marks(learner: AbstractBaseUser, context: UUID) -> list[tuple[int, str]]:
    """What changes whenever a course in this context says something new of the learner.

    One query.
    """
    if not are_there():
        return []
    from wagtail_col.lti.models import Result

    results = Result.objects.filter(tool_user__user=learner, line_item__context__key=context)
    return sorted(
        (pk, updated_at.isoformat()) for pk, updated_at in results.values_list("pk", "updated_at")
    )
