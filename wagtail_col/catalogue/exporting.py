"""Everything that a search finds, as open data: CSV, GeoJSON and iCalendar, written as it is read.

Whatever the number of opportunities, a batch of them is in memory at a time. Each form names the
licence of the site's data and, with every opportunity, whom to thank for it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from wagtail_col.catalogue import calendar
from wagtail_col.catalogue.api import as_data
from wagtail_col.catalogue.models import Listing, Occurrence
from wagtail_col.catalogue.search import Query
from wagtail_col.conf import settings

BATCH = 500

#: Columns of the CSV, in their order; ``docs/reference/open-data.md`` says what each holds.
COLUMNS = (
    "key", "uri", "url", "source_url", "title", "summary", "language", "kind", "interests",
    "skills",
    "starts_at", "ends_at", "all_day", "more_dates", "is_online", "is_local", "venue", "address",
    "lon", "lat", "territory", "provider", "is_free", "price", "currency", "age_min", "age_max",
    "delivery_languages", "accessibility", "minutes", "modified", "attribution", "licence",
)  # fmt: skip

#: A spreadsheet takes a text that begins like this for a formula and runs it; in some languages
#: also with the wide signs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def licence() -> dict[str, str] | None:
    """Name and address of the licence the site gives its data under, or None."""
    return settings.DATA_LICENCE or None


def as_csv(query: Query) -> Iterator[str]:
    """A row an opportunity, its next date in it. Read by spreadsheets: no text is a formula."""
    writer = csv.writer(_Echo())
    # The mark tells a spreadsheet that this is UTF-8.
    yield "\ufeff" + writer.writerow(COLUMNS)
    name = (licence() or {}).get("url", "")
    for batch in _batches(query):
        for one in as_data(batch):
            yield writer.writerow([_cell(value) for value in _row(one, name)])


def as_geojson(query: Query) -> Iterator[str]:
    """A FeatureCollection (RFC 7946): what is at a known place, with all that is said of it."""
    head = {"type": "FeatureCollection", "licence": licence()}
    yield _json(head)[:-1] + ',"features":['
    separator = ""
    for batch in _batches(query, placed=True):
        for one in as_data(batch):
            place = one["place"]
            point = [place.pop("lon"), place.pop("lat")]
            feature = {
                "type": "Feature",
                "id": one["uri"],
                "geometry": {"type": "Point", "coordinates": point},
                "properties": one,
            }
            yield separator + _json(feature)
            separator = ","
    yield "]}"


def as_icalendar(query: Query) -> Iterator[bytes]:
    """The dates to come of all opportunities (RFC 5545), to be subscribed to."""
    whole = calendar.empty(licence()).to_ical()
    head, end = whole.split(b"END:VCALENDAR")
    yield head
    ahead = Occurrence.objects.filter(ends_at__gte=timezone.now()).order_by("starts_at", "pk")
    for batch in _batches(query, Prefetch("occurrences", ahead, to_attr="dates_ahead")):
        for listing in batch:
            text = listing.text
            for date in listing.dates_ahead[: calendar.MOST_DATES] if text else ():
                yield calendar.event(listing, text, date).to_ical()
    yield b"END:VCALENDAR" + end


def _batches(query: Query, *prefetch: Prefetch, placed: bool = False) -> Iterator[list[Listing]]:
    """The query's listings in its order, in lists of ``BATCH``."""
    found = query.in_order()
    if placed:
        found = found.filter(is_local=True, lon__isnull=False)
    ids = list(found.values_list("pk", flat=True))
    rows = Listing.objects.prefetch_related("texts", *prefetch)
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        listings = rows.in_bulk(part)
        # What was withdrawn meanwhile is left out.
        yield [listings[pk] for pk in part if pk in listings and listings[pk].is_published]


def _row(one: dict[str, Any], licence_url: str) -> list[Any]:
    first = one["dates"][0] if one["dates"] else {}
    place = one["place"] or {}
    said = {
        **one,
        **{name: first.get(name) for name in ("starts_at", "ends_at", "all_day")},
        **{name: place.get(name) for name in ("venue", "address", "lon", "lat")},
        "interests": " ".join(one["interests"]),
        "skills": " | ".join(skill["name"] for skill in one["skills"]),
        "more_dates": max(0, len(one["dates"]) - 1),
        "territory": (one["territory"] or {}).get("name"),
        "provider": (one["provider"] or {}).get("name"),
        "delivery_languages": " ".join(one["delivery_languages"]),
        "accessibility": " ".join(one["accessibility"]),
        "licence": licence_url,
    }
    return [said[column] for column in COLUMNS]


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Echo:
    """What ``csv`` writes to: the line itself comes back."""

    @staticmethod
    def write(line: str) -> str:
        return line
