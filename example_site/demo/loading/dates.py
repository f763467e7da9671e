"""The demo's dates as the catalogue says them: aware moments, counted from the day of loading."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from example_site.demo import facts
from wagtail_col.catalogue.facts import Date


def date_of(row: facts.Opportunity, place: str) -> Date:
    """The one date of an opportunity.

    The source gives the time of a beginning and never that of an end. So what is on for several
    days counts by its days, and what has a time ends, as far as we know, when it starts.
    """
    zone = ZoneInfo(facts.TIMEZONES[place])
    if row.last_day > row.first_day or not isinstance(row.start, datetime):
        return _days(row.first_day, row.last_day, zone)
    end = row.end if isinstance(row.end, datetime) else row.start
    return Date(starts_at=row.start.replace(tzinfo=zone), ends_at=end.replace(tzinfo=zone))


def dates_of(plan: dict[str, Any], today: date, place: str = "madrid") -> tuple[Date, ...]:
    """Dates of what we made up: ``{"weekday": 0 to 6, "week": ..., "at", "until", "times"}``.

    They lie on the first such weekday after today plus so many weeks, once a week so many times;
    with "days" instead it is one date of so many whole days.
    """
    zone = ZoneInfo(facts.TIMEZONES[place])
    tomorrow = today + timedelta(days=1)
    first = tomorrow + timedelta(
        days=(plan["weekday"] - tomorrow.weekday()) % 7, weeks=plan["week"]
    )
    if "days" in plan:
        return (_days(first, first + timedelta(days=plan["days"] - 1), zone),)
    start, end = (time.fromisoformat(plan[name]) for name in ("at", "until"))
    days = (first + timedelta(weeks=turn) for turn in range(plan["times"]))
    return tuple(
        Date(starts_at=datetime.combine(day, start, zone), ends_at=datetime.combine(day, end, zone))
        for day in days
    )


def _days(first: date, last: date, zone: ZoneInfo) -> Date:
    return Date(
        starts_at=datetime.combine(first, time.min, zone),
        ends_at=datetime.combine(last, time.min, zone),
        all_day=True,
    )
