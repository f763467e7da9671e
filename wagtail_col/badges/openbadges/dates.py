"""Moments as credentials write them: ``xsd:dateTime`` with a zone (VC Data Model 2.0, 4.9)."""

import re
from datetime import UTC, datetime, timedelta

from .errors import OpenBadgesError, Reason

# How far another clock may be ahead.
CLOCK_TOLERANCE = timedelta(minutes=5)

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)


def write_moment(moment: datetime) -> str:
    """``2026-05-04T10:20:30Z``: UTC, whole seconds. Raises ValueError without a zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def read_moment(text: str) -> datetime:
    """The aware moment that ``text`` writes. Raises ValueError for anything else."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise ValueError("not a date and time with a zone")
    # Fractions beyond microseconds are cut: nothing here turns on them.
    return datetime.fromisoformat(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text))


def check_dates(document: dict, now: datetime) -> None:
    """Raises ``OpenBadgesError`` outside validFrom…validUntil (both already checked for form)."""
    start = read_moment(document["validFrom"])
    end = read_moment(document["validUntil"]) if "validUntil" in document else None
    if end is not None and end < start:
        raise OpenBadgesError(
            "This ends before it begins.", Reason.ENDS_BEFORE_START, date=document["validUntil"]
        )
    if start > now + CLOCK_TOLERANCE:
        raise OpenBadgesError(
            "This is not valid yet.", Reason.NOT_YET_VALID, date=document["validFrom"]
        )
    if end is not None and end < now:
        raise OpenBadgesError("This has expired.", Reason.EXPIRED, date=document["validUntil"])
