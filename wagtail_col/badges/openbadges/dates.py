"""Moments as credentials write them: ``xsd:dateTime`` with a zone (VC Data Model 2.0, 4.9)."""

import re
from datetime import UTC, datetime

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
