"""Line items: the columns of a gradebook, as tools describe them and as we answer.

Source: Assignment and Grade Services 2.0, section 3.2.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform.content import read_submission_review
from wagtail_col.lti.platform.moments import FIRST_YEAR, LAST_YEAR, read_moment, write_moment
from wagtail_col.lti.platform.points import read_points
from wagtail_col.lti.platform.requirements import Refused, requirement

#: Media types (section 3.2.1).
ITEM = "application/vnd.ims.lis.v2.lineitem+json"
CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
#: Query parameters that narrow a container down (section 3.2.4).
FILTERS = ("resource_link_id", "resource_id", "tag")
#: Line items one tool may make in one context.
MOST_ITEMS = 500
_LONGEST = 255

_TELL = _("The course provider describes a score in a wrong way. Tell its support.")

LINE_ITEM_LABEL = requirement(
    "line-item-label",
    "Assignment and Grade Services 2.0, 3.2.7",
    "label",
    _("The line item has no label."),
    _TELL,
)
LINE_ITEM_MAXIMUM = requirement(
    "line-item-maximum",
    "Assignment and Grade Services 2.0, 3.2.8",
    "scoreMaximum",
    _("The maximum score of the line item is not a number above 0 that can be used."),
    _("Set the points of the course in the course provider’s settings, or tell its support."),
)
LINE_ITEM_TEXT = requirement(
    "line-item-text",
    "Assignment and Grade Services 2.0, 3.2.10 and 3.2.11",
    "resourceId, tag",
    _("An identifier of the line item is not a text of at most 255 characters."),
    _TELL,
)
LINE_ITEM_TIME = requirement(
    "line-item-time",
    "Assignment and Grade Services 2.0, 3.2.12 and 3.2.13",
    "startDateTime, endDateTime",
    _("A time of the line item is not a date and time with a time zone."),
    _TELL,
)
LINE_ITEM_REVIEW = requirement(
    "line-item-review",
    "Submission Review 1.0, 3",
    "submissionReview",
    _("What the line item says about looking at submissions cannot be used."),
    _TELL,
)
LINE_ITEM_LINK = requirement(
    "line-item-link",
    "Assignment and Grade Services 2.0, 3.2.9",
    "resourceLinkId",
    _("The line item is for a course that this provider has not got in this place."),
    _("The course may have been taken out of the playlist. Nothing has to be done."),
    error="not_found",
    status=404,
)
LINE_ITEM_MOVED = requirement(
    "line-item-moved",
    "Assignment and Grade Services 2.0, 3.2.6",
    "resourceLinkId",
    _("A line item cannot be moved to another course."),
    _TELL,
)
LINE_ITEM_OURS = requirement(
    "line-item-ours",
    "Assignment and Grade Services 2.0, 4.3.1",
    "id",
    _("The line item came with the course, and stays as long as the course does."),
    _("Take the course out of the playlist here instead."),
    error="forbidden",
    status=403,
)
LINE_ITEM_COUNT = requirement(
    "line-item-count",
    "Assignment and Grade Services 2.0, 3.2.5",
    "id",
    _("The course provider has made too many line items in one place."),
    _("It may make 500 of them in one playlist. Ask it to take out those it no longer needs."),
    error="forbidden",
    status=403,
)
LINE_ITEM_UNKNOWN = requirement(
    "line-item-unknown",
    "Assignment and Grade Services 2.0, 3.2.3",
    "id",
    _("There is no such line item of this course provider."),
    _("The course may have been taken out of the playlist. Nothing has to be done."),
    error="not_found",
    status=404,
)
CONTEXT_UNKNOWN = requirement(
    "context-unknown",
    "Assignment and Grade Services 2.0, 3.1",
    "context",
    _("There is no such place with a course of this provider."),
    _("The course may have been taken out of the playlist. Nothing has to be done."),
    error="not_found",
    status=404,
)


@dataclass(frozen=True)
class LineItem:
    """A line item as a tool wants it. Empty texts and None: it says nothing of that."""

    label: str
    score_maximum: float
    resource_id: str = ""
    tag: str = ""
    resource_link_id: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    submission_review: Mapping[str, Any] | None = None


def read_line_item(value: Mapping[str, Any], http_hosts: Collection[str] = ()) -> LineItem:
    """A complete line item, to be made or to replace one. Raises ``Refused``.

    A label that is too long is cut short; ``resourceId`` and ``tag`` never, which a platform must
    not change. Other members, such as ``gradesReleased`` and extensions, are ignored.
    """
    label = value.get("label")
    if not isinstance(label, str) or not label.strip():
        raise Refused(LINE_ITEM_LABEL)
    return LineItem(
        label=label.strip()[:_LONGEST],
        score_maximum=read_points(
            value.get("scoreMaximum"), LINE_ITEM_MAXIMUM, "scoreMaximum", above_zero=True
        ),
        resource_id=_text(value, "resourceId"),
        tag=_text(value, "tag"),
        resource_link_id=_text(value, "resourceLinkId"),
        starts_at=_time(value, "startDateTime"),
        ends_at=_time(value, "endDateTime"),
        submission_review=_review(value.get("submissionReview"), http_hosts),
    )


def line_item_json(item: LineItem, url: str) -> dict[str, Any]:
    """``item`` as we answer it; ``url`` is its ``id``."""
    members: dict[str, Any] = {
        "id": url,
        "label": item.label,
        "scoreMaximum": number(item.score_maximum),
        "startDateTime": write_moment(item.starts_at) if item.starts_at else None,
        "endDateTime": write_moment(item.ends_at) if item.ends_at else None,
    }
    said = {
        "resourceId": item.resource_id,
        "tag": item.tag,
        "resourceLinkId": item.resource_link_id,
        "submissionReview": item.submission_review,
    }
    return members | {name: one for name, one in said.items() if one}


def number(value: float) -> int | float:
    """100 rather than 100.0: some readers take nothing else for a whole number."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _text(value: Mapping[str, Any], name: str) -> str:
    said = value.get(name)
    if said is None:
        return ""
    if not isinstance(said, str) or len(said) > _LONGEST:
        raise Refused(LINE_ITEM_TEXT, name)
    return said


def _time(value: Mapping[str, Any], name: str) -> datetime | None:
    said = value.get(name)
    if said in (None, ""):
        return None
    try:
        moment = read_moment(said)
    except ValueError as error:
        raise Refused(LINE_ITEM_TIME, name) from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Refused(LINE_ITEM_TIME, name)
    return moment


def _review(said: Any, http_hosts: Collection[str]) -> dict[str, Any] | None:
    try:
        return read_submission_review(said, http_hosts)
    except Refused as refused:
        raise Refused(LINE_ITEM_REVIEW, refused.detail) from refused
