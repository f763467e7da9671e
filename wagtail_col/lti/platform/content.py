"""Content items: what an editor picks in a course provider's catalogue.

Source: Deep Linking 2.0, section 3 (content item types). Of the types there we ask for two:
``ltiResourceLink`` (an online course) and ``link`` (a web page).
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform.moments import FIRST_YEAR, LAST_YEAR
from wagtail_col.lti.platform.requirements import Refused, requirement

COURSE = "ltiResourceLink"
LINK = "link"
#: What we ask for (``accept_types``) and take.
TYPES = (COURSE, LINK)

#: Characters of a title, a label and an identifier; of a text; of an address.
LONGEST_TITLE, LONGEST_TEXT, LONGEST_URL = 255, 10_000, 2000
#: A course that takes longer than a year is a mistake.
MOST_MINUTES = 366 * 24 * 60

ITEM_FORM = requirement(
    "picked-item-form",
    "Deep Linking 2.0, 3",
    "content_items",
    _("What was picked cannot be read."),
    _("The course provider describes a course in a way that LTI does not know. Tell its support."),
)
ITEM_TYPE = requirement(
    "picked-item-type",
    "Deep Linking 2.0, 3",
    "type",
    _("Something was picked that is neither a course nor a web link."),
    _("Pictures, files and pieces of a page cannot be steps. Pick again without them."),
)
ITEM_URL = requirement(
    "picked-item-url",
    "Deep Linking 2.0, 3.1 and 3.2",
    "url",
    _("The address of something that was picked cannot be used."),
    _("It has to be a complete address that begins with https://. Tell the provider’s support."),
)
ITEM_CUSTOM = requirement(
    "picked-item-custom",
    "Deep Linking 2.0, 3.2",
    "custom",
    _("The custom parameters of a course cannot be used."),
    _("They have to be names with a text each. Tell the course provider’s support."),
)
ITEM_MAXIMUM = requirement(
    "picked-item-maximum",
    "Deep Linking 2.0, 3.2",
    "lineItem.scoreMaximum",
    _("The maximum score of a course is not a number above 0."),
    _("Set the points of the course in the course provider’s settings, or tell its support."),
)
ITEM_LINE_ITEM = requirement(
    "picked-item-line-item",
    "Deep Linking 2.0, 3.2",
    "lineItem",
    _("What a course says of its score cannot be read."),
    _("The course provider describes the score in a way that LTI does not know. Tell its support."),
)
ITEM_TIMES = requirement(
    "picked-item-times",
    "Deep Linking 2.0, 3.2",
    "available",
    _("The times at which a course is open cannot be used."),
    _("Check the dates of the course in the course provider’s settings: it ends after it begins."),
)

_DURATION = re.compile(
    r"P(?=[\dT])(?:(\d{1,4})W)?(?:(\d{1,4})D)?"
    r"(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:[.,]\d{1,9})?S)?)?"
)


@dataclass(frozen=True)
class ContentItem:
    """One thing that was picked. Empty texts, None and empty mappings: it says nothing of that.

    ``picture``: address of its thumbnail or icon, which nobody has looked at. ``opens_in``:
    "frame", "window" or "". ``score_maximum``: None when it wants no line item.
    ``submission_review``: the member of that name as it came.
    """

    type: str
    url: str
    title: str = ""
    text: str = ""
    picture: str = ""
    minutes: int | None = None
    custom: Mapping[str, str] = field(default_factory=dict)
    opens_in: str = ""
    available_from: datetime | None = None
    available_until: datetime | None = None
    submission_from: datetime | None = None
    submission_until: datetime | None = None
    score_maximum: float | None = None
    score_label: str = ""
    resource_id: str = ""
    tag: str = ""
    submission_review: Mapping[str, Any] | None = None

    @property
    def is_course(self) -> bool:
        return self.type == COURSE


def identity(item: ContentItem) -> str:
    """What tells an item apart among its tool's: picked again, it is the same. 64 hex digits.

    Its ``resourceId`` when it has one, otherwise its address and custom parameters: with these
    alone the tool knows what to show.
    """
    if item.resource_id:
        said: list[Any] = ["resource", item.resource_id]
    else:
        said = ["url", item.url, sorted(item.custom.items())]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def read_item(value: Any, *, launch_url: str, http_hosts: Collection[str] = ()) -> ContentItem:
    """One member of ``content_items``. Raises ``Refused`` for what cannot be used.

    ``launch_url``: where a course starts that names no address. ``http_hosts``: hosts ("host" or
    "host:port") whose addresses may begin with http.
    """
    if not isinstance(value, dict):
        raise Refused(ITEM_FORM, "not an object")
    kind = value.get("type")
    if kind not in TYPES:
        raise Refused(ITEM_TYPE, str(kind)[:60])
    if kind == COURSE and value.get("url") in (None, ""):
        url = launch_url
    else:
        url = check_url(value.get("url"), http_hosts, "url")
    title = _text(value, "title", LONGEST_TITLE)
    common = {
        "type": kind,
        "url": url,
        "title": title,
        "text": _text(value, "text", LONGEST_TEXT),
        "picture": _picture(value, http_hosts),
        "minutes": _minutes(value),
    }
    if kind == LINK:
        return ContentItem(**{**common, "title": title or urlsplit(url).netloc})
    available, submission = _span(value, "available"), _span(value, "submission")
    return ContentItem(
        **common,
        custom=read_custom(value.get("custom")),
        opens_in=_opens_in(value),
        available_from=available[0],
        available_until=available[1],
        submission_from=submission[0],
        submission_until=submission[1],
        **_line_item(value.get("lineItem"), http_hosts),
    )


def check_url(value: Any, http_hosts: Collection[str], where: str) -> str:
    """An address as it came, if it is one of https (or of a host that may do without)."""
    if not isinstance(value, str) or not value:
        raise Refused(ITEM_URL, f"{where}: none")
    if len(value) > LONGEST_URL:
        raise Refused(ITEM_URL, f"{where}: {len(value)} characters")
    if any(ord(c) <= 32 or ord(c) == 127 or c == "\\" for c in value):
        raise Refused(ITEM_URL, f"{where}: a space or a sign that no address has")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(ITEM_URL, f"{where}: unreadable") from error
    if not host or "@" in parts.netloc:
        raise Refused(ITEM_URL, f"{where}: {parts.scheme[:20]}:")
    plain = host in http_hosts or f"{host}:{port or 80}" in http_hosts
    if parts.scheme != "https" and not (parts.scheme == "http" and plain):
        raise Refused(ITEM_URL, f"{where}: {parts.scheme[:20]}://{host[:100]}")
    return value


def read_custom(value: Any, where: str = "custom") -> dict[str, str]:
    """Custom parameters: names to texts. Numbers and booleans, as some tools send, become text."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused(ITEM_CUSTOM, f"{where}: not an object")
    found = {}
    for name, said in value.items():
        if said is None:
            said = ""
        elif isinstance(said, bool | int | float):
            said = json.dumps(said)
        if not isinstance(said, str):
            raise Refused(ITEM_CUSTOM, f"{where}: {name[:60]} is no text")
        found[name] = said
    return found


def read_duration(value: Any) -> int | None:
    """Minutes of an ISO 8601 duration ("PT1H30M"), rounded up; None when it is none."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = ((weeks * 7 + days) * 24 + hours) * 60 + minutes + math.ceil(seconds / 60)
    return total if 0 < total <= MOST_MINUTES else None


def plain_text(said: str) -> str:
    """A text without control characters and halves of characters, which no database keeps."""
    kept = (c for c in said if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def _text(value: dict, name: str, longest: int) -> str:
    said = value.get(name)
    if said is None:
        return ""
    if not isinstance(said, str):
        raise Refused(ITEM_FORM, f"{name}: no text")
    return plain_text(said)[:longest]


def _picture(value: dict, http_hosts: Collection[str]) -> str:
    """The larger of its pictures. One that cannot be used is no reason to lose the course."""
    for name in ("thumbnail", "icon"):
        said = value.get(name)
        try:
            return check_url(said.get("url") if isinstance(said, dict) else said, http_hosts, name)
        except Refused:
            continue
    return ""


def _minutes(value: dict) -> int | None:
    """How long it takes: no member of LTI, so a custom parameter or an extension of the item."""
    custom = value.get("custom")
    said = [custom.get("timeRequired")] if isinstance(custom, dict) else []
    said += [more for name, more in value.items() if name.endswith("timeRequired")]
    return next(filter(None, map(read_duration, said)), None)


def _opens_in(value: dict) -> str:
    """How the tool would like it to open; "" when it leaves that to us."""
    asks = [name for name in ("iframe", "window") if isinstance(value.get(name), dict)]
    return {("iframe",): "frame", ("window",): "window"}.get(tuple(asks), "")


def _span(value: dict, name: str) -> tuple[datetime | None, datetime | None]:
    said = value.get(name)
    if said is None:
        return None, None
    if not isinstance(said, dict):
        raise Refused(ITEM_TIMES, f"{name}: not an object")
    start, end = (_time(said.get(f"{part}DateTime"), name, part) for part in ("start", "end"))
    if start and end and end <= start:
        raise Refused(ITEM_TIMES, f"{name}: it ends before it begins")
    return start, end


def _time(said: Any, name: str, part: str) -> datetime | None:
    if said in (None, ""):
        return None
    try:
        found = datetime.fromisoformat(said)
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused(ITEM_TIMES, f"{name}: {str(said)[:60]}") from error
    if found.year > LAST_YEAR and part == "end":
        # How some catalogues say "never".
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        # In another time zone it may lie outside of the calendar.
        raise Refused(ITEM_TIMES, f"{name}: {str(said)[:60]}")
    return found


def _line_item(said: Any, http_hosts: Collection[str]) -> dict[str, Any]:
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise Refused(ITEM_LINE_ITEM, "not an object")
    maximum = said.get("scoreMaximum")
    try:
        number = float(maximum) if isinstance(maximum, int | float) else math.nan
    except OverflowError:
        number = math.inf
    if isinstance(maximum, bool) or not (math.isfinite(number) and number > 0):
        raise Refused(ITEM_MAXIMUM, str(maximum)[:60])
    texts = {}
    for name in ("label", "resourceId", "tag"):
        text = said.get(name)
        if text is not None and not isinstance(text, str):
            raise Refused(ITEM_LINE_ITEM, f"{name}: no text")
        texts[name] = text or ""
        if len(texts[name]) > LONGEST_TITLE and name != "label":
            # Cut short, it would be another one.
            raise Refused(ITEM_LINE_ITEM, f"{name}: {len(texts[name])} characters")
    return {
        "score_maximum": number,
        "score_label": texts["label"][:LONGEST_TITLE],
        "resource_id": texts["resourceId"],
        "tag": texts["tag"],
        "submission_review": read_submission_review(said.get("submissionReview"), http_hosts),
    }


def read_submission_review(said: Any, http_hosts: Collection[str]) -> dict[str, Any] | None:
    """AGS 2.0 with Submission Review 1.0, section 3: which states can be looked at, and where."""
    if said is None:
        return None
    if not isinstance(said, dict):
        raise Refused(ITEM_LINE_ITEM, "submissionReview: not an object")
    states = said.get("reviewableStatus", [])
    if not isinstance(states, list) or not all(isinstance(state, str) for state in states):
        raise Refused(ITEM_LINE_ITEM, "submissionReview.reviewableStatus: not a list of texts")
    found: dict[str, Any] = {"reviewableStatus": states}
    if said.get("url") not in (None, ""):
        found["url"] = check_url(said["url"], http_hosts, "submissionReview.url")
    if said.get("label") is not None:
        found["label"] = _text(said, "label", LONGEST_TITLE)
    if said.get("custom") is not None:
        found["custom"] = read_custom(said["custom"], "submissionReview.custom")
    return found
