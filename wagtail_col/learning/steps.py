"""What a step says and asks of a learner, whatever the line it is on."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from wagtail_col.learning import coursework
from wagtail_col.learning.coursework import OnlineCourse
from wagtail_col.learning.models import Step, StepKind

#: Shown instead of the title of something that is not public any more.
NO_LONGER_OFFERED = _("No longer offered")

Courses = Mapping[UUID, OnlineCourse]


def course_of(step: Step) -> UUID | None:
    """The key of the step's online course: its own, or that of its opportunity."""
    if step.kind == StepKind.COURSE:
        return step.course
    if step.listing is not None and step.listing.is_published:
        return step.listing.course
    return None


def may_say_so(step: Step) -> bool:
    """Whether saying that one did the step is enough: it is online and nothing else.

    Whoever was at a place shows it with the code the organiser gave them there; an online course
    reports it itself.
    """
    if step.kind == StepKind.LINK:
        return True
    if step.listing is None or step.listing.course is not None:
        return False
    return step.listing.is_online and not step.listing.is_local


def is_offered(step: Step, courses: Courses | None = None) -> bool:
    """Whether the step can be done at all: its opportunity is there and public, its course known
    and its provider in use.

    ``courses`` where the caller has read them for many steps.
    """
    if step.kind == StepKind.COURSE:
        course = _course(step, courses)
        return course is not None and course.is_offered
    return step.kind == StepKind.LINK or (step.listing is not None and step.listing.is_published)


def title_of(step: Step, courses: Courses | None = None) -> str:
    """The step's title in the active language. That of a withdrawn opportunity is not shown."""
    text = step.text
    if text and text.title:
        return text.title
    if step.kind == StepKind.COURSE:
        course = _course(step, courses)
        if course is not None and course.title:
            return course.title
    if step.listing is not None and step.listing.is_published and step.listing.text:
        return step.listing.text.title
    return str(NO_LONGER_OFFERED)


def _course(step: Step, courses: Courses | None) -> OnlineCourse | None:
    if courses is None:
        courses = coursework.courses_of([step.course])
    return courses.get(step.course)
