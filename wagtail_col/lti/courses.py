"""Online courses as learners see them, and which ones an editor may put into a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from wagtail_col.lti.models import Course, OpensIn, Tool, ToolState


@dataclass(frozen=True)
class CourseView:
    """What is said of a course. ``picture`` is an address or ""; ``provider`` a name.

    ``tool_state`` is one of ``models.ToolState``; ``opens_in`` one of ``models.OpensIn``: the
    tool's rule, unless the course itself asked for a window. ``score_maximum`` is None where no
    score comes back.
    """

    key: UUID
    title: str
    text: str
    picture: str
    minutes: int | None
    provider: str
    tool_key: UUID
    tool_state: str
    opens_in: str
    score_maximum: float | None
    available_from: datetime | None
    available_until: datetime | None

    @property
    def is_active(self) -> bool:
        """Whether its tool is in use."""
        return self.tool_state == ToolState.ACTIVE


def courses(keys: Iterable[UUID]) -> dict[UUID, CourseView]:
    """Views by key, in one query (none without keys); keys of no course are not in it."""
    wanted = set(filter(None, keys))
    if not wanted:
        return {}
    found = Course.objects.filter(key__in=wanted).select_related("tool")
    return {course.key: view(course) for course in found}


def view(course: Course) -> CourseView:
    """One course, which has its tool with it."""
    return CourseView(
        key=course.key,
        title=course.title,
        text=course.text,
        picture=picture_url(course.picture),
        minutes=course.minutes,
        provider=course.tool.name,
        tool_key=course.tool.key,
        tool_state=course.tool.state,
        opens_in=opens_in_of(course, course.tool),
        score_maximum=course.score_maximum,
        available_from=course.available_from,
        available_until=course.available_until,
    )


def opens_in_of(course: Course | None, tool: Tool) -> str:
    """How a course opens: as the coordinator set it for its tool. A course may ask for a window."""
    if course is not None and course.opens_in == OpensIn.WINDOW:
        return OpensIn.WINDOW
    return tool.opens_in


def picture_url(name: str) -> str:
    """The address of a stored picture, or "" for none."""
    return default_storage.url(name) if name else ""


def is_offered(tool: Tool, keys: Collection[UUID]) -> bool:
    """Whether a tool may be used below one of these territories and providers."""
    return not tool.offered_to or bool({str(key) for key in keys}.intersection(tool.offered_to))


def offered_tools(keys: Collection[UUID]) -> list[Tool]:
    """The tools in use that may be used below these territories and providers, by name."""
    return [tool for tool in Tool.objects.filter(state=ToolState.ACTIVE) if is_offered(tool, keys)]


@dataclass(frozen=True)
class Choice:
    """A course an editor may choose. ``label``: its title with its provider's name."""

    key: UUID
    title: str
    label: str


def choices(keys: Collection[UUID]) -> list[Choice]:
    """The courses known here that may be used below these territories and providers."""
    found = Course.objects.filter(tool__in=offered_tools(keys)).select_related("tool")
    return [Choice(course.key, course.title, _label(course)) for course in found]


def kept_choices(keys: Iterable[UUID]) -> dict[UUID, Choice]:
    """Courses that stand in a page already, also when they may not be chosen any more."""
    wanted = set(filter(None, keys))
    found = Course.objects.filter(key__in=wanted).select_related("tool") if wanted else ()
    absent = _("%(course)s (not offered here)")
    kept = {
        course.key: Choice(course.key, course.title, absent % {"course": _label(course)})
        for course in found
    }
    gone = _("A course that is no longer here")
    return {key: kept.get(key, Choice(key, gone, gone)) for key in wanted}


def _label(course: Course) -> str:
    return f"{course.title} — {course.tool.name}"
