"""When a row says that something is: one moment, some days, each Thursday of a term."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from wagtail_col.catalogue.facts import Date
from wagtail_col.catalogue.importing import values
from wagtail_col.catalogue.importing.mapping import Mapped

#: The most dates of one item: more than each day of a year.
MOST_DATES = 400
#: With more days of the week than this and without a time it is one long date: an exhibition.
MOST_DAYS_APART = 3
MIDNIGHT, LAST_MINUTE = time(0, 0), time(23, 59)


class Undatable(Exception):
    """The dates cannot be read: which column, a code of ``refusing.FAULTS``, the cell's text."""

    def __init__(self, column: str, code: str, value: str = "") -> None:
        super().__init__(column, code, value)
        self.column, self.code, self.value = column, code, value


def dates_of(cells: list[str], mapped: Mapped, zone: tzinfo, minutes: int | None) -> list[Date]:
    """The dates a row says. Empty where it says none: it is there at any time.

    What has a time and no end ends, as far as we know, when it starts. Raises Undatable.
    """
    if written := mapped.joined(cells, "dates", ";"):
        return _written_out(mapped.column("dates"), written, zone)
    column, said = mapped.one(cells, "start")
    end_column, end_said = mapped.one(cells, "end")
    if not said:
        if end_said:
            raise Undatable(end_column, "no-start", end_said)
        return []
    first, start_time, offset = _moment(column, said)
    last, end_time, end_offset = _moment(end_column, end_said) if end_said else (first, None, "")
    start_time, offset = _time(cells, mapped, "start_time", start_time, offset)
    end_time, end_offset = _time(cells, mapped, "end_time", end_time, end_offset)
    if last < first:
        raise Undatable(end_column, "ends-before-start", end_said)
    if end_time is not None and end_time >= LAST_MINUTE:
        end_time = None
    if start_time is None:
        end_time = None
    days = _days(cells, mapped, first, last)
    if start_time is None:
        if days and len({day.weekday() for day in days}) <= MOST_DAYS_APART:
            return [_whole_days(day, day, zone) for day in days]
        return [_whole_days(first, last, zone)]
    if days is None and last > first and end_time is None:
        return [_whole_days(first, last, zone)]
    made = []
    for day in days or [first]:
        start = values.at(day, start_time, offset, zone)
        until = last if not days else day
        end = _end(start, until, end_time, end_offset or offset, zone, minutes)
        if end < start and not end_said:
            # From 22:00 to 2:00.
            end += timedelta(days=1)
        if end < start:
            raise Undatable(
                end_column if end_said else mapped.column("end_time"), "ends-before-start"
            )
        made.append(Date(starts_at=start, ends_at=end))
    return made


def _end(
    start: datetime,
    day: date,
    end_time: time | None,
    offset: str,
    zone: tzinfo,
    minutes: int | None,
) -> datetime:
    if end_time is not None:
        return values.at(day, end_time, offset, zone)
    return start + timedelta(minutes=minutes or 0)


def _moment(column: str, said: str) -> tuple[date, time | None, str]:
    try:
        on, at, offset = values.moment(said)
    except ValueError as error:
        raise Undatable(column, "date", said) from error
    # Many programs write a day as its midnight.
    return (on, None, "") if at == MIDNIGHT and not offset else (on, at, offset)


def _time(
    cells: list[str], mapped: Mapped, field: str, known: time | None, offset: str
) -> tuple[time | None, str]:
    """The time of a column of its own, which says more than the one beside the day."""
    column, said = mapped.one(cells, field)
    if not said:
        return known, offset
    try:
        return values.clock(said)
    except ValueError as error:
        raise Undatable(column, "time", said) from error


def _days(cells: list[str], mapped: Mapped, first: date, last: date) -> list[date] | None:
    """Each day from the first to the last that the row's days of the week name."""
    column, said = mapped.one(cells, "weekdays")
    if not said or last == first:
        return None
    try:
        wanted = values.weekdays(said)
    except ValueError as error:
        raise Undatable(column, "weekdays", said) from error
    left_out_column, left_out = mapped.one(cells, "except_days")
    try:
        without = set(values.days(left_out))
    except ValueError as error:
        raise Undatable(left_out_column, "date", left_out[:80]) from error
    count = (last - first).days + 1
    if count > 20 * MOST_DATES:
        raise Undatable(column, "too-many-dates")
    days = [
        day
        for day in (first + timedelta(days=number) for number in range(count))
        if day.weekday() in wanted and day not in without
    ]
    if len(days) > MOST_DATES:
        if len(wanted) <= MOST_DAYS_APART:
            raise Undatable(column, "too-many-dates")
        # More than a year, nearly each day: that is from one day to another.
        return None
    return days or None


def _written_out(column: str, written: str, zone: tzinfo) -> list[Date]:
    """``start/end`` with ";" between them, each a day or a moment; the end may be left out."""
    found = [part.strip() for part in written.split(";") if part.strip()]
    if len(found) > MOST_DATES:
        raise Undatable(column, "too-many-dates")
    made = []
    for part in found:
        start_said, _slash, end_said = part.partition("/")
        first, start_time, offset = _moment(column, start_said)
        last, end_time, end_offset = _moment(column, end_said or start_said)
        if start_time is None:
            one = _whole_days(first, last, zone) if last >= first else None
        else:
            start = values.at(first, start_time, offset, zone)
            end = values.at(last, end_time or MIDNIGHT, end_offset, zone)
            one = Date(starts_at=start, ends_at=end) if end >= start else None
        if one is None:
            raise Undatable(column, "ends-before-start")
        made.append(one)
    return made


def _whole_days(first: date, last: date, zone: tzinfo) -> Date:
    return Date(
        starts_at=datetime.combine(first, MIDNIGHT, zone),
        ends_at=datetime.combine(last, MIDNIGHT, zone),
        all_day=True,
    )
