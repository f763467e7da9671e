"""Line items in the database: of each tool its own, in contexts that have a course of it.

A line item that came with a course (``by_tool`` is False) lives as long as the course is placed
(AGS 2.0, section 4.3.1). Its tool may change what it says, but not delete it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef

from wagtail_col.lookups import LookUp
from wagtail_col.lti.models import Context, LineItem, ResourceLink, Tool
from wagtail_col.lti.platform import grades
from wagtail_col.lti.platform.paging import Page
from wagtail_col.lti.platform.requirements import Refused

_LINE_ITEM = LookUp(
    lambda tool, key: LineItem.objects.filter(tool=tool, key=key),
    "resource_link",
    "resource_link__course",
)


def context_of(tool: Tool, key: UUID) -> Context:
    """A context with a course of this tool. Raises ``Refused`` for all others."""
    links = ResourceLink.objects.filter(context=OuterRef("pk"), course__tool=tool)
    context = Context.objects.filter(Exists(links), key=key).first()
    if context is None:
        raise Refused(grades.CONTEXT_UNKNOWN)
    return context


def line_items(tool: Tool, context: Context, page: Page) -> tuple[list[LineItem], bool]:
    """One page of a tool's line items in a context, and whether more follow. One query."""
    found = LineItem.objects.filter(tool=tool, context=context, pk__gt=page.after)
    filters = page.filters
    if filters.get("resource_link_id"):
        key = as_key(filters["resource_link_id"])
        found = found.filter(resource_link__key=key) if key else found.none()
    for name in ("resource_id", "tag"):
        if filters.get(name):
            found = found.filter(**{name: filters[name]})
    rows = list(found.select_related("resource_link").order_by("pk")[: page.limit + 1])
    return rows[: page.limit], len(rows) > page.limit


def line_item_of(tool: Tool, key: UUID) -> LineItem:
    """A line item of this tool, with its placed course. Raises ``Refused`` for all others."""
    found = _LINE_ITEM.first(tool=tool.pk, key=key)
    if found is None:
        raise Refused(grades.LINE_ITEM_UNKNOWN)
    return found


def create(tool: Tool, context: Context, item: grades.LineItem) -> LineItem:
    """A new line item of the tool's own making. Raises ``Refused``."""
    # One more or fewer does not matter: nothing is locked for it.
    if LineItem.objects.filter(tool=tool, context=context).count() >= grades.MOST_ITEMS:
        raise Refused(grades.LINE_ITEM_COUNT)
    link = _link(tool, context, item.resource_link_id) if item.resource_link_id else None
    return LineItem.objects.create(
        tool=tool, context=context, resource_link=link, by_tool=True, **_values(item)
    )


def update(line_item: LineItem, item: grades.LineItem) -> LineItem:
    """Replace what a line item says: all but which course it is for. Raises ``Refused``."""
    link = line_item.resource_link
    if item.resource_link_id and (link is None or as_key(item.resource_link_id) != link.key):
        raise Refused(grades.LINE_ITEM_MOVED)
    values = _values(item)
    # A line item that was deleted in the meantime is not made again.
    if not LineItem.objects.filter(pk=line_item.pk).update(**values):
        raise Refused(grades.LINE_ITEM_UNKNOWN)
    for name, value in values.items():
        setattr(line_item, name, value)
    return line_item


def delete(line_item: LineItem) -> None:
    """Delete a line item of the tool's own making, with its scores. Raises ``Refused``."""
    if not line_item.by_tool:
        raise Refused(grades.LINE_ITEM_OURS)
    line_item.delete()


def counts(line_item: LineItem) -> bool:
    """Whether a line item's scores are those of its placed course.

    That is the one which came with the course. Where none did, it is the only one the tool made
    for it: of several, nobody can tell which stands for the whole course.
    """
    if line_item.resource_link_id is None:
        return False
    if not line_item.by_tool:
        return True
    others = LineItem.objects.filter(resource_link=line_item.resource_link_id)
    return not others.exclude(pk=line_item.pk).exists()


def as_said(line_item: LineItem) -> grades.LineItem:
    """A line item as the protocol has it."""
    link = line_item.resource_link
    return grades.LineItem(
        label=line_item.label,
        score_maximum=line_item.score_maximum,
        resource_id=line_item.resource_id,
        tag=line_item.tag,
        resource_link_id=str(link.key) if link else "",
        starts_at=line_item.starts_at,
        ends_at=line_item.ends_at,
        submission_review=line_item.submission_review,
    )


def as_key(value: str) -> UUID | None:
    """A key as tools got it from us, or None: then there is nothing of that name."""
    try:
        return UUID(value)
    except ValueError:
        return None


def _link(tool: Tool, context: Context, resource_link_id: str) -> ResourceLink:
    key = as_key(resource_link_id)
    found = key and ResourceLink.objects.filter(key=key, context=context, course__tool=tool).first()
    if not found:
        raise Refused(grades.LINE_ITEM_LINK)
    return found


def _values(item: grades.LineItem) -> dict:
    names = ("label", "score_maximum", "resource_id", "tag", "starts_at", "ends_at")
    return {
        **{name: getattr(item, name) for name in names},
        "submission_review": dict(item.submission_review) if item.submission_review else None,
    }
