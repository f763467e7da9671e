"""Dates and times as the services write them: ISO 8601 with a time zone designator.

Source: Assignment and Grade Services 2.0, sections 3.2.12, 3.4.9 and 4.2. Tools write the zone as
``Z``, ``+00:00``, ``+0000`` or ``+00``, and fractions of a second with any number of digits.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

#: Years in which something begins and ends: at the ends of the calendar a moment may lie outside
#: of it in another time zone.
FIRST_YEAR, LAST_YEAR = 1900, 9000

_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,12}))?"
    r"(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?)"
)


def read_moment(text: object) -> datetime:
    """The moment, in UTC, to the microsecond. Raises ValueError for anything else."""
    found = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("not a date and time with a time zone")
    day, time, fraction, sign, hours, minutes = found.groups()
    moment = datetime.fromisoformat(f"{day}T{time}")
    zone = UTC
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
    microsecond = int(((fraction or "") + "000000")[:6])
    try:
        return moment.replace(microsecond=microsecond, tzinfo=zone).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a date and time that can be kept") from error


def write_moment(moment: datetime) -> str:
    """``2026-05-04T10:20:30.123456Z``, without the fraction when there is none."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
