"""A listing as an iCalendar file (RFC 5545): one event for each date."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from wagtail_col.catalogue.models import Listing, ListingText, Occurrence
from wagtail_col.catalogue.presenting import url_of, where_in_words
from wagtail_col.conf import base_url, settings

#: Dates in one file at most; a calendar takes no more sensibly.
MOST_DATES = 400


def calendar(listing: Listing, text: ListingText) -> bytes:
    """The file. Times are in UTC, so that every calendar shows them in its own time zone.

    UIDs are the listing's key and the date's first moment: a file fetched again updates the
    events that are still there. All-day events end on the day after the last (section 3.6.1).
    """
    file = empty(settings.DATA_LICENCE or None)
    dates = listing.occurrences.filter(ends_at__gte=timezone.now()).order_by("starts_at", "pk")
    for date in dates[:MOST_DATES]:
        file.add_component(event(listing, text, date))
    return file.to_ical()


def empty(licence: dict[str, str] | None = None) -> Calendar:
    """A calendar without events. ``licence``: name and address, said in its description."""
    file = Calendar()
    file.add("prodid", "-//wagtail_col//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    if licence:
        # RFC 7986, sections 5.2 and 5.5; calendars that do not know them leave them out.
        file.add("description", _line(licence["name"]))
        file.add("url", licence["url"])
    return file


def event(listing: Listing, text: ListingText, date: Occurrence) -> Event:
    """One date of a listing."""
    utc = ZoneInfo("UTC")
    made = Event()
    made.add("uid", f"{listing.key}-{date.starts_at.astimezone(utc):%Y%m%dT%H%M%SZ}")
    made.add("dtstamp", listing.modified_at.astimezone(utc))
    made.add("last-modified", listing.modified_at.astimezone(utc))
    made.add("sequence", min(listing.revision, 2**31 - 1))
    if date.all_day:
        made.add("dtstart", timezone.localdate(date.starts_at))
        made.add("dtend", timezone.localdate(date.ends_at) + timedelta(days=1))
    else:
        made.add("dtstart", date.starts_at.astimezone(utc))
        if date.ends_at > date.starts_at:
            made.add("dtend", date.ends_at.astimezone(utc))
    made.add("summary", _line(text.title))
    # Whom to thank travels with each event: calendars are put together from many.
    credit = listing.attribution and _("Where this comes from:") + f" {listing.attribution}"
    if said := "\n\n".join(filter(None, [text.summary, credit])):
        made.add("description", said)
    where = ", ".join(filter(None, [where_in_words(listing), listing.address]))
    if where:
        made.add("location", _line(where))
    if listing.point:
        made.add("geo", (listing.lat, listing.lon))
    made.add("url", f"{base_url()}{url_of(listing, text)}")
    return made


def _line(value: str) -> str:
    """One line: a title has no line ends, whatever its source says."""
    return " ".join(value.split())
