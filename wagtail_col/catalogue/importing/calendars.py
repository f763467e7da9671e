"""iCalendar (RFC 5545) as a table: an event a row, its repetitions written out as dates.

Repetitions are counted from the first of this month to thirteen months later, so that an event
without an end is not one of a thousand dates, and says the same for a whole month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any

from dateutil.rrule import rruleset, rrulestr
from django.utils import timezone
from icalendar import Calendar, Event

from wagtail_col.catalogue.importing.dating import MOST_DATES
from wagtail_col.catalogue.importing.refusing import ImportRefused
from wagtail_col.catalogue.importing.tables import Row, Table

#: Facts of an event, named as the mapping knows them.
COLUMNS = ["uid", "title", "description", "url", "dates", "venue", "category", "lat", "lon",
           "image"]  # fmt: skip
MOST_ITEMS = 20_000
MONTHS = 13
#: Repetitions that are looked at, also those before this month.
MOST_TURNS = 20_000


def calendar_table(text: str) -> Table:
    """Raises ImportRefused."""
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise ImportRefused("not-calendar") from error
    if not calendars:
        raise ImportRefused("not-calendar")
    if len(events) > MOST_ITEMS:
        raise ImportRefused("too-many-items", most=MOST_ITEMS)
    zone = timezone.get_default_timezone()
    today = timezone.localdate()
    rows = list(_rows(events, zone, today))

    def read() -> Iterator[Row]:
        return iter(rows)

    return Table("calendar", COLUMNS, read)


def _rows(events: list[Event], zone: tzinfo, today: date) -> Iterator[Row]:
    """Events with the same UID are one: what is said of single days of it among them."""
    by_uid: dict[str, list[Event]] = defaultdict(list)
    for number, event in enumerate(events):
        by_uid[_text(event, "UID") or f"no uid {number}"].append(event)
    for number, (uid, together) in enumerate(by_uid.items(), 1):
        main = next((one for one in together if "RECURRENCE-ID" not in one), together[0])
        if _text(main, "STATUS").upper() == "CANCELLED":
            continue
        changed = [one for one in together if one is not main]
        try:
            dates = _dates(main, changed, zone, today)
        except (ValueError, TypeError, OverflowError, AttributeError):
            # Shown as a fault of this row, with what it says.
            dates = _text(main, "RRULE")[:60] or "?"
        if dates is None:
            continue
        lat, lon = _place(main)
        venue = _text(main, "LOCATION")[:255]
        yield (
            number,
            [
                "" if uid.startswith("no uid ") else uid,
                _text(main, "SUMMARY"),
                _text(main, "DESCRIPTION"),
                _text(main, "URL"),
                dates,
                venue,
                _categories(main),
                lat,
                lon,
                _text(main, "IMAGE"),
            ],
        )


def _text(event: Event, name: str) -> str:
    value = event.get(name)
    if value is None:
        return ""
    if isinstance(value, list):
        value = value[0]
    if name == "RRULE":
        return value.to_ical().decode()
    return str(value).strip()


def _categories(event: Event) -> str:
    found = event.get("CATEGORIES")
    many = found if isinstance(found, list) else [found] if found else []
    return ", ".join(str(name) for one in many for name in getattr(one, "cats", [one]))


def _place(event: Event) -> tuple[str, str]:
    geo = event.get("GEO")
    if geo is None or not hasattr(geo, "latitude"):
        return "", ""
    return str(geo.latitude), str(geo.longitude)


def _dates(main: Event, changed: list[Event], zone: tzinfo, today: date) -> str | None:
    """All dates as the column "dates" has them; None when none of them lies ahead."""
    start, end = _span(main)
    moved = {_key(one["RECURRENCE-ID"].dt, zone): one for one in changed if "RECURRENCE-ID" in one}
    starts = _starts(main, start, zone, today)
    spans = []
    for one in starts:
        instead = moved.pop(_key(one, zone), None)
        if instead is None:
            spans.append((one, one + (end - start)))
        elif _text(instead, "STATUS").upper() != "CANCELLED":
            spans.append(_span(instead))
    if not spans:
        return None
    return "; ".join(_said(first, last, zone) for first, last in spans[:MOST_DATES])


def _span(event: Event) -> tuple[Any, Any]:
    if "DTSTART" not in event:
        raise ValueError("no DTSTART")
    start = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
    elif "DURATION" in event:
        end = start + event["DURATION"].dt
    else:
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise ValueError("a day and a moment")
    return start, end


def _starts(event: Event, start: Any, zone: tzinfo, today: date) -> list[Any]:
    """When it begins, each time."""
    if not any(name in event for name in ("RRULE", "RDATE")):
        return [start]
    is_day = not isinstance(start, datetime)
    first = datetime.combine(start, datetime.min.time()) if is_day else start
    # Rules are counted on the clock of the place, also over a change of the clock.
    place = first.tzinfo
    first = first.replace(tzinfo=None)
    rules = rruleset()
    for rule in _list(event, "RRULE"):
        rules.rrule(rrulestr(_local(rule.to_ical().decode(), place), dtstart=first))
    for dates in _list(event, "RDATE"):
        for one in dates.dts:
            rules.rdate(_naive(one.dt[0] if isinstance(one.dt, tuple) else one.dt, place))
    if "RRULE" not in event:
        rules.rdate(first)
    for dates in _list(event, "EXDATE"):
        for one in dates.dts:
            rules.exdate(_naive(one.dt, place))
    since = datetime.combine(today.replace(day=1), datetime.min.time())
    until = since + timedelta(days=31 * MONTHS)
    found = []
    for turn in islice(rules, MOST_TURNS):
        if turn >= until or len(found) >= MOST_DATES:
            break
        if turn >= since:
            found.append(turn)
    return [turn.date() if is_day else turn.replace(tzinfo=place) for turn in found]


def _list(event: Event, name: str) -> list[Any]:
    found = event.get(name)
    return found if isinstance(found, list) else [found] if found is not None else []


def _local(rule: str, place: tzinfo | None) -> str:
    """A rule without zones: its end is written in UTC, its beginning is on the clock of a place."""
    parts = []
    for part in rule.split(";"):
        name, _is, value = part.partition("=")
        if name.upper() == "UNTIL" and value.endswith("Z"):
            moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            value = f"{moment.astimezone(place):%Y%m%dT%H%M%S}"
            part = f"UNTIL={value}"
        parts.append(part)
    return ";".join(parts)


def _naive(moment: Any, place: tzinfo | None) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, datetime.min.time())
    if moment.tzinfo and place:
        moment = moment.astimezone(place)
    return moment.replace(tzinfo=None)


def _key(moment: Any, zone: tzinfo) -> Any:
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _said(start: Any, end: Any, zone: tzinfo) -> str:
    if not isinstance(start, datetime):
        # The day an event ends before.
        last = max(start, end - timedelta(days=1))
        return f"{start.isoformat()}/{last.isoformat()}"
    return f"{_moment(start, zone)}/{_moment(end, zone)}"


def _moment(moment: datetime, zone: tzinfo) -> str:
    """With its offset, which is empty for what is on the clock of whoever reads it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return aware.isoformat(timespec="seconds")
