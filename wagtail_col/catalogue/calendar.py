"""A listing as an iCalendar file (RFC 5545): one event for each date."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from icalendar import Calendar, Event

from wagtail_col.catalogue.models import Listing, ListingText, Occurrence
from wagtail_col.catalogue.presenting import url_of, where_in_words
from wagtail_col.conf import base_url

#: Dates in one file at most; a calendar takes no more sensibly.
MOST_DATES = 400


def calendar(listing: Listing, text: ListingText) -> bytes:
    """The file. Times are in UTC, so that every calendar shows them in its own time zone.

    UIDs are the listing's key and the date's first moment: a file fetched again updates the
    events that are still there. All-day events end on the day after the last (section 3.6.1).
    """
    file = Calendar()
    file.add("prodid", "-//wagtail_col//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    dates = listing.occurrences.filter(ends_at__gte=timezone.now()).order_by("starts_at", "pk")
    for date in dates[:MOST_DATES]:
        file.add_component(_event(listing, text, date))
    return file.to_ical()


def _event(listing: Listing, text: ListingText, date: Occurrence) -> Event:
    utc = ZoneInfo("UTC")
    event = Event()
    event.add("uid", f"{listing.key}-{date.starts_at.astimezone(utc):%Y%m%dT%H%M%SZ}")
    event.add("dtstamp", listing.modified_at.astimezone(utc))
    event.add("last-modified", listing.modified_at.astimezone(utc))
    event.add("sequence", min(listing.revision, 2**31 - 1))
    if date.all_day:
        event.add("dtstart", timezone.localdate(date.starts_at))
        event.add("dtend", timezone.localdate(date.ends_at) + timedelta(days=1))
    else:
        event.add("dtstart", date.starts_at.astimezone(utc))
        if date.ends_at > date.starts_at:
            event.add("dtend", date.ends_at.astimezone(utc))
    event.add("summary", _line(text.title))
    if text.summary:
        event.add("description", text.summary)
    where = ", ".join(filter(None, [where_in_words(listing), listing.address]))
    if where:
        event.add("location", _line(where))
    if listing.point:
        event.add("geo", (listing.lat, listing.lon))
    event.add("url", f"{base_url()}{url_of(listing, text)}")
    return event


def _line(value: str) -> str:
    """One line: a title has no line ends, whatever its source says."""
    return " ".join(value.split())
