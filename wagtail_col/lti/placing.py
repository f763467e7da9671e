"""Placing a course in a playlist or an opportunity: the resource link and its own line item."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wagtail_col.lookups import LookUp
from wagtail_col.lti.models import Context, Course, LineItem, ResourceLink

_PLACED = LookUp(
    lambda course, context: ResourceLink.objects.filter(course__key=course, context__key=context),
    "course",
    "course__tool",
    "context",
)
_LINE_ITEMS = LookUp(
    lambda link: LineItem.objects.filter(resource_link=link).order_by("by_tool", "pk")[:2]
)

#: What the course's own line item takes over from it: the name there, the name here.
_TAKEN_OVER = {
    "score_maximum": "score_maximum",
    "resource_id": "resource_id",
    "tag": "tag",
    "starts_at": "submission_from",
    "ends_at": "submission_until",
    "submission_review": "submission_review",
}


def context(key: UUID, title: str) -> Context:
    """The place with this key, made when it is first needed; ``title`` as it is called now."""
    place, _created = Context.objects.get_or_create(key=key, defaults={"title": title[:255]})
    _call(place, title)
    return place


def _call(place: Context, title: str) -> None:
    if title and place.title != title[:255]:
        place.title = title[:255]
        place.save(update_fields=["title"])


def place(course: Course, context_key: UUID, title: str) -> ResourceLink:
    """``course`` in the place ``context_key``, which is called ``title``; the same one each time.

    With a line item of its own, if it reports a score.
    """
    link = link_of(course, context_key, title)
    line_items_of(link)
    return link


def find(course_key: UUID, context_key: UUID) -> ResourceLink | None:
    """The course in that place, with its tool, where it is placed already. One query."""
    return _PLACED.first(course=course_key, context=context_key)


def link_of(
    course: Course, context_key: UUID, title: str, placed: ResourceLink | None = None
) -> ResourceLink:
    """The same as ``place`` without looking at the line item. ``placed``: where it was found."""
    link = placed or find(course.key, context_key)
    if link is None:
        where = context(context_key, title)
        link, _created = ResourceLink.objects.get_or_create(course=course, context=where)
        link.context = where
    else:
        _call(link.context, title)
    link.course = course
    return link


def line_items_of(link: ResourceLink) -> list[LineItem]:
    """The line items of a placed course, two at most: its own one comes first.

    A course with a maximum score, of a tool that may report scores, has one of its own: it is made
    here, or brought in line with the course. What is not wanted any more stays, for results.
    """
    found = _line_items(link)
    if not (link.course.score_maximum and link.course.tool.may_grades):
        return found
    wanted = _wanted(link.course)
    if not found or found[0].by_tool:
        LineItem.objects.get_or_create(
            resource_link=link,
            by_tool=False,
            defaults={**wanted, "tool": link.course.tool, "context": link.context},
        )
        found = _line_items(link)
    own = found[0]
    changed = [name for name, value in wanted.items() if getattr(own, name) != value]
    for name in changed:
        setattr(own, name, wanted[name])
    if changed:
        own.save(update_fields=changed)
    return found


def _line_items(link: ResourceLink) -> list[LineItem]:
    return _LINE_ITEMS.all(link=link.pk)


def _wanted(course: Course) -> dict[str, Any]:
    taken_over = {name: getattr(course, theirs) for name, theirs in _TAKEN_OVER.items()}
    return {**taken_over, "label": (course.score_label or course.title)[:255]}
